"""Messages that did not arrive: who was to be told, why it failed, who sees to it, and what became of it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from longlight.clinic.contact import queries
from longlight.clinic.contact.access import MINDS_THE_OUTBOX, SEES_TO_MESSAGES
from longlight.clinic.contact.actions import claim_undelivered, close_undelivered
from longlight.clinic.contact.forms import OUTCOME_WORDS, SettleForm
from longlight.clinic.contact.models import GivenUp
from longlight.clinic.contact.rules import (
    ADDRESS_REFUSED,
    MESSAGE_REFUSED,
    WORKER_DIED,
    CannotSettle,
    Channel,
    GivenUpOutcome,
    GivenUpStatus,
    MessageKind,
)
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.rules import CHART_ROLES, REGISTER_ROLES
from longlight.clinic.record.actions import note_read

MOST_ROWS = 100
ABOUT = {
    MessageKind.SOMETHING_NEW: gettext_lazy("that there is a message to read"),
    MessageKind.QUESTIONS_WAITING: gettext_lazy("that questions are waiting"),
    MessageKind.APPOINTMENT: gettext_lazy("about an appointment"),
    MessageKind.REQUEST_NEWS: gettext_lazy("about a request for an appointment"),
    MessageKind.STAFF_REVIEW: gettext_lazy("that something needs review"),
    MessageKind.ACCOUNT: gettext_lazy("about signing in"),
}
WHY = {
    ADDRESS_REFUSED: gettext_lazy("The receiving server says that there is no such address."),
    MESSAGE_REFUSED: gettext_lazy("The mail server does not take messages from here."),
    WORKER_DIED: gettext_lazy("Sending it stopped the worker each time."),
}
STATUS_WORDS = {
    GivenUpStatus.NEW: gettext_lazy("nobody has claimed it"),
    GivenUpStatus.CLAIMED: gettext_lazy("claimed"),
    GivenUpStatus.CLOSED: gettext_lazy("settled"),
}
those_who_see_to_messages = roles(*SEES_TO_MESSAGES)


@dataclass(frozen=True)
class Row:
    """One message as the list and its own page show it."""

    given_up: GivenUp
    about: str
    why: str
    state: str
    outcome: str

    @property
    def is_text(self) -> bool:
        return self.given_up.message.channel == Channel.SMS.value


def _row(given_up: GivenUp) -> Row:
    kind = given_up.trouble.partition(":")[0]
    name = given_up.closed_by_name or given_up.claimed_by_name
    state = str(STATUS_WORDS[GivenUpStatus(given_up.status)])
    return Row(
        given_up,
        str(ABOUT[MessageKind(given_up.message.kind)]),
        str(WHY.get(kind, _("It could not be handed over, however often it was tried."))),
        f"{state}, {name}" if name else state,
        str(OUTCOME_WORDS[GivenUpOutcome(given_up.outcome)]) if given_up.outcome else "",
    )


@those_who_see_to_messages
@require_safe
def undelivered(request: ClinicRequest) -> HttpResponse:
    """What did not arrive and nobody has settled, the newest first; with `show=settled` what is settled."""
    shows_settled = request.GET.get("show") == "settled"
    found = (
        queries.undelivered(viewer=request.viewer).filter(status=GivenUpStatus.CLOSED.value)
        if shows_settled
        else queries.open_undelivered(viewer=request.viewer)
    )
    count = found.count()
    shown = {
        "rows": [_row(each) for each in found[:MOST_ROWS]],
        "more": max(0, count - MOST_ROWS),
        "shows_settled": shows_settled,
        "minds_the_outbox": request.viewer.role in MINDS_THE_OUTBOX,
    }
    return render(request, "contact/undelivered.html", shown)


@those_who_see_to_messages
@require_safe
def one(request: ClinicRequest, given_up_id: UUID) -> HttpResponse:
    return _page(request, given_up_id, SettleForm())


@those_who_see_to_messages
@require_POST
def claim(request: ClinicRequest, given_up_id: UUID) -> HttpResponse:
    try:
        claim_undelivered(given_up_id=given_up_id, viewer=request.viewer, at=timezone.now())
    except CannotSettle as refusal:
        return _page(request, given_up_id, SettleForm(), refusal=str(refusal), status=409)
    return HttpResponseRedirect(reverse("undelivered-one", args=[given_up_id]))


@those_who_see_to_messages
@require_POST
def settle(request: ClinicRequest, given_up_id: UUID) -> HttpResponse:
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, given_up_id, form, status=422)
    try:
        close_undelivered(
            given_up_id=given_up_id, outcome=GivenUpOutcome(form.cleaned_data["outcome"]),
            note=form.cleaned_data["note"], viewer=request.viewer, at=timezone.now(),
        )  # fmt: skip
    except CannotSettle as refusal:
        return _page(request, given_up_id, form, refusal=str(refusal), status=409)
    messages.success(request, _("Settled."))
    return HttpResponseRedirect(reverse("undelivered"))


def _leave_words(given_up: GivenUp) -> str:
    patient_id = given_up.patient_id
    return queries.leave_words_of([patient_id])[patient_id] if patient_id else ""


def _page(
    request: ClinicRequest,
    given_up_id: UUID,
    form: SettleForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    given_up = queries.undelivered(viewer=viewer).filter(pk=given_up_id).first()
    if given_up is None:
        raise Http404
    if given_up.patient_id is not None:
        note_read(
            by=viewer.actor, at=timezone.now(), patient_id=given_up.patient_id, purpose="message"
        )
    shown = {
        "row": _row(given_up),
        "given_up": given_up,
        "form": form,
        "refusal": refusal,
        "leave_words": _leave_words(given_up),
        "is_open": given_up.status != GivenUpStatus.CLOSED.value,
        "is_mine": given_up.claimed_by_id == viewer.account_id,
        "sees_charts": viewer.role in CHART_ROLES,
        "changes_contact": viewer.role in REGISTER_ROLES,
    }
    return render(request, "contact/undelivered-one.html", shown, status=status)
