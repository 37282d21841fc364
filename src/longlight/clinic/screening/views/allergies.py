"""What is known of a patient's allergies, and what was said before."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from longlight.clinic.people.access import ClinicRequest, Refused, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read
from longlight.clinic.screening.actions import TAKES_FINDINGS, record_allergies
from longlight.clinic.screening.forms import AllergiesForm
from longlight.clinic.screening.queries import allergy_statements
from longlight.clinic.screening.rules import CannotRecord


@require_http_methods(["GET", "HEAD", "POST"])
@roles(*CHART_ROLES)
def allergies(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    at = timezone.now()
    patient = require_chart(request.viewer, patient_id, at)
    may_write = request.viewer.role in TAKES_FINDINGS
    if request.method == "POST" and not may_write:
        raise Refused
    note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose="allergies")
    said = allergy_statements(patient.id)
    form = AllergiesForm(request.POST) if request.method == "POST" else AllergiesForm.of(said[0] if said else None)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            record_allergies(
                patient_id=patient.id,
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
            return HttpResponseRedirect(reverse("chart", args=[patient.id]))
    shown = {"patient": patient, "said": said, "form": form, "may_write": may_write}
    return render(request, "screening/allergies.html", shown, status=422 if form.errors else 200)
