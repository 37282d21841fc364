"""Towns of the United States with the point that stands for each (GeoNames, CC BY 4.0: `places/NOTICE.md`)."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt

EARTH_MILES = 3958.8  # mean radius
KM_PER_MILE = 1.609344


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
        return f"{self.name}, {self.state}"


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


@cache
def _by_name() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    shipped = files("longlight.clinic.approaches.rules") / "places" / "us-places.csv"
    for row in csv.DictReader(shipped.read_text(encoding="utf-8").splitlines()):
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
