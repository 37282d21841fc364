"""What a patient wants to talk about: asked on one page, seen by staff on the chart."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES, Role
from longlight.clinic.therapy.actions import topics
from longlight.clinic.therapy.forms import TopicForm
from longlight.clinic.therapy.queries import open_topics, own_record
from longlight.clinic.therapy.rules import About, CannotWrite


@require_http_methods(["GET", "HEAD", "POST"])
@roles(Role.PATIENT)
def talk(request: ClinicRequest) -> HttpResponse:
    """Ask to talk about how the scores have gone; see what was asked so far, and take it back."""
    form = TopicForm(request.POST) if request.method == "POST" else TopicForm.empty()
    if request.method == "POST" and form.is_valid():
        try:
            topics.ask_to_talk(
                topic_id=form.cleaned_data["id"],
                about=About.PROGRESS,
                text=form.cleaned_data["text"],
                viewer=request.viewer,
                at=timezone.now(),
            )
        except CannotWrite as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is noted for your next visit."))
            return HttpResponseRedirect(reverse("talk-about"))
    return _page(request, form)


@require_POST
@roles(Role.PATIENT)
def take_back(request: ClinicRequest, topic_id: UUID) -> HttpResponse:
    try:
        topics.take_back(topic_id=topic_id, viewer=request.viewer, at=timezone.now())
    except CannotWrite as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("talk-about"))


@require_POST
@roles(*CHART_ROLES)
def talked(request: ClinicRequest, topic_id: UUID) -> HttpResponse:
    """Staff talked about it; the chart no longer lists it."""
    at = timezone.now()
    try:
        topic = topics.note_talked(topic_id=topic_id, viewer=request.viewer, at=at)
    except CannotWrite as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("staff-home"))
    return HttpResponseRedirect(reverse("chart", args=[topic.patient_id]))


def _page(request: ClinicRequest, form: TopicForm) -> HttpResponse:
    patient = require_chart(request.viewer, own_record(request.viewer), timezone.now())
    shown = {"patient": patient, "form": form, "topics": open_topics(patient_id=patient.id)}
    return render(request, "therapy/talk.html", shown, status=422 if form.errors else 200)
