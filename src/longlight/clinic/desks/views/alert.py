"""An alert with what was done about it, and the earlier answers to the same item: safety's and the questionnaires' own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from longlight.clinic.assessments.queries.history import ItemAnswer, answers_to_item
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.record.actions import note_read
from longlight.clinic.safety import actions, queries
from longlight.clinic.safety.access import WORKS_ON_ALERTS
from longlight.clinic.safety.forms import ContactForm, OutcomeForm
from longlight.clinic.safety.models import Alert
from longlight.clinic.safety.rules import AlertStatus, CannotChange, ContactResult, Outcome
from longlight.clinic.safety.views import words

those_who_work_on_alerts = roles(*WORKS_ON_ALERTS)


@require_GET
@those_who_work_on_alerts
def alert(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    return _page(request, alert_id, ContactForm(), OutcomeForm())


@require_POST
@those_who_work_on_alerts
def claim(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    return _do(
        request,
        alert_id,
        lambda: actions.claim(alert_id=alert_id, viewer=request.viewer, at=timezone.now()),
    )


@require_POST
@those_who_work_on_alerts
def contact(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, alert_id, form, OutcomeForm(), status=422)
    return _do(
        request,
        alert_id,
        lambda: actions.log_contact(
            alert_id=alert_id,
            result=ContactResult(form.cleaned_data["result"]),
            note=form.cleaned_data["note"],
            viewer=request.viewer,
            at=timezone.now(),
        ),
        contact=form,
    )


@require_POST
@those_who_work_on_alerts
def outcome(request: ClinicRequest, alert_id: UUID) -> HttpResponse:
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, alert_id, ContactForm(), form, status=422)
    return _do(
        request,
        alert_id,
        lambda: actions.record_outcome(
            alert_id=alert_id,
            outcome=Outcome(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            viewer=request.viewer,
            at=timezone.now(),
        ),
        outcome=form,
    )


def _do(
    request: ClinicRequest,
    alert_id: UUID,
    act: Callable[[], Alert],
    *,
    contact: Form | None = None,
    outcome: Form | None = None,
) -> HttpResponse:
    """Act and go back to the alert; a refusal is told on the page, with what was typed still there."""
    try:
        act()
    except Alert.DoesNotExist:
        raise Http404 from None
    except CannotChange as refusal:
        return _page(
            request,
            alert_id,
            contact or ContactForm(),
            outcome or OutcomeForm(),
            refusal=str(refusal),
            status=409,
        )
    return HttpResponseRedirect(reverse("alert", args=[alert_id]))


def _page(
    request: ClinicRequest,
    alert_id: UUID,
    contact: Form,
    outcome: Form,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    found = queries.alert_with_events(alert_id=alert_id, viewer=request.viewer)
    if found is None:
        raise Http404
    line, events = found
    at = timezone.now()
    note_read(by=request.viewer.actor, at=at, patient_id=line.alert.patient_id, purpose="safety")
    inbox = queries.inbox(viewer=request.viewer)
    answers = _answers(request, line.alert, at)
    told = {each.alert_id for each in answers}
    return render(
        request,
        "desks/alert.html",
        {
            "rows": [words.row(each, at, alert_id) for each in inbox.open],
            "alert": line.alert,
            "due_at": line.due_at,
            "what": words.what(line.alert),
            "entries": [words.entry(event) for event in events],
            "latest_answer": queries.latest_answer(events),
            "chosen_at": next((words.waited_since(each) for each in events), None),
            "question": words.question(line.alert),
            "recall_period": words.recall_period(line.alert),
            "reach": words.reach(line.alert),
            "undelivered": queries.undelivered_to(
                viewer=request.viewer, patient_id=line.alert.patient_id
            ),
            "safety_plan": queries.newest_plan(line.alert),
            "steps": words.steps(line, inbox.policy.backup.name if inbox.policy else ""),
            "answers": answers,
            "earlier": [
                each for each in queries.earlier_flags(line.alert) if each.alert.id not in told
            ],
            "is_mine": line.alert.claimed_by_id == request.viewer.account_id,
            "is_open": line.alert.status != AlertStatus.CLOSED.value,
            "policy": inbox.policy,
            "contact_form": contact,
            "outcome_form": outcome,
            "refusal": refusal,
        },
        status=status,
    )


@dataclass(frozen=True)
class _Answer:
    """An answer to the item, and the alert that it raised."""

    answer: ItemAnswer
    alert_id: UUID | None
    is_this: bool


def _answers(request: ClinicRequest, alert: Alert, at: datetime) -> list[_Answer]:
    """The item over time, for who may open the chart."""
    found = answers_to_item(
        viewer=request.viewer, patient=alert.patient, instrument_id=alert.instrument_id,
        item_number=alert.item_number, at=at,
    )  # fmt: skip
    raised = queries.alerts_by_source(alert)
    return [
        _Answer(each, raised.get(each.source_id), each.source_id == alert.source_id)
        for each in found
    ]
