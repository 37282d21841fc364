"""Staff type what a patient says or has written on paper, and clinicians their own ratings. Who typed and who rated stays."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from longlight.clinic.assessments.actions.scores import FilledIn, record_assessment, today_of
from longlight.clinic.assessments.models import Assessment, DueAssessment, HandEntry
from longlight.clinic.assessments.queries.planning import zone_of
from longlight.clinic.assessments.rules import (
    CannotRecord,
    DueStatus,
    HandWay,
    Source,
    reasons_not_to_enter,
)
from longlight.clinic.people.access import require_chart, require_role
from longlight.clinic.people.actions import finish_links
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import CHART_ROLES, LinkPurpose, Viewer
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.science import instruments
from longlight.science.schedules import instant, usual

SOURCES = {
    HandWay.WITH_PATIENT: Source.INTERVIEW,
    HandWay.PAPER: Source.PAPER,
    HandWay.RATING: Source.RATING,
}


@dataclass(frozen=True)
class Entry:
    """What staff typed: the answers as filled in, how they came, and who rated where a clinician did."""

    filled_in: FilledIn
    way: HandWay
    rated_by_name: str = ""


def enter_by_hand(*, patient_id: UUID, entry: Entry, viewer: Viewer, at: datetime) -> Assessment:
    """Keep it with its score and alerts, and settle the check-in that asked for it. The same id again is the same entry.

    Raises `CannotRecord`, or what the instrument says of an answer that it cannot take.
    """
    require_role(viewer, *CHART_ROLES)
    patient = require_chart(viewer, patient_id, at)
    filled_in = entry.filled_in
    before = Assessment.objects.filter(pk=filled_in.id, patient=patient).first()
    if before is not None:
        return before
    instrument = instruments.get(filled_in.instrument_id)
    rater = (entry.rated_by_name.strip() or viewer.name) if entry.way is HandWay.RATING else ""
    reasons = reasons_not_to_enter(
        way=entry.way, is_self_rated=instrument.completed_by == "patient",
        has_answer=filled_in.answers is None
        or any(value is not None for value in filled_in.answers.values()),
    )  # fmt: skip
    if reasons:
        raise CannotRecord(" ".join(reasons))
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient.pk)
        assessment = record_assessment(
            patient_id=patient.id, filled_in=filled_in, viewer=viewer, at=at
        )
        HandEntry.objects.create(
            assessment=assessment, way=entry.way.value, typed_at=at,
            typed_by_id=viewer.account_id, typed_by_name=viewer.name[:200],
            rated_by_name=rater[:200],
        )  # fmt: skip
        _settle(pen, patient, assessment)
    return assessment


def source_of(way: HandWay) -> Source:
    return SOURCES[way]


def _settle(pen: Pen, patient: Patient, assessment: Assessment) -> None:
    """The check-in in whose window it was filled in is answered, also when it had been recorded as missed since."""
    zone = zone_of(patient)
    answered_at = instant(assessment.on, assessment.clock or usual().clock, zone)
    if assessment.on == today_of(patient, pen.at) and assessment.clock is None:
        answered_at = pen.at
    waiting = DueAssessment.objects.select_for_update(of=("self",)).filter(
        patient=patient, instrument_id=assessment.instrument_id, assessment=None,
        status__in=[DueStatus.DUE.value, DueStatus.MISSED.value],
        due_on__lte=assessment.on, closes_on__gte=assessment.on,
    )  # fmt: skip
    due = waiting.order_by("status", "due_on").first()
    if due is None:
        return
    due.assessment, due.status, due.act_at = assessment, DueStatus.DONE.value, None
    due.answered_at = answered_at
    due.save(update_fields=["assessment", "status", "act_at", "answered_at"])
    pen.note(
        "check-in-entered", chain=patient_chain(patient.pk), object_kind="due-assessment",
        object_id=due.pk, assessment=assessment.pk,
    )  # fmt: skip
    finish_links(
        patient=patient, purpose=LinkPurpose.QUESTIONNAIRE, object_id=due.pk, by=pen.by, at=pen.at
    )
