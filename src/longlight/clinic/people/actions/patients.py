"""Someone becomes a patient of the clinic, entered by its staff."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from longlight.clinic.people.access import require_role
from longlight.clinic.people.models import Patient
from longlight.clinic.people.queries import patient_at, patient_numbered, patients_like
from longlight.clinic.people.rules import REGISTER_ROLES, Viewer, reasons_not_to_register
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.clinic.record.prepared import PreparedInsert


class CannotRegister(Exception):
    """A registration that is refused; its sentences say what to do."""


@dataclass(frozen=True)
class NewPatient:
    """What is known of somebody who comes to the clinic. `id` is made by the form: sent twice, it is one person."""

    id: UUID
    number: str
    name: str
    preferred_name: str = ""
    birth_date: date | None = None
    email: str = ""
    phone: str = ""
    is_somebody_else: bool = False  # than who is here already with this name and date of birth


def register_patient(*, new: NewPatient, viewer: Viewer, at: datetime) -> Patient:
    """Enter somebody as a patient of the viewer's clinic."""
    require_role(viewer, *REGISTER_ROLES)
    with writing(by=viewer.actor, at=at) as pen:
        done = patient_at(viewer.clinic_id, new.id)
        if done is not None:
            return _noted(pen, done, "registration-repeated")
        taken = patient_numbered(viewer.clinic_id, new.number) is not None
        twin = None if new.is_somebody_else else patients_like(viewer.clinic_id, new).first()
        reasons = reasons_not_to_register(
            number=new.number,
            name=new.name,
            born=new.birth_date,
            today=at.date(),
            is_number_taken=taken,
            twin_number=twin.number if twin else "",
        )
        if reasons:
            raise CannotRegister(" ".join(reasons))
        return _entered(pen, new, viewer.clinic_id)


def _entered(pen: Pen, new: NewPatient, clinic_id: UUID) -> Patient:
    try:
        with transaction.atomic():
            patient = _KEEP_PATIENT(
                Patient(
                    id=new.id,
                    clinic_id=clinic_id,
                    number=new.number.strip(),
                    name=new.name.strip(),
                    preferred_name=new.preferred_name.strip(),
                    birth_date=new.birth_date,
                    email=new.email.strip(),
                    phone=new.phone.strip(),
                )
            )
    except IntegrityError:
        # Two at once: of one person by two clicks, or of two people with one number.
        done = Patient.objects.filter(pk=new.id, clinic_id=clinic_id).first()
        if done is None:
            raise CannotRegister(
                _("Somebody was just registered with this number: give the next one.")
            ) from None
        return _noted(pen, done, "registration-repeated")
    return _noted(pen, patient, "patient-registered")


_KEEP_PATIENT = PreparedInsert(Patient)


def _noted(pen: Pen, patient: Patient, verb: str) -> Patient:
    pen.note(verb, chain=patient_chain(patient.pk), object_kind="patient", object_id=patient.pk)
    return patient
