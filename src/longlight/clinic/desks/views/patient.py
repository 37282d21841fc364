"""The patient's own pages: what is for today, and how the scores have gone."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from longlight.clinic.approaches.rules.together import Occasion
from longlight.clinic.assessments import queries
from longlight.clinic.assessments.actions.following import follow_measures
from longlight.clinic.assessments.queries.due import due_card
from longlight.clinic.desks.choices import due_choices
from longlight.clinic.desks.coming import doses_so_far
from longlight.clinic.desks.measures import measures_of
from longlight.clinic.desks.views.looks import told
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import note_read
from longlight.clinic.record.queries import who_looked
from longlight.clinic.therapy.queries import open_topics

AFTERNOON_H, EVENING_H = 12, 18


def _own(viewer: Viewer, at: datetime) -> Patient:
    assert viewer.patient_id is not None
    return require_chart(viewer, viewer.patient_id, at)


def _local(patient: Patient, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(patient.time_zone or patient.clinic.time_zone))


def _greeting(hour: int) -> str:
    if hour < AFTERNOON_H:
        return _("Good morning,")
    return _("Good afternoon,") if hour < EVENING_H else _("Good evening,")


@roles(Role.PATIENT)
@require_safe
def today(request: ClinicRequest) -> HttpResponse:
    """One thing that is due, or that nothing is, and what comes next."""
    now = timezone.now()
    patient = _own(request.viewer, now)
    here = _local(patient, now)
    viewer, day = request.viewer, here.date()
    shown = {
        "patient": patient,
        "name": patient.preferred_name or patient.name,
        "greeting": _greeting(here.hour),
        "here": here,
        "due_card": due_card(viewer=viewer, patient_id=patient.id, at=now),
        "next_one": queries.next_check_in(viewer=viewer, patient_id=patient.id, today=day),
    }
    shown["doses"] = doses_so_far(patient, here=here)
    due = due_choices([patient.id], day).get(patient.id)
    shown["choice_again"] = due is not None and due.occasion is not Occasion.FIRST
    return render(request, "desks/today.html", shown)


@roles(Role.PATIENT)
@require_safe
def progress(request: ClinicRequest) -> HttpResponse:
    """The own scores, in words first: each measure that is followed with its figure."""
    patient, shown = _progress(request)
    shown["topics"] = open_topics(patient_id=patient.id).count()
    return render(request, "desks/progress.html", shown)


@roles(Role.PATIENT)
@require_safe
def progress_print(request: ClinicRequest) -> HttpResponse:
    """The same on paper, with the tables open."""
    _, shown = _progress(request)
    return render(request, "desks/progress-print.html", shown)


def _progress(request: ClinicRequest) -> tuple[Patient, dict[str, object]]:
    now = timezone.now()
    patient = _own(request.viewer, now)
    note_read(by=request.viewer.actor, at=now, patient_id=patient.id, purpose="progress")
    measures = measures_of(request.viewer, patient)
    return patient, {
        "patient": patient,
        "here": _local(patient, now),
        "measures": measures,
        "followed": [each for each in measures if each.figure],
    }


@roles(Role.PATIENT)
@require_POST
def follow(request: ClinicRequest) -> HttpResponse:
    """Which measures stand on Progress; what the patient has no score of cannot be chosen."""
    patient = _own(request.viewer, timezone.now())
    known = {each.instrument_id for each in measures_of(request.viewer, patient)}
    follow_measures(
        instrument_ids=known & set(request.POST.getlist("measure")),
        viewer=request.viewer,
        at=timezone.now(),
    )
    messages.success(request, _("Kept. You can change it at any time."))
    return redirect("patient-progress")


@roles(Role.PATIENT)
@require_safe
def looks(request: ClinicRequest) -> HttpResponse:
    """Who looked at the own record, newest first."""
    patient = _own(request.viewer, timezone.now())
    patient_id: UUID = patient.id
    found = who_looked(patient_id, viewer=request.viewer)
    return render(request, "desks/looks.html", {"patient": patient, "looks": told(found[:200])})
