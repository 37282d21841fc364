"""The states of a dosing session, and what each step needs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from longlight.science import protocols
from longlight.science.protocols import ConcernLevel, DoseConcern, Reason
from longlight.science.protocols.model import Monitoring


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


STATE_WORDS = {
    SessionState.BOOKED: gettext_lazy("Booked"),
    SessionState.ARRIVED: gettext_lazy("Arrived"),
    SessionState.CLEARED: gettext_lazy("Cleared to start"),
    SessionState.IN_PROGRESS: gettext_lazy("Dosing"),
    SessionState.RECOVERY: gettext_lazy("Recovery"),
    SessionState.READY_TO_LEAVE: gettext_lazy("Ready to leave"),
    SessionState.FINISHED: gettext_lazy("Finished"),
    SessionState.CANCELLED: gettext_lazy("Cancelled"),
    SessionState.NO_SHOW: gettext_lazy("Did not come"),
    SessionState.STOPPED: gettext_lazy("Stopped"),
    SessionState.TRANSFERRED: gettext_lazy("Transferred"),
    SessionState.LEFT_EARLY: gettext_lazy("Left early"),
}
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
# Something was given, or somebody was watched: the record of such a day is read over and signed.
TO_BE_SIGNED = (
    SessionState.FINISHED,
    SessionState.STOPPED,
    SessionState.TRANSFERRED,
    SessionState.LEFT_EARLY,
)
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
    return [
        _("The session stands at “{state}”: it cannot become “{to}”.").format(
            state=STATE_WORDS[state], to=STATE_WORDS[to]
        )
    ]


def reasons_not_to_sign(state: SessionState) -> list[str]:
    if state in TO_BE_SIGNED:
        return []
    return [
        _("The session stands at “{state}”: its record is signed once it has ended.").format(
            state=STATE_WORDS[state]
        )
    ]


def reasons_not_to_order(
    concerns: Sequence[DoseConcern], *, override_reason: str, dose_mg: Decimal
) -> list[str]:
    """A refused dose cannot be ordered by anyone; one that needs an override needs its reason."""
    reasons = []
    if dose_mg <= 0:
        reasons.append(_("Give a dose above zero."))
    for concern in concerns:
        if concern.level is ConcernLevel.REFUSE:
            reasons.append(concern.reason.said(_))
        elif concern.level is ConcernLevel.OVERRIDE and not override_reason.strip():
            reasons.append(
                _("{reason} Say why it is ordered all the same.").format(
                    reason=concern.reason.said(_)
                )
            )
    return reasons


def reasons_not_to_confirm(
    *, ordered_by: UUID, checked_by: UUID, ordered_mg: Decimal, worked_out_mg: Decimal
) -> list[str]:
    """The second check is independent: another person, who works the dose out anew."""
    reasons = []
    if ordered_by == checked_by:
        reasons.append(_("Someone other than the person who ordered it checks the dose."))
    if worked_out_mg != ordered_mg:
        reasons.append(
            _(
                "You worked out {worked_out_mg} mg and the order says {ordered_mg} mg: check "
                "both before anything is given."
            ).format(worked_out_mg=worked_out_mg, ordered_mg=ordered_mg)
        )
    return reasons


def standing_reasons(reasons: Sequence[Reason], overrides: Mapping[str, str]) -> list[str]:
    """What still closes a gate: a prescriber's reason opens only what may be overridden."""
    return [
        reason.sentence.said(_)
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
    sedation_points: int | None = None
    dissociation_points: int | None = None

    @property
    def is_empty(self) -> bool:
        return all(value is None or value == "" for value in asdict(self).values())


# The sign that the watch rules and the plausible values know each column by.
SIGN_IDS: Mapping[str, str] = {
    "systolic_mmhg": "systolic",
    "diastolic_mmhg": "diastolic",
    "heart_rate_bpm": "heart-rate",
    "oxygen_saturation_percent": "oxygen-saturation",
    "breaths_per_min": "respiratory-rate",
    "sedation_points": "sedation",
    "dissociation_points": "dissociation",
    "weight_kg": "weight",
}


def questions_about(signs: Signs) -> dict[str, str]:
    """What to ask about each value that is unlikely, by its column. What is true is then kept as it is."""
    likely = protocols.plausible_values()
    asked = {
        column: likely[sign_id].question(Decimal(value))
        for column, sign_id in SIGN_IDS.items()
        if (value := getattr(signs, column)) is not None
    }
    if signs.systolic_mmhg and signs.diastolic_mmhg and signs.diastolic_mmhg >= signs.systolic_mmhg:
        asked["diastolic_mmhg"] = _(
            "Diastolic {diastolic_mmhg} is not under systolic {systolic_mmhg}: is that right?"
        ).format(diastolic_mmhg=signs.diastolic_mmhg, systolic_mmhg=signs.systolic_mmhg)
    return {column: question for column, question in asked.items() if question}


class HappeningKind(StrEnum):
    """What is noted with one tap while a person is watched."""

    NAUSEA = "nausea"
    ANXIETY = "anxiety"
    DISSOCIATION = "dissociation"
    ANTIEMETIC_GIVEN = "antiemetic-given"
    RECHECK = "recheck"
    THERAPIST_IN = "therapist-in"
    THERAPIST_OUT = "therapist-out"
    PAUSED = "paused"
    RESUMED = "resumed"
    RATE_CHANGED = "rate-changed"
    ACKNOWLEDGED = "acknowledged"


OF_THE_PUMP = frozenset({HappeningKind.PAUSED, HappeningKind.RESUMED, HappeningKind.RATE_CHANGED})
UNDONE = gettext_noop("Undone at once.")  # kept so, and translated where it is shown
UNDO_WITHIN = timedelta(seconds=10)
ON_THE_WAY = timedelta(seconds=5)  # what a tap may take to arrive
SILENT_FOR = timedelta(
    minutes=2
)  # an alarm that somebody has seen is quiet so long, and comes back
NEAR_A_CHECKPOINT = timedelta(minutes=5)  # signs taken this much earlier are that checkpoint's


@dataclass(frozen=True)
class PumpStep:
    """From when the pump ran at which rate; 0 is a pause."""

    at: datetime
    rate_mg_per_min: Decimal


def reasons_not_to_note(
    kind: HappeningKind,
    state: SessionState,
    steps: Sequence[PumpStep],
    rate_mg_per_min: Decimal | None,
) -> list[str]:
    """A pump is paused, resumed or changed only while it gives a dose, and a pause is ended by resuming."""
    if kind not in OF_THE_PUMP:
        watched = state in WATCHED
        return (
            []
            if watched
            else [
                _("The session stands at “{state}”: nothing more is noted in it.").format(
                    state=STATE_WORDS[state]
                )
            ]
        )
    if state is not SessionState.IN_PROGRESS:
        return [_("No dose is being given now.")]
    if not steps:
        return [_("This dose is not given by a pump.")]
    is_paused = steps[-1].rate_mg_per_min == 0
    if kind is HappeningKind.PAUSED and is_paused:
        return [_("It is paused already.")]
    if kind is HappeningKind.RESUMED and not is_paused:
        return [_("It is running: there is no pause to end.")]
    if kind is HappeningKind.RATE_CHANGED:
        if is_paused:
            return [_("It is paused: resume it first.")]
        if rate_mg_per_min is None or rate_mg_per_min <= 0:
            return [_("Type the new rate in mg per minute, above zero; to halt it, pause.")]
    return []


def steps_after(
    steps: Sequence[PumpStep], kind: HappeningKind, at: datetime, rate_mg_per_min: Decimal | None
) -> list[PumpStep]:
    """The pump's steps with one more. Resuming goes back to the rate before the pause."""
    if kind is HappeningKind.PAUSED:
        rate = Decimal(0)
    elif kind is HappeningKind.RESUMED:
        rate = next(s.rate_mg_per_min for s in reversed(steps) if s.rate_mg_per_min > 0)
    else:
        rate = rate_mg_per_min or steps[-1].rate_mg_per_min
    return [*steps, PumpStep(max(at, steps[-1].at + timedelta(seconds=1)), rate)]


def signs_due_at(
    monitoring: Monitoring,
    state: SessionState,
    *,
    started_at: datetime | None,
    taken_at: datetime | None,
) -> datetime | None:
    """When the next signs are due by the protocol's watch; None where it asks for none now.

    `taken_at` is when signs were last taken. An interval counts from then, or from the dose's beginning; a protocol
    with checkpoints asks at each, in minutes since the dose began.
    """
    if started_at is None or state not in {SessionState.IN_PROGRESS, SessionState.RECOVERY}:
        return None
    is_running = state is SessionState.IN_PROGRESS
    interval = monitoring.during_every if is_running else monitoring.after_every
    if interval is not None:
        since = max(taken_at, started_at) if taken_at else started_at
        return since + timedelta(minutes=int(interval.value))
    for checkpoint in monitoring.checkpoints:
        due_at = started_at + timedelta(minutes=int(checkpoint.value))
        if taken_at is None or taken_at < due_at - NEAR_A_CHECKPOINT:
            return due_at
    return None


class AlarmPriority(StrEnum):
    """Familiar from bedside monitors; always with its word and shape."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Alarm:
    """Something that calls someone to the chair: why, what to do, what it rests on, and who has seen it."""

    id: str
    priority: AlarmPriority
    sentence: str
    action: str
    source: str = ""
    seen_by: str = ""
    seen_at: datetime | None = None

    def is_silent(self, at: datetime) -> bool:
        return self.seen_at is not None and at < self.seen_at + SILENT_FOR


def in_order(alarms: Sequence[Alarm], at: datetime) -> list[Alarm]:
    """The loudest first: high before medium before low, and of one priority those that nobody has seen."""
    rank = list(AlarmPriority)
    return sorted(alarms, key=lambda alarm: (rank.index(alarm.priority), alarm.is_silent(at)))
