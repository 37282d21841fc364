"""A patient looks at a check-in or puts its reminder off; staff telephone a patient who has gone quiet."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.assessments.access import Answerer, require_own_check_in
from longlight.clinic.assessments.actions.scores import today_of
from longlight.clinic.assessments.models import DueAssessment, PatientCall
from longlight.clinic.assessments.queries import window_of
from longlight.clinic.assessments.queries.reminding import wall_of
from longlight.clinic.assessments.rules import (
    CallOutcome,
    CannotAnswer,
    CannotRecord,
    DueStatus,
    reasons_not_to_answer,
)
from longlight.clinic.contact.queries import preference_of
from longlight.clinic.people.access import require_chart, require_role
from longlight.clinic.people.rules import CHART_ROLES, Viewer
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.science.schedules import Later, snoozed, usual


def note_shown(*, due_id: UUID, by: Answerer, at: datetime) -> None:
    """The patient has opened a check-in for the first time."""
    with writing(by=by.actor, at=at) as pen:
        due = require_own_check_in(by, due_id, locked=True)
        if due.shown_at is None:
            due.shown_at = at
            due.save(update_fields=["shown_at"])
        _note(pen, due, "check-in-shown")


def put_off(*, due_id: UUID, later: Later, by: Answerer, at: datetime) -> DueAssessment:
    """Remind the patient later, never in a quiet hour, and while it can still be answered. Raises `CannotAnswer`."""
    with writing(by=by.actor, at=at) as pen:
        due = require_own_check_in(by, due_id, locked=True)
        reasons = reasons_not_to_answer(
            DueStatus(due.status), due_on=due.due_on, closes_on=due.closes_on,
            today=today_of(due.patient, at), window=window_of(due, at),
        )  # fmt: skip
        until = snoozed(later, at, wall_of(due.patient, preference_of(due.patient_id)), usual())
        if not reasons and due.closes_at is not None and until > due.closes_at - usual().last_call:
            reasons = [_("These questions close before then: answer them now, or sooner.")]
        if reasons:
            raise CannotAnswer(" ".join(reasons))
        due.snoozed_until = due.act_at = until
        due.save(update_fields=["snoozed_until", "act_at"])
        _note(pen, due, "check-in-put-off", until=until)
    return due


def log_call(
    *,
    call_id: UUID,
    patient_id: UUID,
    outcome: CallOutcome,
    note: str,
    viewer: Viewer,
    at: datetime,
) -> PatientCall:
    """Keep that somebody telephoned, and what came of it. The same id again is the same call."""
    require_role(viewer, *CHART_ROLES)
    patient = require_chart(viewer, patient_id, at)
    before = PatientCall.objects.filter(pk=call_id, patient=patient).first()
    if before is not None:
        return before
    if outcome in {CallOutcome.REACHED, CallOutcome.WANTS_NO_QUESTIONS} and not note.strip():
        raise CannotRecord(_("Say in a few words what the patient said."))
    with writing(by=viewer.actor, at=at) as pen:
        call: PatientCall = PatientCall.objects.create(
            id=call_id, patient=patient, at=at, by_id=viewer.account_id,
            by_name=viewer.name[:200], outcome=outcome.value, note=note.strip()[:400],
        )  # fmt: skip
        pen.note(
            "patient-called", chain=patient_chain(patient.id), object_kind="patient-call",
            object_id=call.pk, outcome=outcome,
        )  # fmt: skip
    return call


def _note(pen: Pen, due: DueAssessment, verb: str, **details: object) -> None:
    pen.note(
        verb, chain=patient_chain(due.patient_id), object_kind="due-assessment", object_id=due.pk,
        **details,
    )  # fmt: skip
