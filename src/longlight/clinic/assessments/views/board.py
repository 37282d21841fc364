"""Staff's lists: the board of what is asked, and who has gone quiet; and the call that is logged from there."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from longlight.clinic.assessments.actions.attending import log_call
from longlight.clinic.assessments.actions.scheduling import FOR_EVERYBODY
from longlight.clinic.assessments.forms import CallForm
from longlight.clinic.assessments.models import DueAssessment, PatientCall
from longlight.clinic.assessments.queries import clinician_rated, short_title
from longlight.clinic.assessments.queries.board import (
    CALLED_LATELY,
    SHOW_LABELS,
    Show,
    board,
    board_counts,
    calls_of,
    gone_quiet,
)
from longlight.clinic.assessments.queries.due import rules_for
from longlight.clinic.assessments.queries.planning import zone_of
from longlight.clinic.assessments.queries.reminding import reminding_of
from longlight.clinic.assessments.rules import CallOutcome, CannotRecord
from longlight.clinic.assessments.views.words import ladder_words, window_in_words
from longlight.clinic.contact.queries import leave_words_of
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read
from longlight.science.schedules import usual
from longlight.ui.parts import MenuItem

ROWS_A_PAGE = 50
OUTCOMES = dict(CallForm.base_fields["outcome"].choices)  # type: ignore[attr-defined]


@roles(*CHART_ROLES)
@require_safe
def questionnaires(request: ClinicRequest) -> HttpResponse:
    """The board: everything that is asked at this clinic, by how it stands."""
    asked = request.GET.get("show", "")
    return _board(request, Show(asked) if asked in set(Show) else Show.OPEN)


@roles(*CHART_ROLES)
@require_safe
def overdue(request: ClinicRequest) -> HttpResponse:
    """What was asked more than a day ago and is still open, what closes first at the top."""
    return _board(request, Show.OVERDUE)


def _board(request: ClinicRequest, show: Show) -> HttpResponse:
    now, clinic_id = timezone.now(), request.viewer.clinic_id
    found = board(viewer=request.viewer, show=show, at=now)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    counts = board_counts(viewer=request.viewer, at=now)
    dues = list(page)
    rules = rules_for(dues)
    shown = {
        "show": show.value,
        "title": SHOW_LABELS[show],
        "tabs": _tabs(show, counts),
        "rows": [_row(due, rules.get(due.pk), now) for due in dues],
        "page": page,
        "reminders": ladder_words(reminding_of([clinic_id])[clinic_id]),
        "viewer_plans": request.viewer.role in FOR_EVERYBODY,
    }
    return render(request, "assessments/board.html", shown)


def _tabs(show: Show, counts: dict[Show, int]) -> list[MenuItem]:
    at_board = reverse("questionnaires")
    items = [
        MenuItem(
            f"{SHOW_LABELS[each]} {counts[each]}",
            reverse("questionnaires-overdue") if each is Show.OVERDUE else f"{at_board}?show={each.value}",
            each is show,
        )
        for each in Show
    ]  # fmt: skip
    return [*items, MenuItem(_("Gone quiet"), reverse("questionnaires-quiet"))]


def _row(due: DueAssessment, rule: Any, at: datetime) -> dict[str, object]:
    zone = zone_of(due.patient)

    def here(moment: datetime | None) -> datetime | None:
        return moment.astimezone(zone) if moment else None

    return {
        "due": due,
        "title": short_title(due.instrument_id),
        "why": rule.why if rule else "",
        "is_rating": due.instrument_id in clinician_rated(),
        "window": _window(due, zone),
        "sent_at": here(due.sent_at),
        "shown_at": here(due.shown_at),
        "started_at": here(due.started_at),
        "answered_at": here(due.answered_at),
        "late_at": here(getattr(due, "late_at", None)),
        "snoozed_until": here(due.snoozed_until)
        if due.snoozed_until and due.snoozed_until > at
        else None,
        "days_open": (at - due.opens_at).days if due.opens_at else 0,
    }


def _window(due: DueAssessment, zone: ZoneInfo) -> tuple[str, str]:
    if due.opens_at is None or due.closes_at is None:
        return date_format(due.due_on, "j M"), ""
    return window_in_words(due.opens_at, due.closes_at, zone)


@roles(*CHART_ROLES)
@require_safe
def quiet(request: ClinicRequest) -> HttpResponse:
    """Who has answered nothing lately: why it matters, and what to do."""
    now = timezone.now()
    page = Paginator(gone_quiet(viewer=request.viewer, at=now), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    people: list[Any] = list(page)
    calls = calls_of(people)
    leave = leave_words_of([each.pk for each in people])
    rows = [
        {
            "patient": each,
            "call": calls.get(each.pk),
            "leave_words": leave[each.pk],
            "outcome": _outcome(calls.get(each.pk)),
            "called_lately": each.called_at is not None and now - each.called_at < CALLED_LATELY,
            "days": (now - each.last_answer_at).days if each.last_answer_at else None,
        }
        for each in people
    ]
    rows.sort(key=lambda row: bool(row["called_lately"]))
    shown = {
        "rows": rows,
        "page": page,
        "days": usual().gone_quiet_after.days,
        "tabs": [
            MenuItem(_("Board"), reverse("questionnaires")),
            MenuItem(_("Overdue"), reverse("questionnaires-overdue")),
            MenuItem(_("Gone quiet"), reverse("questionnaires-quiet"), True),
        ],
    }
    return render(request, "assessments/quiet.html", shown)


def _outcome(call: PatientCall | None) -> str:
    return str(OUTCOMES[call.outcome]) if call else ""


@roles(*CHART_ROLES)
def call(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Log that somebody telephoned, and see the calls before."""
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    note_read(by=request.viewer.actor, at=now, patient_id=patient.id, purpose="calls")
    form = CallForm(request.POST or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            log_call(
                call_id=typed["key"], patient_id=patient.id, outcome=CallOutcome(typed["outcome"]),
                note=typed["note"], viewer=request.viewer, at=now,
            )  # fmt: skip
        except CannotRecord as refusal:
            form.add_error("note", str(refusal))
        else:
            messages.success(request, _("The call is kept."))
            return HttpResponseRedirect(reverse("questionnaires-quiet"))
    calls = [(each, OUTCOMES[each.outcome]) for each in patient.calls.all()[:20]]
    leave_words = leave_words_of([patient.pk])[patient.pk]
    shown = {"patient": patient, "form": form, "calls": calls, "leave_words": leave_words}
    return render(request, "assessments/call.html", shown, status=422 if form.errors else 200)
