"""One planned visit changed: moved, missed, cancelled. A visit that has a time is moved with it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from longlight.clinic.courses import actions
from longlight.clinic.courses.access import MOVES_SESSIONS, require_may_change_visits
from longlight.clinic.courses.forms import BookedMoveForm, CancelForm, MissedForm, MoveForm
from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.courses.rules import CannotPlan, VisitTime
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.queries import resources, times_of_plans
from longlight.clinic.schedule.rules import CannotBook, ResourceKind


@require_http_methods(["GET", "POST"])
@roles(*MOVES_SESSIONS)
def move(request: ClinicRequest, planned_id: UUID) -> HttpResponse:
    session = _session(request, planned_id)
    booked = times_of_plans(request.viewer.clinic_id, [session.pk]).get(session.pk)
    if booked is not None:
        return _move_booked(request, session, booked)
    form = MoveForm(request.POST or None)
    return _change(
        request,
        session,
        form,
        _("Move this visit"),
        lambda: actions.move_session(
            session_id=planned_id,
            day=form.cleaned_data["day"],
            today=timezone.localdate(),
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            at=timezone.now(),
        ),
    )


def _move_booked(
    request: ClinicRequest, session: PlannedSession, booked: Appointment
) -> HttpResponse:
    found = list(resources(request.viewer))
    zone = session.course.patient.clinic.time_zone
    form = BookedMoveForm(
        request.POST or None, zone=zone, resources=found, initial=_as_it_is(booked, zone)
    )
    return _change(
        request,
        session,
        form,
        _("Move this visit"),
        lambda: actions.move_booked(
            time=VisitTime(session.pk, form.start_at, form.cleaned_data["day"], form.held),
            booking_id=form.cleaned_data["id"],
            length=form.length,
            version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            at=timezone.now(),
        ),
    )


def _as_it_is(booked: Appointment, zone: str) -> dict[str, object]:
    start = booked.start_at.astimezone(ZoneInfo(zone))
    held = {hold.resource.kind: hold.resource_id for hold in booked.holds.all()}
    return {
        "day": start.date(),
        "clock": start.time(),
        "length_min": (booked.end_at - booked.start_at) // timedelta(minutes=1),
        "version": booked.version,
    } | {kind.value: held.get(kind.value) for kind in ResourceKind}


@require_http_methods(["GET", "POST"])
@roles(*MOVES_SESSIONS)
def cancel(request: ClinicRequest, planned_id: UUID) -> HttpResponse:
    form = CancelForm(request.POST or None)
    return _change(
        request,
        _session(request, planned_id),
        form,
        _("Cancel this visit"),
        lambda: actions.cancel_session(
            session_id=planned_id,
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            at=timezone.now(),
        ),
    )


@require_http_methods(["GET", "POST"])
@roles(*MOVES_SESSIONS)
def missed(request: ClinicRequest, planned_id: UUID) -> HttpResponse:
    """They did not come: the plan says so, and the chair is free."""
    form = MissedForm(request.POST if request.method == "POST" else None)
    return _change(
        request,
        _session(request, planned_id),
        form,
        _("They did not come"),
        lambda: actions.mark_missed(
            session_id=planned_id,
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            at=timezone.now(),
        ),
    )


def _session(request: ClinicRequest, session_id: UUID) -> PlannedSession:
    session: PlannedSession | None = (
        PlannedSession.objects.select_related("course__patient__clinic")
        .filter(pk=session_id, course__patient__clinic_id=request.viewer.clinic_id)
        .first()
    )
    if session is None:
        raise Http404
    at, patient = timezone.now(), session.course.patient
    require_may_change_visits(request.viewer, patient, at)
    note_read(by=request.viewer.actor, at=at, patient_id=patient.pk, purpose="course")
    return session


def _change(
    request: ClinicRequest,
    session: PlannedSession,
    form: Form,
    title: str,
    act: Callable[[], object],
) -> HttpResponse:
    """One visit, one form, back to where the viewer came from; a refusal stands above what was typed."""
    refusals: tuple[str, ...] = ()
    sees_chart = request.viewer.role in CHART_ROLES
    back = reverse("course" if sees_chart else "course-times", args=[session.course_id])
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except CannotPlan as error:
            refusals = (str(error),)
        except CannotBook as error:
            refusals = error.reasons
        else:
            messages.success(request, _("Kept."))
            return HttpResponseRedirect(back)
    return render(
        request,
        "courses/change.html",
        {"session": session, "form": form, "title": title, "refusals": refusals, "back": back},
        status=409 if refusals else 422 if form.errors else 200,
    )
