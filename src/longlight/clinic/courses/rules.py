"""What may happen to a course and to its planned sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

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
        reasons.append("This clinic has not adopted the protocol: a prescriber or director can.")
    if outcome is None:
        reasons.append("No screening decision for this approach yet.")
    elif outcome is not Outcome.FIT:
        reasons.append("The last screening decision for this approach was not 'fit'.")
    if not has_consent:
        reasons.append(f"No signed consent to the current wording of “{wording}”.")
    if has_active_course:
        reasons.append("Another course is running: complete, stop or cancel it first.")
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
        reasons.append(f"This session is {status.value}: only a planned one can be moved.")
    if day < today:
        reasons.append("The day lies in the past.")
    if not reason.strip():
        reasons.append("Say why it is moved.")
    if not limits.hold(day) and not may_override:
        reasons.append(
            f"The protocol asks for {told(limits)}: a prescriber can move it beyond that."
        )
    return reasons


def told(limits: Limits) -> str:
    """The limits in words."""
    if limits.earliest and limits.latest:
        return f"a day from {limits.earliest.isoformat()} to {limits.latest.isoformat()}"
    if limits.earliest:
        return f"a day from {limits.earliest.isoformat()} on"
    return f"a day until {limits.latest.isoformat()}" if limits.latest else "any day"


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
    against = [each for each in reasons_against_days(protocol, after) if each not in stood]
    days = [day for _, day in after]
    if days != sorted(days):
        return ("The doses would not come in their order: choose later days for the later ones.",)
    if against and may_override and reason.strip():
        return ()
    if against:
        against.append(
            "Say why these days are right all the same."
            if may_override
            else "A prescriber can book beyond that, with a reason."
        )
    return tuple(against)


def reasons_not_to_end(status: CourseStatus, reason: str) -> list[str]:
    reasons = []
    if status is not CourseStatus.ACTIVE:
        reasons.append(f"This course is {status.value} already.")
    if not reason.strip():
        reasons.append("Say why.")
    return reasons
