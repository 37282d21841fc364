"""What is known of a patient's allergies, and what was said before."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read
from longlight.clinic.screening.actions import TAKES_FINDINGS, record_allergies
from longlight.clinic.screening.forms import AllergiesForm
from longlight.clinic.screening.queries import allergy_statements
from longlight.clinic.screening.rules import CannotRecord


@require_safe
@roles(*CHART_ROLES)
def allergies(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    return _page(request, patient_id)


@require_POST
@roles(*TAKES_FINDINGS)
def say(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Keep what is known now."""
    at = timezone.now()
    require_chart(request.viewer, patient_id, at)
    form = AllergiesForm(request.POST)
    if form.is_valid():
        try:
            record_allergies(
                patient_id=patient_id,
                statement_id=form.cleaned_data["id"],
                text=form.cleaned_data["text"],
                none_known=form.cleaned_data["known"] == "none",
                viewer=request.viewer,
                at=at,
            )
        except CannotRecord as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Kept."))
            return HttpResponseRedirect(reverse("chart", args=[patient_id]))
    return _page(request, patient_id, form)


def _page(
    request: ClinicRequest, patient_id: UUID, form: AllergiesForm | None = None
) -> HttpResponse:
    at = timezone.now()
    patient = require_chart(request.viewer, patient_id, at)
    note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose="allergies")
    said = allergy_statements(patient.id)
    shown = {
        "patient": patient,
        "said": said,
        "form": form or AllergiesForm.of(said[0] if said else None),
        "may_write": request.viewer.role in TAKES_FINDINGS,
    }
    return render(request, "screening/allergies.html", shown, status=422 if form else 200)
