"""Staff add a questionnaire to the schedule of a patient or of a clinic's courses, and stop one; the plan follows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.assessments.actions.planning import note_plan, plan_now
from longlight.clinic.assessments.actions.scores import today_of
from longlight.clinic.assessments.models import AddedRule, QuestionnairePlan, RuleStop
from longlight.clinic.assessments.queries.planning import rule_of
from longlight.clinic.assessments.rules import CannotPlanQuestions, reasons_not_to_add
from longlight.clinic.people.access import Refused, require_chart, require_role
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import CHART_ROLES, Role, Viewer
from longlight.clinic.record.actions import Pen, clinic_chain, writing
from longlight.science import instruments, schedules

FOR_EVERYBODY = (Role.PRESCRIBER, Role.DIRECTOR)


@dataclass(frozen=True)
class Addition:
    """What is to be asked, and when. `id` is made by the form, so that a repeated POST adds once."""

    id: UUID
    schedule_id: str
    instrument_id: str
    every_days: int | None = None


def add_rule(
    *, addition: Addition, patient_id: UUID | None, viewer: Viewer, at: datetime
) -> AddedRule:
    """Ask one patient, or with no patient everybody in a course of this clinic. Raises `CannotPlanQuestions`."""
    require_role(viewer, *(CHART_ROLES if patient_id else FOR_EVERYBODY))
    patient = require_chart(viewer, patient_id, at) if patient_id else None
    before = AddedRule.objects.filter(pk=addition.id, clinic_id=viewer.clinic_id).first()
    if before is not None:
        return before
    chosen = schedules.schedule(addition.schedule_id)
    instrument = instruments.get(addition.instrument_id)
    standing = AddedRule.objects.filter(
        clinic_id=viewer.clinic_id, patient=patient, stopped_at=None,
        schedule_id=chosen.id, instrument_id=instrument.id,
    )  # fmt: skip
    reasons = reasons_not_to_add(
        asks_for_days=chosen.asks_for_days, every_days=addition.every_days,
        stands_already=standing.exists(),
    )  # fmt: skip
    if reasons:
        raise CannotPlanQuestions(" ".join(reasons))
    with writing(by=viewer.actor, at=at) as pen:
        added: AddedRule = AddedRule.objects.create(
            id=addition.id, clinic_id=viewer.clinic_id, patient=patient,
            schedule_id=chosen.id, schedule_version=chosen.version, instrument_id=instrument.id,
            every_days=addition.every_days if chosen.asks_for_days else None,
            added_at=at, added_by_name=viewer.name[:200],
        )  # fmt: skip
        _note(pen, added, "questionnaire-added")
        if patient is not None:
            _plan_of(patient, pen)
        _plan_again(pen, added)
    return added


def stop_rule(*, added_id: UUID, reason: str, viewer: Viewer, at: datetime) -> AddedRule:
    """Stop what staff added; what nobody has begun is taken out. One that is stopped already is left as it is."""
    with writing(by=viewer.actor, at=at) as pen:
        added = (
            AddedRule.objects.select_for_update(of=("self",))
            .filter(pk=added_id, clinic_id=viewer.clinic_id)
            .first()
        )
        if added is None:
            raise Refused
        require_role(viewer, *(CHART_ROLES if added.patient_id else FOR_EVERYBODY))
        if added.patient_id:
            require_chart(viewer, added.patient_id, at)
        if not reason.strip():
            raise CannotPlanQuestions(_("Say why it is stopped."))
        if added.stopped_at is None:
            added.stopped_at, added.stopped_by_name = at, viewer.name[:200]
            added.stop_reason = reason.strip()
            added.save(update_fields=["stopped_at", "stopped_by_name", "stop_reason"])
        _note(pen, added, "questionnaire-stopped")
        _plan_again(pen, added)
    return added


def exempt(*, patient_id: UUID, rule_id: str, reason: str, viewer: Viewer, at: datetime) -> None:
    """Ask one patient no more by a rule of the protocol or of the clinic. Raises `CannotPlanQuestions`."""
    require_role(viewer, *CHART_ROLES)
    patient = require_chart(viewer, patient_id, at)
    if not reason.strip():
        raise CannotPlanQuestions(_("Say why it is stopped."))
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient.pk)
        if not RuleStop.objects.filter(patient=patient, rule_id=rule_id, ended_at=None).exists():
            RuleStop.objects.create(
                patient=patient, rule_id=rule_id, at=at, by_name=viewer.name[:200],
                reason=reason.strip(),
            )  # fmt: skip
        note_plan(pen, patient, "questionnaire-stopped-for-patient", rule=rule_id)
        _plan_patient(pen, patient)


def ask_again(*, patient_id: UUID, rule_id: str, viewer: Viewer, at: datetime) -> None:
    """Ask one patient by a rule again that was stopped."""
    require_role(viewer, *CHART_ROLES)
    patient = require_chart(viewer, patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient.pk)
        RuleStop.objects.filter(patient=patient, rule_id=rule_id, ended_at=None).update(
            ended_at=at, ended_by_name=viewer.name[:200]
        )
        note_plan(pen, patient, "questionnaire-asked-again", rule=rule_id)
        _plan_patient(pen, patient)


def _plan_of(patient: Patient, pen: Pen) -> None:
    """A patient in no course gets a plan that counts from today."""
    Patient.objects.select_for_update().get(pk=patient.pk)
    if not QuestionnairePlan.objects.filter(patient=patient, is_running=True).exists():
        QuestionnairePlan.objects.create(
            patient=patient, start_on=today_of(patient, pen.at), made_at=pen.at
        )


def _plan_again(pen: Pen, added: AddedRule) -> None:
    """The one patient now; everybody of a clinic by the worker, which has the time."""
    if added.patient is not None:
        _plan_patient(pen, added.patient)
        return
    QuestionnairePlan.objects.filter(
        patient__clinic_id=added.clinic_id, is_running=True, course_id__isnull=False
    ).update(look_at=pen.at)


def _plan_patient(pen: Pen, patient: Patient) -> None:
    plans = QuestionnairePlan.objects.filter(patient_id=patient.pk, is_running=True)
    plan_now(pen, list(plans.select_related("patient__clinic")))


def _note(pen: Pen, added: AddedRule, verb: str) -> None:
    details = {"schedule": added.schedule_id, "rule": rule_of(added).id}
    if added.patient is not None:
        note_plan(pen, added.patient, verb, **details)
        return
    pen.note(
        verb, chain=clinic_chain(added.clinic_id), object_kind="added-rule", object_id=added.pk,
        **details,
    )  # fmt: skip
