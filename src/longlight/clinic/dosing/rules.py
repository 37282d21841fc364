"""The states of a dosing session, and what each step needs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from longlight.science.protocols import ConcernLevel, DoseConcern, Reason


class SessionState(StrEnum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    CLEARED = "cleared"
    IN_PROGRESS = "in-progress"
    RECOVERY = "recovery"
    READY_TO_LEAVE = "ready-to-leave"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    NO_SHOW = "no-show"
    STOPPED = "stopped"
    TRANSFERRED = "transferred"
    LEFT_EARLY = "left-early"


NEXT: Mapping[SessionState, frozenset[SessionState]] = {
    SessionState.BOOKED: frozenset(
        {SessionState.ARRIVED, SessionState.CANCELLED, SessionState.NO_SHOW}
    ),
    SessionState.ARRIVED: frozenset(
        {SessionState.CLEARED, SessionState.CANCELLED, SessionState.LEFT_EARLY}
    ),
    SessionState.CLEARED: frozenset(
        {SessionState.IN_PROGRESS, SessionState.CANCELLED, SessionState.LEFT_EARLY}
    ),
    SessionState.IN_PROGRESS: frozenset({SessionState.RECOVERY, SessionState.TRANSFERRED}),
    SessionState.RECOVERY: frozenset(
        {SessionState.READY_TO_LEAVE, SessionState.TRANSFERRED, SessionState.LEFT_EARLY}
    ),
    SessionState.READY_TO_LEAVE: frozenset(
        {
            SessionState.FINISHED,
            SessionState.STOPPED,
            SessionState.RECOVERY,  # a new sign: watched on
            SessionState.TRANSFERRED,
            SessionState.LEFT_EARLY,
        }
    ),
}
ENDED = frozenset(set(SessionState) - set(NEXT))
# While a person is in the chair or resting: vitals are taken and things happen.
WATCHED = frozenset(
    {
        SessionState.ARRIVED,
        SessionState.CLEARED,
        SessionState.IN_PROGRESS,
        SessionState.RECOVERY,
        SessionState.READY_TO_LEAVE,
    }
)


class CannotDo(Exception):
    """The step is refused; the message lists every reason."""


def reasons_not_to_move_on(state: SessionState, to: SessionState) -> list[str]:
    if to in NEXT.get(state, frozenset()):
        return []
    return [f"The session is {state.value}: it cannot become {to.value}."]


def reasons_not_to_order(
    concerns: Sequence[DoseConcern], *, override_reason: str, dose_mg: Decimal
) -> list[str]:
    """A refused dose cannot be ordered by anyone; one that needs an override needs its reason."""
    reasons = []
    if dose_mg <= 0:
        reasons.append("Give a dose above zero.")
    for concern in concerns:
        if concern.level is ConcernLevel.REFUSE:
            reasons.append(concern.reason)
        elif concern.level is ConcernLevel.OVERRIDE and not override_reason.strip():
            reasons.append(f"{concern.reason} Say why it is ordered all the same.")
    return reasons


def reasons_not_to_confirm(
    *, ordered_by: UUID, checked_by: UUID, ordered_mg: Decimal, worked_out_mg: Decimal
) -> list[str]:
    """The second check is independent: another person, who works the dose out anew."""
    reasons = []
    if ordered_by == checked_by:
        reasons.append("Someone other than the person who ordered it checks the dose.")
    if worked_out_mg != ordered_mg:
        reasons.append(
            f"You worked out {worked_out_mg} mg and the order says {ordered_mg} mg: check both before anything is given."
        )
    return reasons


def standing_reasons(reasons: Sequence[Reason], overrides: Mapping[str, str]) -> list[str]:
    """What still closes a gate: a prescriber's reason opens only what may be overridden."""
    return [
        reason.sentence
        for reason in reasons
        if not (reason.may_be_overridden and overrides.get(reason.check_id, "").strip())
    ]


@dataclass(frozen=True)
class Signs:
    """What was measured at one time; None where it was not. A true bad value is always kept."""

    systolic_mmhg: int | None = None
    diastolic_mmhg: int | None = None
    heart_rate_bpm: int | None = None
    oxygen_saturation_percent: int | None = None
    breaths_per_min: int | None = None
    weight_kg: Decimal | None = None
    note: str = ""

    @property
    def is_empty(self) -> bool:
        return all(value is None or value == "" for value in asdict(self).values())
