"""For a director: who looked at a patient's chart, when and in which part of it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import Role
from longlight.clinic.record.actions import note_read
from longlight.clinic.record.queries import who_looked

MOST_SHOWN = 500


@roles(Role.DIRECTOR)
@require_safe
def chart_looks(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Newest first. Asking who looked is a look of its own."""
    at = timezone.now()
    patient = require_chart(request.viewer, patient_id, at)
    looks = who_looked(patient.id, viewer=request.viewer)
    note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose="who-looked")
    return render(
        request, "desks/chart-looks.html", {"patient": patient, "looks": looks[:MOST_SHOWN]}
    )
