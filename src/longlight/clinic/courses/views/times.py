"""Times for a course's visits: which courses wait for some, a proposal, and the series booked."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from longlight.clinic.courses import actions
from longlight.clinic.courses.access import MOVES_SESSIONS, require_may_change_visits
from longlight.clinic.courses.forms import SeriesForm, WishForm
from longlight.clinic.courses.models import Course
from longlight.clinic.courses.queries import CourseTimeline, timeline_of
from longlight.clinic.courses.queries.times import (
    Proposal,
    Wish,
    courses_to_book,
    propose_times,
    without_time,
)
from longlight.clinic.courses.rules import CannotBookSeries, CannotPlan
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read
from longlight.clinic.schedule.queries import resources
from longlight.science import protocols


@dataclass(frozen=True)
class Row:
    """A visit on the page: what is proposed, its three fields, and what is wrong with it."""

    proposal: Proposal
    take: BoundField
    day: BoundField
    clock: BoundField
    errors: tuple[str, ...]


@require_safe
@roles(*MOVES_SESSIONS)
def to_book(request: ClinicRequest) -> HttpResponse:
    """Running courses with visits that have no time yet, soonest first."""
    found = [
        (course, protocols.get(course.protocol_id, course.protocol_version).title, first, count)
        for course, first, count in courses_to_book(request.viewer, timezone.localdate())
    ]
    return render(request, "courses/to-book.html", {"found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@roles(*MOVES_SESSIONS)
def times(request: ClinicRequest, course_id: UUID) -> HttpResponse:
    """The visits of a phase without a time: what suits, what is proposed for each, and booking them all."""
    timeline = _timeline(request, course_id)
    wish_form = WishForm(request.GET if "clock" in request.GET else None, resources(request.viewer))
    visits = without_time(timeline, _today(timeline), request.GET.get("phase") or None)
    proposals: list[Proposal] = []
    wish = _wish(wish_form)
    if wish is not None:
        proposals = propose_times(timeline, visits, wish, timezone.now())
    form = SeriesForm(
        request.POST if request.method == "POST" else None,
        visits=[each.session.pk for each in visits],
        starts={p.session.pk: p.start for p in proposals if p.start is not None},
        zone=timeline.course.patient.clinic.time_zone,
    )
    if request.method == "POST" and wish is not None:
        return _book(request, timeline, wish_form, form, proposals, wish)
    is_wrong = wish_form.is_bound and wish is None
    return _page(request, timeline, wish_form, form, proposals, status=422 if is_wrong else 200)


def _wish(form: WishForm) -> Wish | None:
    if not form.is_bound or not form.is_valid():
        return None
    return Wish(
        form.cleaned_data["clock"], form.held("chair", "nurse"), form.held("talker", "room")
    )


def _timeline(request: ClinicRequest, course_id: UUID) -> CourseTimeline:
    course = (
        Course.objects.select_related("patient__clinic")
        .filter(pk=course_id, patient__clinic_id=request.viewer.clinic_id)
        .first()
    )
    if course is None:
        raise Http404
    at = timezone.now()
    require_may_change_visits(request.viewer, course.patient, at)
    note_read(by=request.viewer.actor, at=at, patient_id=course.patient_id, purpose="course")
    return timeline_of(course)


def _today(timeline: CourseTimeline) -> date:
    zone = ZoneInfo(timeline.course.patient.clinic.time_zone)
    return timezone.now().astimezone(zone).date()


def _book(
    request: ClinicRequest,
    timeline: CourseTimeline,
    wish_form: WishForm,
    form: SeriesForm,
    proposals: list[Proposal],
    wish: Wish,
) -> HttpResponse:
    if not form.is_valid():
        return _page(request, timeline, wish_form, form, proposals, status=422)
    wanted = form.times({p.session.pk: wish.holds_for(p.session) for p in proposals})
    if form.row_errors:
        return _page(request, timeline, wish_form, form, proposals, status=422)
    if not wanted:
        if not proposals:  # the same page, sent once more: there is nothing left to book
            return HttpResponseRedirect(reverse("course-times", args=[timeline.course.pk]))
        nothing = (str(_("Tick at least one visit.")),)
        return _page(request, timeline, wish_form, form, proposals, reasons=nothing, status=422)
    try:
        made = actions.book_series(
            course_id=timeline.course.pk,
            times=wanted,
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            at=timezone.now(),
        )
    except CannotBookSeries as refused:
        form.row_errors = {visit: list(why) for visit, why in refused.by_visit.items()}
        common = refused.common or (
            str(_("Nothing is booked yet: some of these times do not go.")),
        )
        return _page(request, timeline, wish_form, form, proposals, reasons=common, status=409)
    except CannotPlan as refused:
        return _page(
            request, timeline, wish_form, form, proposals, reasons=(str(refused),), status=409
        )
    count = len(made)
    messages.success(
        request,
        ngettext("%(n)s visit is booked.", "%(n)s visits are booked.", count) % {"n": count},
    )
    return HttpResponseRedirect(reverse("course-times", args=[timeline.course.pk]))


def _page(
    request: ClinicRequest,
    timeline: CourseTimeline,
    wish_form: WishForm,
    form: SeriesForm,
    proposals: list[Proposal],
    *,
    reasons: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    rows = [
        Row(
            proposal,
            form[f"take_{proposal.session.pk}"],
            form[f"day_{proposal.session.pk}"],
            form[f"clock_{proposal.session.pk}"],
            tuple(form.row_errors.get(proposal.session.pk, ())),
        )
        for proposal in proposals
    ]
    shown = {
        "course": timeline.course,
        "patient": timeline.course.patient,
        "zone": timeline.course.patient.clinic.time_zone,
        "title": timeline.protocol.title,
        "booked": [each for each in timeline.by_day if each.appointment],
        "open": without_time(timeline, _today(timeline), request.GET.get("phase") or None),
        "wish_form": wish_form,
        "form": form,
        "rows": rows,
        "reasons": reasons,
        "sees_chart": request.viewer.role in CHART_ROLES,
    }
    return render(request, "courses/times.html", shown, status=status)
