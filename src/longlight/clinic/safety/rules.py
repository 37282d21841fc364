"""What may happen to an alert: new, claimed, contacted, closed; each step by a named person."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

# The names of what is queued about an alert; its id follows in the key.
ESCALATE = "escalate-alert"
TELL = "tell-alert"


class Priority(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class AlertStatus(StrEnum):
    NEW = "new"
    CLAIMED = "claimed"
    CONTACTED = "contacted"
    CLOSED = "closed"


class ContactResult(StrEnum):
    REACHED = "reached"
    NO_ANSWER = "no-answer"
    LEFT_MESSAGE = "left-message"


class Outcome(StrEnum):
    ASSESSED = "structured-assessment-done"
    PLAN_UPDATED = "safety-plan-updated"
    ESCALATED = "escalated"
    NO_FURTHER_ACTION = "no-further-action"


class EventKind(StrEnum):
    RAISED = "raised"
    ANSWER_CHANGED = "answer-changed"
    CLAIMED = "claimed"
    CONTACT = "contact"
    OUTCOME = "outcome"
    ESCALATED = "escalated"
    TOLD = "told"  # somebody on duty, or on call, was written to
    NOT_TOLD = "not-told"  # they have no address that can be used


class CannotChange(Exception):
    """The alert is not in a state for this step; the sentence says what to do instead."""


@dataclass(frozen=True)
class Finding:
    """What an answer showed: the rule that fired, in the words of its instrument's definition."""

    rule_id: str  # such as phq-9:item-9
    priority: Priority
    instrument_id: str
    item_number: int
    answer: str  # the label chosen, or the number where the wording may not be shipped
    source_id: UUID  # the assessment in which it was chosen
    chosen_at: datetime | None = None  # where a device says so: it may have had to wait


NEXT_STATUS = {
    EventKind.CLAIMED: AlertStatus.CLAIMED,
    EventKind.CONTACT: AlertStatus.CONTACTED,
    EventKind.OUTCOME: AlertStatus.CLOSED,
}


def reasons_not_to_claim(status: AlertStatus) -> list[str]:
    if status is AlertStatus.CLOSED:
        return [_("This alert is closed.")]
    return []


def reasons_not_to_log_contact(
    status: AlertStatus, claimed_by: UUID | None, by: UUID | None
) -> list[str]:
    reasons = []
    if status is AlertStatus.CLOSED:
        reasons.append(_("This alert is closed."))
    if status is AlertStatus.NEW:
        reasons.append(_("Claim the alert first, so that others know who is calling."))
    elif claimed_by != by:
        reasons.append(_("Someone else has claimed this alert: claim it yourself to take it over."))
    return reasons


def reasons_not_to_close(
    status: AlertStatus, claimed_by: UUID | None, by: UUID | None, outcome: Outcome, reason: str
) -> list[str]:
    """Every reason why this outcome cannot be recorded now. No contact is needed only to say why there was none."""
    reasons = reasons_not_to_log_contact(status, claimed_by, by)
    if status is AlertStatus.CLAIMED and outcome is not Outcome.ESCALATED:
        reasons.append(_("Log a contact, or an attempt, before the outcome."))
    if outcome is Outcome.NO_FURTHER_ACTION and not reason.strip():
        reasons.append(_("Say why nothing further is needed."))
    return reasons


def claim_due_at(raised_at: datetime, target_min: int | None) -> datetime | None:
    """When the clinic's own target to claim runs out; None where the clinic has set none."""
    return None if target_min is None else raised_at + timedelta(minutes=target_min)


LONGEST_TARGET_MIN = 14 * 24 * 60
DAYS_AHEAD = 8


@dataclass(frozen=True)
class Times:
    """A clinic's own times: minutes to claim an alert, who is told if it is not, who out of hours."""

    claim_high_min: int
    claim_medium_min: int
    claim_low_min: int
    backup_id: UUID
    on_call_id: UUID | None
    out_of_hours: str


@dataclass(frozen=True)
class Shift:
    """A weekly stretch in which somebody reads alerts, by the clinic's own clock."""

    weekday: int  # 0 is Monday
    begins_at: time
    ends_at: time
    account_id: UUID


def reasons_not_to_set_times(times: Times, *, all_known: bool) -> list[str]:
    """Every reason why these cannot be a clinic's times."""
    reasons = []
    minutes = (times.claim_high_min, times.claim_medium_min, times.claim_low_min)
    if not all(0 < each <= LONGEST_TARGET_MIN for each in minutes):
        reasons.append(_("Give at least 1 minute, and at most 14 days."))
    if list(minutes) != sorted(minutes):
        reasons.append(_("A graver alert cannot have longer to be claimed than a lesser one."))
    if not all_known:
        reasons.append(_("Choose people who work on alerts at this clinic."))
    if not times.out_of_hours.strip():
        reasons.append(_("Say what holds when nobody reads: patients are shown it."))
    return reasons


def reasons_not_to_add_shift(shift: Shift, *, is_known: bool) -> list[str]:
    """Every reason why this is no stretch of duty."""
    reasons = []
    if shift.ends_at <= shift.begins_at:
        reasons.append(_("The stretch ends before it begins: a night is two stretches."))
    if not is_known:
        reasons.append(_("Choose somebody who works on alerts at this clinic."))
    return reasons


def on_duty(shifts: Iterable[Shift], here: datetime) -> frozenset[UUID]:
    """Who reads alerts at this moment of the clinic's clock."""
    return frozenset(
        shift.account_id
        for shift in shifts
        if shift.weekday == here.weekday() and shift.begins_at <= here.time() < shift.ends_at
    )


def read_by(shifts: Sequence[Shift], here: datetime, target_min: int) -> datetime | None:
    """By when somebody on duty has read what comes now, if they keep the clinic's own target; None: nobody says.

    The target runs while the stretch lasts; what does not fit into it is for the stretch after.
    """
    target = timedelta(minutes=target_min)
    for day in range(DAYS_AHEAD):
        on = here.date() + timedelta(days=day)
        today = [shift for shift in shifts if shift.weekday == on.weekday()]
        for shift in sorted(today, key=lambda each: each.begins_at):
            begins = datetime.combine(on, shift.begins_at, here.tzinfo)
            ends = datetime.combine(on, shift.ends_at, here.tzinfo)
            by = max(begins, here) + target
            if by <= ends:
                return by
    return None


class PlanStep(StrEnum):
    """The six steps of a safety plan, by what they are for (Stanley and Brown 2012)."""

    SIGNS = "signs"
    ALONE = "alone"
    DISTRACTION = "distraction"
    HELPERS = "helpers"
    PROFESSIONALS = "professionals"
    SURROUNDINGS = "surroundings"


# In these a telephone number becomes a button to call.
STEPS_TO_CALL = frozenset({PlanStep.DISTRACTION, PlanStep.HELPERS, PlanStep.PROFESSIONALS})
LONGEST_STEP_CHARACTERS = 2000
FEWEST_DIGITS, MOST_DIGITS = 7, 15
SHORT_NUMBERS = frozenset({"988", "911", "112"})
_NUMBER = re.compile(r"(?<![\w+])\+?\(?\d[\d ().-]*\d")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[.]\d{1,2}[.]\d{2,4}")


@dataclass(frozen=True)
class PlanLine:
    """One line of a plan in its writer's words; `number` where it can be called."""

    text: str
    number: str = ""


def number_to_call(line: str) -> str:
    """The telephone number that stands in a line, as a phone dials it; empty where there is none."""
    for found in _NUMBER.finditer(line):
        said = found.group()
        digits = "".join(c for c in said if c.isdigit() and c.isascii())
        if _DAY.fullmatch(said):
            continue
        if digits in SHORT_NUMBERS or FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
            return f"+{digits}" if said.startswith("+") else digits
    return ""


def plan_lines(step: PlanStep, text: str) -> tuple[PlanLine, ...]:
    """What stands in a step, line by line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if step not in STEPS_TO_CALL:
        return tuple(PlanLine(line) for line in lines)
    return tuple(PlanLine(line, number_to_call(line)) for line in lines)


def reasons_not_to_keep_plan(steps: Mapping[PlanStep, str]) -> list[str]:
    """Every reason why a plan is not kept. No step must be filled in, but one of them."""
    reasons = []
    if not any(text.strip() for text in steps.values()):
        reasons.append(_("Nothing is written yet: write something in one of the steps."))
    if any(len(text) > LONGEST_STEP_CHARACTERS for text in steps.values()):
        reasons.append(
            _("Write at most {most} characters in a step.").format(most=LONGEST_STEP_CHARACTERS)
        )
    return reasons


class PlanChanged(Exception):
    """Somebody kept a newer version while this one was being written; the sentence says what to do."""
