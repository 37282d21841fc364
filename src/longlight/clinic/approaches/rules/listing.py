"""What the directory says of a clinic, and what a line of a file must hold to become an entry. No database, no clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from longlight.clinic.approaches.rules.gazetteer import Place, Point, named

APPROACHES = ("medicine", "talk-therapy", "experience")
MOST_COMPARED = 3
COLUMNS = (
    "name", "place", "state", "latitude", "longitude", "approaches", "who_is_there", "training", "monitoring",
    "setting", "preparation", "integration", "languages", "step_free", "video_visits", "price_low_usd",
    "price_high_usd", "insurance", "phone", "website", "last_verified",
)  # fmt: skip
NEEDED = ("name", "place", "approaches", "last_verified")
_TEXT_COLUMNS = (
    "who_is_there",
    "training",
    "monitoring",
    "setting",
    "preparation",
    "integration",
    "insurance",
    "phone",
)
MOST_CHARACTERS = 300


@dataclass(frozen=True)
class Entry:
    """A clinic as the directory keeps it. What was not stated stays empty, and pages say so."""

    name: str
    place: str
    state: str
    point: Point
    approaches: tuple[str, ...]
    last_verified: date
    languages: tuple[str, ...] = ()
    step_free: bool | None = None
    video_visits: bool | None = None
    price_low_usd: int | None = None
    price_high_usd: int | None = None
    website: str = ""
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def slug(self) -> str:
        return slug_of(f"{self.name} {self.place} {self.state}")


class Refused(ValueError):
    """A line that cannot become an entry; the sentence says what to change."""


def slug_of(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80]


def read_entry(row: Mapping[str, str], today: date) -> Entry:
    """An entry from one line of a file. Raises `Refused`."""
    said = {name: (row.get(name) or "").strip() for name in COLUMNS}
    for name in NEEDED:
        if not said[name]:
            raise Refused(_("Fill in {name}.").format(name=name))
    if too_long := [name for name, text in said.items() if len(text) > MOST_CHARACTERS]:
        raise Refused(
            _("Shorten {name} to {most} characters.").format(name=too_long[0], most=MOST_CHARACTERS)
        )
    if not slug_of(said["name"]):
        raise Refused(_("Write the name with letters."))
    point, state = _where(said)
    return Entry(
        name=said["name"],
        place=said["place"],
        state=state,
        point=point,
        approaches=_approaches(said["approaches"]),
        last_verified=_verified(said["last_verified"], today),
        languages=tuple(part.strip() for part in said["languages"].split(";") if part.strip()),
        step_free=_yes_no(said, "step_free"),
        video_visits=_yes_no(said, "video_visits"),
        price_low_usd=_dollars(said, "price_low_usd"),
        price_high_usd=_dollars(said, "price_high_usd"),
        website=_website(said["website"]),
        texts=tuple((name, said[name]) for name in _TEXT_COLUMNS),
    )


def _where(said: Mapping[str, str]) -> tuple[Point, str]:
    if said["latitude"] or said["longitude"]:
        try:
            point = Point(float(said["latitude"]), float(said["longitude"]))
        except ValueError:
            raise Refused(
                _("Write latitude and longitude in degrees, such as 43.66 and -70.26.")
            ) from None
        if not (-90 <= point.latitude <= 90 and -180 <= point.longitude <= 180):
            raise Refused(_("Latitude lies from -90 to 90, longitude from -180 to 180."))
        return point, said["state"].upper()
    found = named(f"{said['place']}, {said['state']}" if said["state"] else said["place"])
    if not found:
        raise Refused(
            _("'{place}' is not a known town: give its latitude and longitude.").format(
                place=said["place"]
            )
        )
    if len(found) > 1:
        raise Refused(
            ngettext(
                "There is {count} place called '{place}': give the state.",
                "There are {count} places called '{place}': give the state.",
                len(found),
            ).format(count=len(found), place=said["place"])
        )
    place: Place = found[0]
    return place.point, place.state


def _approaches(text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if unknown := [part for part in parts if part not in APPROACHES]:
        raise Refused(
            _("'{unknown}' is no approach: use {approaches}, with ; between.").format(
                unknown=unknown[0], approaches=", ".join(APPROACHES)
            )
        )
    return tuple(known for known in APPROACHES if known in parts)


def _verified(text: str, today: date) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise Refused(_("Write last_verified as year-month-day, such as 2026-11-02.")) from None
    if on > today:
        raise Refused(_("last_verified lies in the future."))
    return on


def _yes_no(said: Mapping[str, str], name: str) -> bool | None:
    known = {"": None, "yes": True, "no": False}
    if said[name].lower() not in known:
        raise Refused(_("{name} is yes, no, or empty where it is not stated.").format(name=name))
    return known[said[name].lower()]


def _dollars(said: Mapping[str, str], name: str) -> int | None:
    if not said[name]:
        return None
    if not said[name].isascii() or not said[name].isdigit() or len(said[name]) > 6:
        raise Refused(_("Write {name} in whole dollars, such as 450.").format(name=name))
    return int(said[name])


def _website(text: str) -> str:
    if text and not re.fullmatch(r"https://[^\s\"<>]+", text):
        raise Refused(_("Write the website with https:// in front."))
    return text
