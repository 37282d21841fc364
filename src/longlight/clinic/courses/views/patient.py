"""The patient's Plan: the same timeline that staff see."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from longlight.clinic.courses import queries
from longlight.clinic.courses.views import words
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.rules import Role


@require_GET
@roles(Role.PATIENT)
def plan(request: ClinicRequest) -> HttpResponse:
    at = timezone.now()
    assert request.viewer.patient_id is not None
    course = queries.active_course(
        patient_id=request.viewer.patient_id, viewer=request.viewer, at=at
    )
    timeline = queries.timeline_of(course) if course else None
    today = timezone.localdate(at)
    return render(
        request,
        "courses/plan.html",
        {
            "timeline": timeline,
            "phases": words.phases(timeline, today) if timeline else [],
            "coming": timeline.next_session(today) if timeline else None,
        },
    )
