"""Making a course, and the course's timeline with what can be done about each session."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from longlight.clinic.approaches.queries import adopted
from longlight.clinic.courses import actions, queries
from longlight.clinic.courses.access import MOVES_SESSIONS
from longlight.clinic.courses.forms import EndForm, NewCourseForm
from longlight.clinic.courses.models import Course
from longlight.clinic.courses.rules import CannotPlan, CourseStatus
from longlight.clinic.courses.views import words
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES, Role
from longlight.clinic.record.actions import note_read
from longlight.science import protocols


@require_http_methods(["GET", "POST"])
@roles(Role.PRESCRIBER)
def new_course(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    at = timezone.now()
    patient = require_chart(request.viewer, patient_id, at)
    note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose="course")
    available = adopted(viewer=request.viewer)
    form = NewCourseForm(available, timezone.localdate(at), request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            course = actions.start_course(
                patient_id=patient_id,
                protocol_id=form.cleaned_data["protocol"],
                start_on=form.cleaned_data["start_on"],
                viewer=request.viewer,
                at=at,
            )
        except CannotPlan as error:
            refusal = str(error)
        else:
            messages.success(request, _("The course is planned."))
            return HttpResponseRedirect(reverse("course", args=[course.pk]))
    return render(
        request,
        "courses/new.html",
        {"patient": patient, "adopted": available, "form": form, "refusal": refusal},
        status=409 if refusal else 422 if form.errors else 200,
    )


@require_GET
@roles(*CHART_ROLES)
def courses(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """The course that runs; where there is none, the ones before and what a new one still needs."""
    at = timezone.now()
    patient = require_chart(request.viewer, patient_id, at)
    found = queries.courses_of(patient_id=patient_id, viewer=request.viewer, at=at)
    for each in found:
        if each.status == CourseStatus.ACTIVE.value:
            return HttpResponseRedirect(reverse("course", args=[each.pk]))
    note_read(by=request.viewer.actor, at=at, patient_id=patient.id, purpose="course")
    shown = {
        "patient": patient,
        "courses": [
            (each, protocols.get(each.protocol_id, each.protocol_version), words.course_state(each))
            for each in found
        ],
        "steps": words.steps_to_a_course(patient, adopted(viewer=request.viewer)),
        "may_plan": request.viewer.role is Role.PRESCRIBER,
    }
    return render(request, "courses/courses.html", shown)


@require_GET
@roles(*CHART_ROLES)
def course(request: ClinicRequest, course_id: UUID) -> HttpResponse:
    return _page(request, course_id)


@require_POST
@roles(Role.PRESCRIBER)
def end(request: ClinicRequest, course_id: UUID) -> HttpResponse:
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, course_id, end_form=form, status=422)
    try:
        actions.end_course(
            course_id=course_id,
            status=CourseStatus(form.cleaned_data["status"]),
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            at=timezone.now(),
        )
    except CannotPlan as error:
        return _page(request, course_id, end_form=form, refusal=str(error), status=409)
    messages.success(request, _("The course is ended."))
    return HttpResponseRedirect(reverse("course", args=[course_id]))


def _page(
    request: ClinicRequest,
    course_id: UUID,
    *,
    end_form: EndForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    try:
        timeline = queries.course_timeline(course_id=course_id, viewer=request.viewer, at=at)
    except Course.DoesNotExist:
        raise Http404 from None
    note_read(
        by=request.viewer.actor, at=at, patient_id=timeline.course.patient_id, purpose="course"
    )
    return render(
        request,
        "courses/course.html",
        {
            "timeline": timeline,
            "patient": timeline.course.patient,
            "phases": words.phases(timeline, timezone.localdate(at)),
            "state": words.course_state(timeline.course),
            "may_move": request.viewer.role in MOVES_SESSIONS,
            "may_book": timeline.course.status == CourseStatus.ACTIVE.value,
            "may_end": request.viewer.role is Role.PRESCRIBER
            and timeline.course.status == CourseStatus.ACTIVE.value,
            "end_form": end_form or EndForm(),
            "refusal": refusal,
        },
        status=status,
    )
