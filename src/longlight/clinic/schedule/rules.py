"""What may be booked, moved and ended; local times and instants; free times. Pure: no clock, no database."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longlight.science.marks import Mark

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)  # outside, a year was mistyped
LONGEST = timedelta(hours=12)  # longer is a slip of the hand: a clinic's day is shorter
STEP = timedelta(minutes=15)  # suggested times stand on the quarter hour


class Kind(StrEnum):
    FIRST_TALK = "first-talk"
    SCREENING = "screening"
    PREPARATION = "preparation"
    DOSING = "dosing"
    THERAPY = "therapy"
    REVIEW = "review"
    AWAY = "away"  # holds a room, a chair or a person for nobody: closed, on leave, being cleaned


class ResourceKind(StrEnum):
    CHAIR = "chair"
    ROOM = "room"
    STAFF = "staff"


class Status(StrEnum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NO_SHOW = "no-show"
    MOVED = "moved"


STATUS_LABELS = {
    Status.BOOKED: gettext_lazy("Booked"),
    Status.ARRIVED: gettext_lazy("Arrived"),
    Status.FULFILLED: gettext_lazy("Done"),
    Status.CANCELLED: gettext_lazy("Cancelled"),
    Status.NO_SHOW: gettext_lazy("Did not come"),
    Status.MOVED: gettext_lazy("Moved"),
}
LIVE = frozenset({Status.BOOKED, Status.ARRIVED, Status.FULFILLED})  # these hold their chair
NEXT: dict[Status, frozenset[Status]] = {
    Status.BOOKED: frozenset({Status.ARRIVED, Status.CANCELLED, Status.NO_SHOW, Status.MOVED}),
    Status.ARRIVED: frozenset({Status.BOOKED, Status.FULFILLED, Status.CANCELLED}),
    Status.FULFILLED: frozenset({Status.ARRIVED}),
    Status.NO_SHOW: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.MOVED: frozenset(),
}
NEEDS_REASON = frozenset({Status.CANCELLED, Status.MOVED})


class Reason(StrEnum):
    """Why an appointment was moved or cancelled."""

    PATIENT_ASKED = "patient-asked"
    ILL = "ill"
    NO_RIDE = "no-ride"
    NOT_FASTED = "not-fasted"
    STAFF_AWAY = "staff-away"
    EQUIPMENT = "equipment"
    WEATHER = "weather"
    BOOKED_BY_MISTAKE = "booked-by-mistake"
    OTHER = "other"


class Which(StrEnum):
    """Which of two equal clock times, on the night when the clocks go back."""

    FIRST = "first"
    SECOND = "second"


class CannotBook(Exception):
    """Why not, in sentences: every reason, not the first."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class CannotChange(CannotBook):
    """The appointment cannot be moved, cancelled or marked so."""


class TimeComesTwice(CannotBook):
    """The clocks go back and this time comes twice: someone has to say which."""


@dataclass(frozen=True, order=True)
class Span:
    """From an instant to a later one, the end outside it."""

    start_at: datetime
    end_at: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.start_at < other.end_at and other.start_at < self.end_at


@dataclass(frozen=True)
class Booking:
    """What somebody wants to book. `id` is made by their page, so that sending it twice books once."""

    id: UUID
    kind: Kind
    start_at: datetime
    length: timedelta
    resource_ids: frozenset[int]
    patient_id: UUID | None = None
    called: str = field(default="", repr=False)  # whom to expect, when not yet a patient
    note: str = field(default="", repr=False)
    plan_id: UUID | None = None  # the planned visit of a course that this is the time of

    @property
    def span(self) -> Span:
        return Span(self.start_at, self.start_at + self.length)


@dataclass(frozen=True)
class Asker:
    """Who books without an account: what an appointment keeps of them."""

    clinic_id: UUID
    account_id: None = None
    name: str = "asked online"


@dataclass(frozen=True)
class UsualLength:
    """How long a kind of appointment usually is and what it holds at least, with its source."""

    kind: Kind
    length: timedelta
    needs: tuple[ResourceKind, ...]
    source: str
    mark: Mark


@cache
def usual_lengths() -> dict[Kind, UsualLength]:
    text = files("longlight.clinic.schedule").joinpath("lengths.toml").read_text(encoding="utf-8")
    return {
        Kind(kind): UsualLength(
            Kind(kind),
            timedelta(minutes=row["length_min"]),
            tuple(ResourceKind(need) for need in row["needs"]),
            row["source"],
            Mark(row["mark"]),
        )
        for kind, row in tomllib.loads(text).items()
    }


def reasons_not_to_book(
    booking: Booking, *, now: datetime, holds: Iterable[ResourceKind]
) -> tuple[str, ...]:
    """Every reason against, apart from what is taken."""
    reasons = []
    held = set(holds)
    if booking.length <= timedelta(0):
        reasons.append(_("Give a length of at least one minute."))
    if booking.length > LONGEST:
        reasons.append(_("An appointment lasts 12 hours at most: make it shorter or book two."))
    if booking.start_at < now:
        reasons.append(_("This time has passed: choose a later one."))
    if not held:
        reasons.append(_("Choose a chair, a room or a person."))
    for need in usual_lengths()[booking.kind].needs if held else ():
        if need not in held:
            reasons.append(str(_NEEDED[need]))
    if booking.kind is Kind.AWAY and booking.patient_id:
        reasons.append(_("Time away is not booked for a patient: choose another kind."))
    if booking.kind is not Kind.AWAY and not (booking.patient_id or booking.called.strip()):
        reasons.append(_("Say who is coming: a patient's number, or a name."))
    return tuple(reasons)


_NEEDED = {
    ResourceKind.CHAIR: gettext_lazy("This kind of appointment needs a chair: choose one."),
    ResourceKind.ROOM: gettext_lazy("This kind of appointment needs a room: choose one."),
    ResourceKind.STAFF: gettext_lazy(
        "This kind of appointment needs a member of staff: choose one."
    ),
}


def reasons_not_to_change(
    old: Status, new: Status, *, reason: Reason | None, text: str
) -> tuple[str, ...]:
    """Every reason why an appointment cannot go from one status to another."""
    reasons = []
    if new not in NEXT[old]:
        reasons.append(
            _("This appointment stands at “{old}” and cannot become “{new}”.").format(
                old=STATUS_LABELS[old], new=STATUS_LABELS[new]
            )
        )
    if new in NEEDS_REASON and reason is None:
        reasons.append(_("Choose a reason."))
    if reason is Reason.OTHER and not text.strip():
        reasons.append(_("Say in words what the reason is."))
    return tuple(reasons)


def instant(day: date, clock: time, zone: str, which: Which | None = None) -> datetime:
    """The instant (UTC) of a local time. Refuses one that the clocks skip, and asks about one that comes twice."""
    local = datetime.combine(day, clock)
    first = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    second = local.replace(tzinfo=ZoneInfo(zone), fold=1)
    said = _("{clock} on {day}").format(
        clock=time_format(clock, "H:i"), day=date_format(day, "l j F Y")
    )
    if first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        raise CannotBook(
            _(
                "{said} does not exist, because the clocks go forward then: choose a time an "
                "hour earlier or later."
            ).format(said=said)
        )
    if first.utcoffset() != second.utcoffset() and which is None:
        raise TimeComesTwice(
            _(
                "{said} comes twice, because the clocks go back then: choose the first or the second."
            ).format(said=said)
        )
    return (second if which is Which.SECOND else first).astimezone(UTC)


def day_span(day: date, zone: str) -> Span:
    """A local day as instants; 23 or 25 hours long when the clocks change."""
    return Span(_local(day, time(0), zone), _local(day + timedelta(days=1), time(0), zone))


def _local(day: date, clock: time, zone: str) -> datetime:
    """The instant of an opening or closing time; a skipped one is read as the clock before the change showed it."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True)
class Hours:
    """When a clinic is open on a weekday (0 is Monday), by its own clock."""

    weekday: int
    opens_at: time
    closes_at: time


def open_spans(hours: Sequence[Hours], zone: str, first: date, days: int) -> Iterator[Span]:
    """The stretches in which the clinic is open, in order."""
    by_weekday: dict[int, list[Hours]] = {}
    for row in sorted(hours, key=lambda row: (row.weekday, row.opens_at)):
        by_weekday.setdefault(row.weekday, []).append(row)
    for number in range(days):
        day = first + timedelta(days=number)
        for row in by_weekday.get(day.weekday(), []):
            span = Span(_local(day, row.opens_at, zone), _local(day, row.closes_at, zone))
            if span.start_at < span.end_at:
                yield span


def openings(
    open_at: Iterable[Span], busy: Iterable[Span], length: timedelta, after: datetime
) -> Iterator[datetime]:
    """Every quarter hour, from `after` on, at which nothing is booked for the whole length."""
    taken = sorted(busy)
    for span in open_at:
        start = _next_quarter(max(span.start_at, after))
        while start + length <= span.end_at:
            wanted = Span(start, start + length)
            clash = next((one for one in taken if one.overlaps(wanted)), None)
            if clash is None:
                yield start
                start += STEP
            else:
                start = _next_quarter(clash.end_at)


def _next_quarter(moment: datetime) -> datetime:
    past = (moment - moment.replace(minute=0, second=0, microsecond=0)) % STEP
    return moment if not past else moment + (STEP - past)
