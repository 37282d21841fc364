"""A patient's check-ins as staff see them: what was sent, how far it is, send another, take one back."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from longlight.clinic.assessments import queries
from longlight.clinic.assessments.actions import send_check_in, today_of, withdraw_check_in
from longlight.clinic.assessments.forms import USUAL_LIFE, SendForm
from longlight.clinic.assessments.rules import CannotRecord
from longlight.clinic.contact.actions import CannotSend
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read


@roles(*CHART_ROLES)
def check_ins(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """What a patient is asked, and the form that sends a questionnaire."""
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    note_read(by=request.viewer.actor, at=now, patient_id=patient.id, purpose="check-ins")
    today = today_of(patient, now)
    form = SendForm(
        queries.sendable(), today, request.POST or None,
        initial={"key": uuid4(), "closes_on": today + USUAL_LIFE, "instrument": "phq-9"},
    )  # fmt: skip
    address = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            sent = send_check_in(
                patient_id=patient.id, instrument_id=typed["instrument"],
                closes_on=typed["closes_on"], by_mail=typed["way"] == "mail", key=typed["key"],
                viewer=request.viewer, at=now,
            )  # fmt: skip
        except (CannotSend, CannotRecord) as refusal:
            form.add_error(None, str(refusal))
        else:
            address = sent.address
            if address is None:
                messages.success(request, _("The link is on its way by e-mail."))
                return HttpResponseRedirect(reverse("check-ins", args=[patient.id]))
    shown = {
        "patient": patient, "form": form, "address": address,
        "lines": queries.check_in_lines(viewer=request.viewer, patient_id=patient.id),
    }  # fmt: skip
    return render(request, "assessments/check-ins.html", shown, status=422 if form.errors else 200)


@roles(*CHART_ROLES)
@require_POST
def withdraw(request: ClinicRequest, due_id: UUID) -> HttpResponse:
    """Take a check-in back: its links open nothing any more."""
    try:
        due = withdraw_check_in(due_id=due_id, viewer=request.viewer, at=timezone.now())
    except CannotRecord as refusal:
        return render(request, "assessments/not-withdrawn.html", {"sentence": refusal}, status=409)
    messages.success(request, _("Taken back. Its link opens nothing any more."))
    return HttpResponseRedirect(reverse("check-ins", args=[due.patient_id]))
