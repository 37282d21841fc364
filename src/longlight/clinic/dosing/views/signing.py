"""Signing the record of a session, adding under a signed one, and the list of records that wait."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from longlight.clinic.dosing import actions
from longlight.clinic.dosing.actions.locking import AT_THE_CHAIR
from longlight.clinic.dosing.queries import records_to_sign
from longlight.clinic.dosing.rules import STATE_WORDS, CannotDo, SessionState
from longlight.clinic.dosing.views.record import record_page
from longlight.clinic.people.access import ClinicRequest, may_see_chart, roles
from longlight.clinic.record.forms import AddendumForm
from longlight.clinic.record.rules import CannotSign

A_PAGE = 50


@require_safe
@roles(*AT_THE_CHAIR)
def to_sign(request: ClinicRequest) -> HttpResponse:
    """The records that nobody has signed; a restricted chart's leads nowhere for who may not open it."""
    at = timezone.now()
    page = Paginator(records_to_sign(viewer=request.viewer), A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [
        (session, STATE_WORDS[SessionState(session.state)], may_see_chart(request.viewer, session.patient, at))
        for session in page
    ]  # fmt: skip
    return render(request, "dosing/to-sign.html", {"rows": rows, "page": page})


@require_POST
@roles(*AT_THE_CHAIR)
def sign(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    try:
        actions.sign_record(session_id=session_id, viewer=request.viewer, at=timezone.now())
    except (CannotDo, CannotSign) as refusal:
        return record_page(request, session_id, refusal=str(refusal), status=409)
    return HttpResponseRedirect(reverse("dosing-record", args=[session_id]))


@require_POST
@roles(*AT_THE_CHAIR)
def addendum(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    form = AddendumForm(request.POST)
    if not form.is_valid():
        return record_page(request, session_id, form=form, status=422)
    try:
        actions.add_to_record(
            session_id=session_id,
            addendum_id=form.cleaned_data["id"],
            text=form.cleaned_data["text"],
            viewer=request.viewer,
            at=timezone.now(),
        )
    except (CannotDo, CannotSign) as refusal:
        return record_page(request, session_id, form=form, refusal=str(refusal), status=409)
    return HttpResponseRedirect(reverse("dosing-record", args=[session_id]))
