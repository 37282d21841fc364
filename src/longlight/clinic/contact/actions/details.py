"""How a patient can be reached from now on: what held before stays, and nobody overwrites a colleague."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from longlight.clinic.contact.models import ContactChange, ContactPreference
from longlight.clinic.contact.queries import KnownContact, contact_of
from longlight.clinic.contact.rules import (
    CannotChange,
    ContactDetails,
    reasons_not_to_change,
)
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.science.schedules import usual


def change_contact(
    *, patient_id: UUID, details: ContactDetails, seen: int, viewer: Viewer, at: datetime
) -> None:
    """How the patient can be reached from now on. What held before stays in the record.

    `seen` is the change on which the typist's page rests: when another came between, nothing is overwritten.
    """
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().filter(pk=patient_id).first()
        known = contact_of(patient_id=patient_id, viewer=viewer, at=at)
        if known.details == details:  # sent twice, or nothing changed
            _note_contact(pen, patient_id, "contact-unchanged", [])
            return
        reasons = reasons_not_to_change(
            details, is_zone_known=details.time_zone in available_timezones()
        )
        if known.seen != seen:
            reasons = [_("Somebody changed this meanwhile: open the page again and look.")]
        if reasons:
            raise CannotChange(" ".join(reasons))
        _keep_contact(known, details, viewer, at)
        changed = [
            name for name, was in asdict(known.details).items() if was != getattr(details, name)
        ]
        _note_contact(pen, patient_id, "contact-changed", changed)


def _keep_contact(
    known: KnownContact, details: ContactDetails, viewer: Viewer, at: datetime
) -> None:
    """What holds, where it is looked up; what held before the first change is written down first."""
    patient = known.patient
    if not known.changes:
        ContactChange.objects.create(
            patient=patient, **asdict(known.details), at=at, by_id=viewer.account_id,
            by_name="as registered",
        )  # fmt: skip
    ContactChange.objects.create(
        patient=patient, **asdict(details), at=at, by_id=viewer.account_id,
        by_name=viewer.name[:200],
    )  # fmt: skip
    patient.email, patient.phone = details.email, details.phone
    patient.time_zone = details.time_zone
    patient.save(update_fields=["email", "phone", "time_zone"])
    if details.channel and details.channel != known.details.channel:
        quiet = {"quiet_from": usual().quiet_from, "quiet_until": usual().quiet_until}
        said = {"channel": details.channel, "set_at": at, "set_by_name": viewer.name[:200]}
        ContactPreference.objects.update_or_create(
            patient=patient, defaults=said, create_defaults=said | quiet
        )


def _note_contact(pen: Pen, patient_id: UUID, verb: str, changed: list[str]) -> None:
    """Which fields, never what they say."""
    pen.note(
        verb,
        chain=patient_chain(patient_id),
        object_kind="patient",
        object_id=patient_id,
        fields=changed,
    )
