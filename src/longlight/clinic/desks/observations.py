"""A patient's observations, newest first, a page at a time: every sign that was measured, and every score.

One entry is what was written down at one time (a set of signs, or one score); it is never cut in two by a page.
A page takes two queries, however long the record is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from longlight.clinic.assessments.models import Assessment
from longlight.clinic.assessments.rules import moment_of
from longlight.clinic.dosing.models import Reading
from longlight.clinic.dosing.rules import Signs
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.rules import FactStatus

MOST = 1000
UNDASHED = 32  # digits of an id that was written without dashes
READ_AT_ONCE = 250  # a set of signs holds several observations: a page rarely needs more sets
SIGNS = tuple(field.name for field in fields(Signs) if field.name != "note")
UNITS = {
    "_mmhg": "mmHg",
    "_bpm": "/min",
    "_per_min": "/min",
    "_percent": "%",
    "_kg": "kg",
    "_points": "points",
}


class NoSuchPlace(ValueError):
    """A place in the list that we did not give out, or more at once than there may be."""


class Place(NamedTuple):
    """Where a page begins: after the entry of this time and id."""

    at: datetime
    id: str

    @classmethod
    def read(cls, text: str) -> "Place":
        moment, _between, entry = text.partition("_")
        try:
            at = datetime.fromisoformat(moment.replace(" ", "+"))
            return cls(at.astimezone(UTC), str(UUID(entry)))
        except (ValueError, OverflowError):
            raise NoSuchPlace(
                _("`before` is not a place in this list: take it from `next`, or leave it out.")
            ) from None

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z_{self.id}"


class Entry(NamedTuple):
    """What was written down at one time: each value by its code, such as `systolic_mmhg` or `phq-9`."""

    place: Place
    kind: str  # sign, score
    is_day_only: bool
    values: tuple[tuple[str, float | None], ...]
    note: str
    by_name: str
    status: str
    correction_reason: str

    @property
    def stands(self) -> bool:
        return self.status == FactStatus.FINAL


@dataclass(frozen=True)
class Page:
    """Some entries, newest first, and where the next page begins."""

    entries: tuple[Entry, ...]
    next: Place | None

    @property
    def count(self) -> int:
        return sum(len(entry.values) for entry in self.entries)


def read_limit(text: str, default: int) -> int:
    """How many observations a page holds at most."""
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 1 <= int(text) <= MOST:
        raise NoSuchPlace(_("`limit` is a number from 1 to {most}.").format(most=MOST))
    return int(text)


@cache
def unit_of(code: str) -> str:
    """The unit that a code's name ends with; scores count points."""
    if code not in SIGNS:
        return "points"
    return next(unit for ending, unit in UNITS.items() if code.endswith(ending))


def observations(
    *, viewer: Viewer, patient: Patient, before: Place | None = None, most: int = MOST
) -> Page:
    """One page. The caller asked whether the viewer may open the chart."""
    zone = ZoneInfo(patient.time_zone or patient.clinic.time_zone)
    newest_first = merge(
        _readings(viewer, patient, before),
        _scores(viewer, patient, before, zone),
        key=lambda entry: entry.place,
        reverse=True,
    )
    counted, fitting = 0, list[Entry]()
    for entry in newest_first:  # which reads no further than the page goes
        counted += max(1, len(entry.values))
        if counted > most and fitting:
            return Page(tuple(fitting), fitting[-1].place)
        fitting.append(entry)
    return Page(tuple(fitting), None)


def _readings(viewer: Viewer, patient: Patient, before: Place | None) -> Iterator[Entry]:
    """Sets of signs, newest first."""
    rows = (
        Reading.objects.filter(session__patient_id=patient.pk, session__clinic_id=viewer.clinic_id)
        .order_by("-observed_at", "-key")
        .values_list(
            "observed_at", _text("key"), "note", "by_name", "status", "correction_reason", *SIGNS
        )
    )
    part = (
        rows if before is None else rows.filter(_after("observed_at", before.at, "key", before.id))
    )
    while True:
        found = list(part[:READ_AT_ONCE])
        for at, key, note, name, status, why, *signs in found:
            values = tuple(
                (code, float(value))
                for code, value in zip(SIGNS, signs, strict=True)
                if value is not None
            )
            yield Entry(Place(at, _dashed(key)), "sign", False, values, note, name, status, why)
        if len(found) < READ_AT_ONCE:
            return
        part = rows.filter(_after("observed_at", found[-1][0], "key", found[-1][1]))


def _scores(
    viewer: Viewer, patient: Patient, before: Place | None, zone: ZoneInfo
) -> Iterator[Entry]:
    """Scores, newest first.

    They are put in order a day at a time: within it a wall clock is no order yet (midnight and no clock, an hour that
    is skipped), and a day and a wall clock are a moment only once the zone is known.
    """
    for _on, of_day in groupby(_score_rows(viewer, patient, before, zone), key=itemgetter(0)):
        found = []
        for on, clock, pk, instrument, total, name, status, why in of_day:
            place = Place(moment_of(on, clock).replace(tzinfo=zone).astimezone(UTC), _dashed(pk))
            if before is None or place < before:
                value = ((instrument, total),)
                found.append(Entry(place, "score", clock is None, value, "", name, status, why))
        yield from sorted(found, key=lambda entry: entry.place, reverse=True)


def _score_rows(
    viewer: Viewer, patient: Patient, before: Place | None, zone: ZoneInfo
) -> Iterator[tuple[Any, ...]]:
    rows = (
        Assessment.objects.filter(patient=patient, patient__clinic_id=viewer.clinic_id)
        .order_by("-on", "-id")
        .values_list(
            "on", "clock", _text("id"), "instrument_id", "score__total_points", "entered_by_name",
            "status", "correction_reason",
        )
    )  # fmt: skip
    part = rows if before is None else rows.filter(on__lte=before.at.astimezone(zone).date())
    while True:
        found = list(part[:READ_AT_ONCE])
        yield from found
        if len(found) < READ_AT_ONCE:
            return
        part = rows.filter(_after("on", found[-1][0], "id", found[-1][2]))


def _text(column: str) -> Cast:
    """An id as the database writes it: a thousand are made into objects of Python's only to be written out again."""
    return Cast(column, CharField())


def _dashed(written: str) -> str:
    """SQLite keeps an id without its dashes."""
    if len(written) != UNDASHED:
        return written
    return f"{written[:8]}-{written[8:12]}-{written[12:16]}-{written[16:20]}-{written[20:]}"


def _after(column: str, value: object, id_column: str, entry: str) -> Q:
    """What comes after a row, newest first: an earlier value, or the same one and a smaller id."""
    same = Q(**{column: value, f"{id_column}__lt": UUID(entry)})
    return Q(**{f"{column}__lt": value}) | same
