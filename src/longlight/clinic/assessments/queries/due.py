"""The one thing that is due for a patient, told as it is: new, still open, or quietly there until it closes."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.assessments.models import AddedRule, DueAssessment
from longlight.clinic.assessments.queries import (
    answerable,
    check_ins,
    clinician_rated,
    filled_by_staff,
    question_count,
    short_title,
)
from longlight.clinic.assessments.queries.planning import rule_of, zone_of
from longlight.clinic.assessments.rules import DueStatus
from longlight.clinic.people.rules import Viewer
from longlight.science.schedules import CountedFrom, Rule, rules_of, usual

ENOUGH_TIMES = 20  # fewer of our own, and no time is told
NEWEST_TIMES = 200
A_SITTING = timedelta(hours=1)  # longer is a pause, not an answer


class Tone(StrEnum):
    """How loudly a card speaks."""

    NEW = "new"
    STILL_OPEN = "still-open"
    SOFT = "soft"  # after some days it only says that it is there


@dataclass(frozen=True)
class DueCard:
    """What Today shows of one check-in."""

    due: DueAssessment
    title: str
    tone: Tone
    why: str
    questions: int
    minutes: int | None
    has_begun: bool
    can_answer: bool
    others: int
    closes_on: date
    closes_clock: datetime | None  # where the patient is; none at the end of a day
    snoozed_until: datetime | None


def due_card(*, viewer: Viewer, patient_id: UUID, at: datetime) -> DueCard | None:
    """The check-in to show now: of those that are open the one that closes first. None when nothing is open."""
    found = open_dues(viewer=viewer, patient_id=patient_id, at=at)
    if not found:
        return None
    due = next((each for each in found if answerable(each.instrument_id)), found[0])
    assert due.closes_at is not None
    zone = zone_of(due.patient)
    closes_at = due.closes_at.astimezone(zone)
    snoozed = due.snoozed_until if due.snoozed_until and due.snoozed_until > at else None
    return DueCard(
        due, short_title(due.instrument_id), _tone(due, at), patient_words(rule_for(due)),
        question_count(due), _minutes(due.instrument_id), due.kept_answers.exists(),
        answerable(due.instrument_id), len(found) - 1, due.closes_on,
        None if closes_at.time() == time.min else closes_at,
        snoozed.astimezone(zone) if snoozed else None,
    )  # fmt: skip


def open_dues(*, viewer: Viewer, patient_id: UUID, at: datetime) -> list[DueAssessment]:
    """Every check-in that this patient can answer now, the one that closes first at the head."""
    found = check_ins(viewer=viewer, patient_id=patient_id).filter(
        status=DueStatus.DUE.value, opens_at__lte=at, closes_at__gt=at
    )
    found = found.exclude(instrument_id__in=clinician_rated())
    return list(found.select_related("patient__clinic").order_by("closes_at", "opens_at", "pk"))


def next_open(due: DueAssessment, at: datetime) -> DueAssessment | None:
    """Another check-in of the same patient that can be answered on a page now."""
    found = DueAssessment.objects.filter(
        patient_id=due.patient_id, status=DueStatus.DUE.value, opens_at__lte=at, closes_at__gt=at
    ).exclude(pk=due.pk)
    found = found.exclude(instrument_id__in=filled_by_staff())
    return found.order_by("closes_at", "opens_at", "pk").first()


def _tone(due: DueAssessment, at: datetime) -> Tone:
    assert due.opens_at is not None
    open_for = at - due.opens_at
    if open_for >= usual().softens_after:
        return Tone.SOFT
    return Tone.STILL_OPEN if open_for >= usual().overdue_after else Tone.NEW


def rule_for(due: DueAssessment) -> Rule | None:
    """The rule by which a check-in was planned; None for one that a person sent."""
    return rules_for([due]).get(due.pk)


def rules_for(dues: list[DueAssessment]) -> dict[UUID, Rule]:
    """The rules by which check-ins were planned, by their ids, in one question to the database."""
    ids = {due.pk: due.plan_key.partition("|")[0] for due in dues if due.plan_key}
    own = [each for each in ids.values() if each.count(":") == 0]
    added = {str(each.pk): rule_of(each) for each in AddedRule.objects.filter(pk__in=own)}
    found = {}
    for pk, rule_id in ids.items():
        rule = added.get(rule_id) or _of_protocol(rule_id)
        if rule is not None:
            found[pk] = rule
    return found


def _of_protocol(rule_id: str) -> Rule | None:
    protocol_id, _colon, rest = rule_id.partition(":")
    version = rest.partition(":")[0]
    if not version:
        return None
    return next((each for each in rules_of(protocol_id, version) if each.id == rule_id), None)


def patient_words(rule: Rule | None) -> str:
    """Why it is asked, in words for who answers."""
    if rule is None:
        return _("Your clinic would like to know how you are.")
    if rule.counted_from is CountedFrom.FIRST_DOSE:
        return _("So that later answers can be compared with how it was before.")
    if rule.offset_h < 0:
        return _("So that the clinic knows how you are before your next treatment.")
    if rule.counted_from is CountedFrom.EACH_DOSE:
        return _("To see how you are after your treatment.")
    return _("To see how you are doing over time.")


def _minutes(instrument_id: str) -> int | None:
    """How long it takes, from how long it took; None until enough people have answered it here."""
    times = DueAssessment.objects.filter(
        instrument_id=instrument_id, status=DueStatus.DONE.value, started_at__isnull=False,
        answered_at__isnull=False, assessment__source="phone",
    ).order_by("-answered_at")  # fmt: skip
    took = [
        answered - started
        for started, answered in times.values_list("started_at", "answered_at")[:NEWEST_TIMES]
        if answered and started and answered - started <= A_SITTING
    ]
    if len(took) < ENOUGH_TIMES:
        return None
    return max(1, round(median(each.total_seconds() for each in took) / 60))
