"""Bringing a summary of the aid to a clinic, and keeping what a patient and a clinician chose together."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.approaches.access import RECORDS_CHOICES
from longlight.clinic.approaches.models import BroughtChoice, SharedChoice
from longlight.clinic.approaches.queries.together import shared_choice
from longlight.clinic.approaches.rules.together import CannotRecord, Written, reasons_not_to_record
from longlight.clinic.people.access import require_chart, require_role
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import Pen, clinic_chain, correct, patient_chain, writing
from longlight.clinic.record.rules import Actor
from longlight.science.evidence import decision_aid


def bring_choice(
    *, answers: Mapping[str, object], clinic_id: UUID, by: Actor, at: datetime
) -> BroughtChoice:
    """Keep a summary that comes with a request. The step that takes the request answers for `by`."""
    with writing(by=by, at=at) as pen:
        brought = _keep(answers, clinic_id, None, at)
        pen.note(
            "choice-brought",
            chain=clinic_chain(clinic_id),
            object_kind="brought-choice",
            object_id=brought.pk,
        )
    return brought


def bring_own_choice(
    *, answers: Mapping[str, object], viewer: Viewer, at: datetime
) -> BroughtChoice:
    """A patient gives their clinic what they thought through, before a visit."""
    require_role(viewer, Role.PATIENT)
    assert viewer.patient_id is not None
    patient = require_chart(viewer, viewer.patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        brought = _keep(answers, patient.clinic_id, patient.pk, at)
        _note(pen, "choice-brought", patient.pk, "brought-choice", brought.pk)
    return brought


def _keep(
    answers: Mapping[str, object], clinic_id: UUID, patient_id: UUID | None, at: datetime
) -> BroughtChoice:
    aid = decision_aid()
    return BroughtChoice.objects.create(
        clinic_id=clinic_id,
        patient_id=patient_id,
        answers=dict(answers),
        aid_version=aid.version,
        evidence_read_until=aid.evidence_read_until,
        brought_at=at,
    )


def name_patient_of(*, brought: BroughtChoice, patient_id: UUID, by: Actor, at: datetime) -> None:
    """Who brought it has become a patient: from now on it stands in their chart."""
    with writing(by=by, at=at) as pen:
        brought.patient_id = patient_id
        brought.save(update_fields=["patient"])
        _note(pen, "choice-put-in-chart", patient_id, "brought-choice", brought.pk)


def record_choice(
    *, patient_id: UUID, written: Written, viewer: Viewer, at: datetime
) -> SharedChoice:
    """Keep what was chosen together. The same page sent twice keeps it once. Raises `CannotRecord`."""
    require_role(viewer, *RECORDS_CHOICES)
    patient = require_chart(viewer, patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient.pk)
        before: SharedChoice | None = SharedChoice.objects.filter(pk=written.id).first()
        if before is not None:
            if before.patient_id != patient.pk:
                raise CannotRecord(_("Open the page again and write it there."))
            _note(pen, "shared-choice-repeated", patient.pk, "shared-choice", before.pk)
            return before
        choice = _create(patient, written, viewer, at)
        _note(pen, "shared-choice-recorded", patient.pk, "shared-choice", choice.pk)
    return choice


def correct_choice(
    *, choice_id: UUID, written: Written, why: str, viewer: Viewer, at: datetime
) -> SharedChoice:
    """Put a corrected record in the place of a wrong one, which stays, struck out."""
    require_role(viewer, *RECORDS_CHOICES)
    wrong = shared_choice(choice_id=choice_id, viewer=viewer, at=at)
    if SharedChoice.objects.filter(pk=written.id).exists():
        raise CannotRecord(_("This correction is kept already."))
    with writing(by=viewer.actor, at=at) as pen:
        right = _create(wrong.patient, written, viewer, at)
        correct(
            pen,
            wrong,
            successor=right,
            reason=why,
            chain=patient_chain(wrong.patient_id),
            object_kind="shared-choice",
        )
    return right


def _create(patient: Patient, written: Written, viewer: Viewer, at: datetime) -> SharedChoice:
    """The version of the aid is the one that the person saw: of the summary they brought, else today's."""
    if reasons := reasons_not_to_record(written):
        raise CannotRecord(" ".join(reasons))
    assert written.chosen is not None
    brought = BroughtChoice.objects.filter(patient=patient).order_by("-brought_at").first()
    seen = brought or decision_aid()
    return SharedChoice.objects.create(
        id=written.id,
        patient=patient,
        occasion=written.occasion.value,
        course_id=written.course_id,
        brought=brought,
        leaning=written.leaning.value if written.leaning else "",
        chosen=written.chosen.value,
        matters=written.matters.strip(),
        asked=written.asked.strip(),
        reason=written.reason.strip(),
        aid_version=brought.aid_version if brought else decision_aid().version,
        evidence_read_until=seen.evidence_read_until,
        recorded_at=at,
        recorded_by_id=viewer.account_id,
        recorded_by_name=viewer.name,
    )


def _note(pen: Pen, verb: str, patient_id: UUID, kind: str, object_id: UUID) -> None:
    pen.note(verb, chain=patient_chain(patient_id), object_kind=kind, object_id=object_id)
