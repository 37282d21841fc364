"""What may happen to a course and to its planned sessions."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from longlight.science.protocols import Outcome, Phase


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
    *, outcome: Outcome | None, has_consent: bool, is_adopted: bool, has_active_course: bool
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
        reasons.append("No signed consent to the current wording for this treatment.")
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


def reasons_not_to_end(status: CourseStatus, reason: str) -> list[str]:
    reasons = []
    if status is not CourseStatus.ACTIVE:
        reasons.append(f"This course is {status.value} already.")
    if not reason.strip():
        reasons.append("Say why.")
    return reasons
