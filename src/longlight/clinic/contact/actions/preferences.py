"""How a patient wants to be reached."""

from datetime import datetime, time
from uuid import UUID

from longlight.clinic.contact.models import ContactPreference
from longlight.clinic.contact.rules import PreferredChannel
from longlight.clinic.people.access import require_chart
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import patient_chain, writing


def set_preference(
    *,
    patient_id: UUID,
    channel: PreferredChannel,
    quiet_from: time,
    quiet_until: time,
    viewer: Viewer,
    at: datetime,
) -> ContactPreference:
    """How the patient wants to be reminded, as the patient says it here, or says it to staff."""
    patient = require_chart(viewer, patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        preference, _ = ContactPreference.objects.update_or_create(
            patient=patient,
            defaults={
                "channel": channel.value, "quiet_from": quiet_from, "quiet_until": quiet_until,
                "set_at": at, "set_by_name": viewer.name[:200],
            },
        )  # fmt: skip
        pen.note(
            "contact-preference-set", chain=patient_chain(patient.id), object_kind="patient",
            object_id=patient.id, channel=channel,
        )  # fmt: skip
    return preference
