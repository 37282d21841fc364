"""A patient puts a reminder off, goes on to the next questionnaire, and says how to be reminded; staff say it for them."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from longlight.clinic.assessments.actions.attending import put_off
from longlight.clinic.assessments.forms import LaterForm, PreferenceForm
from longlight.clinic.assessments.queries.due import next_open
from longlight.clinic.assessments.queries.planning import zone_of
from longlight.clinic.assessments.rules import CannotAnswer
from longlight.clinic.assessments.views.ways import OWN, Way
from longlight.clinic.contact.actions import set_preference
from longlight.clinic.contact.queries import preference_of
from longlight.clinic.contact.rules import PreferredChannel, reach
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.actions import make_link
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import CHART_ROLES, LinkPurpose, Role
from longlight.clinic.record.actions import note_read
from longlight.science.schedules import Later, usual


def later(request: HttpRequest, way: Way) -> HttpResponse:
    """Remind me later: when, and what was chosen."""
    form = LaterForm(request.POST if request.method == "POST" else None)
    until = None
    if request.method == "POST" and form.is_valid():
        try:
            due = put_off(
                due_id=way.due.pk, later=Later(form.cleaned_data["later"]), by=way.by,
                at=timezone.now(),
            )  # fmt: skip
        except CannotAnswer as refusal:
            form.add_error(None, str(refusal))
        else:
            assert due.snoozed_until is not None
            until = due.snoozed_until.astimezone(zone_of(due.patient))
    patient = way.due.patient
    shown = {
        "way": way, "form": form, "until": until, "intro_url": way.url(),
        "is_reachable": _reachable(patient), "clinic": patient.clinic,
    }  # fmt: skip
    return render(request, "assessments/later.html", shown, status=422 if form.errors else 200)


def _reachable(patient: Patient) -> bool:
    preference = preference_of(patient.pk)
    preferred = PreferredChannel(preference.channel) if preference else None
    return reach(preferred, patient.email, patient.phone) is not None


def onward(request: HttpRequest, way: Way) -> HttpResponse:
    """To the patient's next open questionnaire; who came by a link goes on by a link of its own."""
    now = timezone.now()
    following = next_open(way.due, now)
    if following is None or request.method != "POST":
        return HttpResponseRedirect(way.url("thanks"))
    if not way.is_link:
        return HttpResponseRedirect(reverse(OWN, args=[following.pk]))
    assert following.closes_at is not None
    token = make_link(
        patient=way.due.patient, purpose=LinkPurpose.QUESTIONNAIRE, object_id=following.pk,
        expires_at=following.closes_at, by=way.by.actor, at=now,
    )  # fmt: skip
    return HttpResponseRedirect(f"{settings.SITE_ADDRESS}{reverse('people-link', args=[token])}")


@roles(Role.PATIENT)
def own_preference(request: ClinicRequest) -> HttpResponse:
    """How the patient wants to be reminded."""
    assert request.viewer.patient_id is not None
    return _preference(request, request.viewer.patient_id, reverse("reminders"))


@roles(*CHART_ROLES)
def preference(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """How a patient wants to be reminded, as they said it to staff."""
    return _preference(request, patient_id, reverse("patient-schedule", args=[patient_id]))


def _preference(request: ClinicRequest, patient_id: UUID, then: str) -> HttpResponse:
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    is_own = request.viewer.role is Role.PATIENT
    if not is_own:
        note_read(by=request.viewer.actor, at=now, patient_id=patient.id, purpose="reminders")
    kept = preference_of(patient.id)
    initial = {
        "channel": kept.channel if kept else PreferredChannel.EMAIL.value,
        "quiet_from": kept.quiet_from if kept else usual().quiet_from,
        "quiet_until": kept.quiet_until if kept else usual().quiet_until,
    }
    form = PreferenceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        channel = PreferredChannel(typed["channel"])
        if channel is not PreferredChannel.NONE and not reach(
            channel, patient.email, patient.phone
        ):
            form.add_error("channel", _no_address(channel))
        else:
            set_preference(
                patient_id=patient.id, channel=channel, quiet_from=typed["quiet_from"],
                quiet_until=typed["quiet_until"], viewer=request.viewer, at=now,
            )  # fmt: skip
            messages.success(request, _("Kept."))
            return HttpResponseRedirect(then)
    shown = {"patient": patient, "form": form, "is_own": is_own, "kept": kept}
    return render(request, "assessments/reminders.html", shown, status=422 if form.errors else 200)


def _no_address(channel: PreferredChannel) -> str:
    if channel is PreferredChannel.EMAIL:
        return _("The clinic has no e-mail address for this: choose another way, or give one.")
    return _("The clinic needs a telephone number that begins with + and the country code.")
