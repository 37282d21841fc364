"""What may happen to a course and to its planned sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longlight.science.protocols import Outcome, Phase, Protocol
from longlight.science.protocols.planning import reasons_against_days


class CourseStatus(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class SessionStatus(StrEnum):
    PLANNED = "planned"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


COURSE_WORDS = {
    CourseStatus.ACTIVE: gettext_lazy("under way"),
    CourseStatus.COMPLETED: gettext_lazy("completed"),
    CourseStatus.STOPPED: gettext_lazy("stopped"),
    CourseStatus.CANCELLED: gettext_lazy("cancelled before it began"),
}
STATUS_WORDS = {
    SessionStatus.PLANNED: gettext_lazy("planned"),
    SessionStatus.DONE: gettext_lazy("done"),
    SessionStatus.MISSED: gettext_lazy("did not happen"),
    SessionStatus.CANCELLED: gettext_lazy("cancelled"),
}


class CannotPlan(Exception):
    """The plan cannot be made or changed so; the message lists every reason."""


@dataclass(frozen=True)
class Limits:
    """The days between which a dose should lie, from the dose before it; None where the protocol sets none."""

    earliest: date | None
    latest: date | None

    def hold(self, day: date) -> bool:
        return (self.earliest is None or day >= self.earliest) and (
            self.latest is None or day <= self.latest
        )


def limits_after(previous_dose: date | None, phase: Phase) -> Limits:
    if previous_dose is None:
        return Limits(None, None)
    return Limits(
        previous_dose + timedelta(days=int(phase.min_gap.value)) if phase.min_gap else None,
        previous_dose + timedelta(days=int(phase.max_gap.value)) if phase.max_gap else None,
    )


# Nobody plans so far ahead: it is a year that was mistyped.
FURTHEST_AHEAD = timedelta(days=731)


def reasons_against_far_day(day: date, today: date) -> list[str]:
    if day - today > FURTHEST_AHEAD:
        return [_("The day lies more than two years ahead: check the year.")]
    return []


def reasons_not_to_start_course(
    *,
    outcome: Outcome | None,
    has_consent: bool,
    wording: str,
    is_adopted: bool,
    has_active_course: bool,
) -> list[str]:
    """Every reason why no course can be made now."""
    reasons = []
    if not is_adopted:
        reasons.append(_("This clinic has not adopted the protocol: a prescriber or director can."))
    if outcome is None:
        reasons.append(_("No screening decision for this approach yet."))
    elif outcome is not Outcome.FIT:
        reasons.append(_("The last screening decision for this approach was not 'fit'."))
    if not has_consent:
        reasons.append(
            _("No signed consent to the current wording of “{wording}”.").format(wording=wording)
        )
    if has_active_course:
        reasons.append(_("Another course is running: complete, stop or cancel it first."))
    return reasons


def reasons_not_to_move(
    *,
    status: SessionStatus,
    day: date,
    today: date,
    limits: Limits,
    reason: str,
    may_override: bool,
) -> list[str]:
    """Every reason why a session cannot be moved to `day`. Beyond the protocol's gaps a prescriber must say why."""
    reasons = []
    if status is not SessionStatus.PLANNED:
        reasons.append(
            _("This session stands at “{status}”: only a planned one can be moved.").format(
                status=STATUS_WORDS[status]
            )
        )
    if day < today:
        reasons.append(_("The day lies in the past."))
    reasons += reasons_against_far_day(day, today)
    if not reason.strip():
        reasons.append(_("Say why it is moved."))
    if not limits.hold(day) and not may_override:
        reasons.append(_beyond(limits))
    return reasons


def _beyond(limits: Limits) -> str:
    """Which days the protocol asks for, and who can choose another."""
    told = _("The protocol asks for a day until {latest}: a prescriber can move it beyond that.")
    if limits.earliest and limits.latest:
        told = _(
            "The protocol asks for a day from {earliest} to {latest}: a prescriber can move it "
            "beyond that."
        )
    elif limits.earliest:
        told = _(
            "The protocol asks for a day from {earliest} on: a prescriber can move it beyond that."
        )
    return told.format(earliest=limits.earliest, latest=limits.latest)


@dataclass(frozen=True)
class VisitTime:
    """When one planned visit is wished to be, and what it holds. `day` is `start_at` by the clinic's calendar."""

    session_id: UUID
    start_at: datetime
    day: date
    resource_ids: frozenset[int]


class CannotBookSeries(CannotPlan):
    """Nothing of the series is booked. `by_visit` says why, visit by visit; `common` what speaks against the whole."""

    def __init__(self, by_visit: Mapping[UUID, tuple[str, ...]], common: tuple[str, ...] = ()):
        self.by_visit = dict(by_visit)
        self.common = common
        told = dict.fromkeys([*common, *(why for each in by_visit.values() for why in each)])
        super().__init__(" ".join(told))


def reasons_against_series(
    protocol: Protocol,
    before: Sequence[tuple[str, date]],
    after: Sequence[tuple[str, date]],
    *,
    reason: str,
    may_override: bool,
) -> tuple[str, ...]:
    """What the doses' new days bring that speaks against them: gaps too short or too long, doses out of order.

    Each is a phase's id and a day, by the doses' numbers. A prescriber may go on, with a reason.
    """
    stood = set(reasons_against_days(protocol, before))
    brought = [each for each in reasons_against_days(protocol, after) if each not in stood]
    against = [each.said(_) for each in brought]
    days = [day for _phase, day in after]
    if days != sorted(days):
        return (
            _("The doses would not come in their order: choose later days for the later ones."),
        )
    if against and may_override and reason.strip():
        return ()
    if against:
        against.append(
            _("Say why these days are right all the same.")
            if may_override
            else _("A prescriber can book beyond that, with a reason.")
        )
    return tuple(against)


def reasons_not_to_end(status: CourseStatus, reason: str) -> list[str]:
    reasons = []
    if status is not CourseStatus.ACTIVE:
        reasons.append(
            _("This course stands at “{status}” already.").format(status=COURSE_WORDS[status])
        )
    if not reason.strip():
        reasons.append(_("Say why."))
    return reasons
