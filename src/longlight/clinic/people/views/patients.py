"""Staff enter somebody as a patient."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.actions.patients import CannotRegister, NewPatient, register_patient
from longlight.clinic.people.forms import RegisterForm
from longlight.clinic.people.queries import next_patient_number
from longlight.clinic.people.rules import CHART_ROLES, REGISTER_ROLES


@roles(*REGISTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: ClinicRequest) -> HttpResponse:
    """The form; with POST, the patient's chart, or for who sees no charts the list."""
    if request.method != "POST":
        form = RegisterForm(initial={"number": next_patient_number(request.viewer)})
        return render(request, "people/register.html", {"form": form})
    form = RegisterForm(request.POST)
    if form.is_valid():
        try:
            patient = register_patient(
                new=NewPatient(**form.cleaned_data), viewer=request.viewer, at=timezone.now()
            )
        except CannotRegister as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The patient is registered."))
            if request.viewer.role in CHART_ROLES:
                return redirect("chart", patient.pk)
            return redirect("staff-home")
    return render(request, "people/register.html", {"form": form}, status=422)
