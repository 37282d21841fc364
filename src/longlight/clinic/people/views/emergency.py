"""Opening a restricted chart in an emergency, and who is told."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from longlight.clinic.people.access import ClinicRequest, Refused, may_see_chart, roles
from longlight.clinic.people.actions import end_emergency, open_in_emergency, review_emergency
from longlight.clinic.people.actions.accounts import CannotChange
from longlight.clinic.people.forms import EmergencyForm
from longlight.clinic.people.models import EmergencyAccess
from longlight.clinic.people.queries import emergencies, own_emergencies, patients, staff
from longlight.clinic.people.rules import CARE_ROLES, Role


@roles(*CARE_ROLES)
def open_chart(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Ask for a reason, open the chart for an hour, tell the director."""
    now = timezone.now()
    patient = patients(viewer=request.viewer).filter(pk=patient_id).first()
    if patient is None:
        raise Refused
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            access = open_in_emergency(
                viewer=request.viewer, patient_id=patient_id, reason=form.cleaned_data["reason"],
                at=now,
            )  # fmt: skip
        except CannotChange as refusal:
            form.add_error("reason", str(refusal))
        else:
            _tell_directors(request, access)
            return _to_chart(patient_id)
    page = {
        "form": form,
        "patient": patient,
        "is_open": may_see_chart(request.viewer, patient, now),
    }
    return render(request, "people/emergency.html", page, status=422 if form.errors else 200)


def _tell_directors(request: ClinicRequest, access: EmergencyAccess) -> None:
    directors = staff(viewer=request.viewer).filter(role=Role.DIRECTOR.value, is_active=True)
    for director in directors:
        # The mail says that there is something to read, never what or about whom.
        get_adapter(request).send_mail("people/email/emergency", director.account.email, {})


def _to_chart(patient_id: UUID) -> HttpResponse:
    try:
        return redirect("chart", patient_id=patient_id)
    except NoReverseMatch:
        return redirect("people-start")


@roles(*CARE_ROLES)
@require_POST
def end(request: ClinicRequest, access_id: UUID) -> HttpResponse:
    end_emergency(viewer=request.viewer, access_id=access_id, at=timezone.now())
    return redirect("people-start")


@roles(Role.DIRECTOR)
@require_safe
def review_list(request: ClinicRequest) -> HttpResponse:
    """Every emergency access at the clinic, newest first."""
    return render(
        request,
        "people/emergencies.html",
        {"emergencies": emergencies(viewer=request.viewer)[:200]},
    )


@roles(Role.DIRECTOR)
@require_POST
def review(request: ClinicRequest, access_id: UUID) -> HttpResponse:
    review_emergency(viewer=request.viewer, access_id=access_id, at=timezone.now())
    return redirect("people-emergencies")


@roles(Role.PATIENT)
@require_safe
def mine(request: ClinicRequest) -> HttpResponse:
    """For a patient: who opened my record in an emergency, when and why."""
    return render(
        request,
        "people/my_emergencies.html",
        {"emergencies": own_emergencies(viewer=request.viewer)},
    )
