"""Towns and ZIP codes of the United States, each with the point that stands for it.

Towns are GeoNames' (CC BY 4.0), ZIP codes the Census Bureau's (public domain): `places/NOTICE.md` says which, and what was changed.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt

EARTH_MILES = 3958.8  # mean radius
KM_PER_MILE = 1.609344
ZIP = re.compile(r"([0-9]{5})(?:-[0-9]{4})?")


@dataclass(frozen=True, slots=True)
class Point:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    state: str
    point: Point
    population: int

    def __str__(self) -> str:
        return f"{self.name}, {self.state}" if self.state else self.name


def meant(text: str) -> tuple[Place, ...]:
    """The places that a person may mean: one for a ZIP code ("04101" or "04101-2233"), else the towns of that name."""
    code = ZIP.fullmatch(text.strip())
    if code is None:
        return named(text)
    point = _by_zip().get(code[1])
    return () if point is None else (Place(f"ZIP {code[1]}", "", point, 0),)


def is_zip(text: str) -> bool:
    return ZIP.fullmatch(text.strip()) is not None


def named(text: str) -> tuple[Place, ...]:
    """The places that a person may mean, the largest first: "Portland", or "Portland, ME" for one of them."""
    name, _, state = text.partition(",")
    found = _by_name().get(_key(name), ())
    wanted = state.strip().upper()
    return tuple(place for place in found if not wanted or place.state == wanted)


def miles_between(one: Point, other: Point) -> float:
    """Along a great circle (haversine)."""
    north = radians(other.latitude - one.latitude)
    east = radians(other.longitude - one.longitude)
    lift = (
        sin(north / 2) ** 2
        + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    )
    return 2 * EARTH_MILES * asin(sqrt(min(1.0, lift)))


def _rows(name: str) -> Iterator[dict[str, str]]:
    shipped = files("longlight.clinic.approaches.rules") / "places" / name
    yield from csv.DictReader(shipped.read_text(encoding="utf-8").splitlines())


@cache
def _by_zip() -> dict[str, Point]:
    return {
        row["zip"]: Point(float(row["latitude"]), float(row["longitude"]))
        for row in _rows("us-zips.csv")
    }


@cache
def _by_name() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for row in _rows("us-places.csv"):
        point = Point(float(row["latitude"]), float(row["longitude"]))
        place = Place(row["name"], row["state"], point, int(row["population"]))
        found.setdefault(_key(place.name), []).append(place)
    return {
        key: tuple(sorted(places, key=lambda place: -place.population))
        for key, places in found.items()
    }


def _key(name: str) -> str:
    words = re.sub(r"[^a-z0-9 ]", " ", name.casefold()).split()
    short = {"saint": "st", "mount": "mt", "fort": "ft"}
    return " ".join(short.get(word, word) for word in words)
