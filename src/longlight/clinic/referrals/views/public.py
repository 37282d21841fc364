"""Asking for an appointment, and following a request by its link. No account, no script needed."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from longlight.clinic.people.access import public
from longlight.clinic.referrals import actions, queries
from longlight.clinic.referrals.access import address_hash, token_of
from longlight.clinic.referrals.forms import AskForm
from longlight.clinic.referrals.models import Referral, RequestDesk
from longlight.clinic.referrals.rules import CannotAsk, CannotTriage, Status, TooManyAsked
from longlight.clinic.schedule.queries import current
from longlight.ui.shelf import same_for_everyone


@public
@same_for_everyone(queries.desks_shown)
def choose_clinic(request: HttpRequest) -> HttpResponse:
    """Whom to ask."""
    desks = list(queries.desks_taking_requests())
    return render(request, "referrals/clinics.html", {"desks": desks})


@public
@never_cache
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, then a page to check the answers, then the receipt."""
    desk = queries.desk_by_slug(slug)
    if desk is None:
        raise Http404
    now = timezone.now()
    readers = _("%(readers)s read this, %(hours)s. It is not for emergencies.") % {
        "readers": desk.readers,
        "hours": desk.hours,
    }
    if request.method != "POST":
        return _page(request, desk, AskForm(now=now, readers=readers))
    if request.POST.get("step") == "change":
        return _page(request, desk, AskForm(now=now, readers=readers, initial=request.POST.dict()))
    form = AskForm(request.POST, now=now, readers=readers)
    if not form.is_valid():
        return _page(request, desk, form)
    if request.POST.get("step") != "send":
        return render(request, "referrals/check.html", {"desk": desk, "form": form})
    return _send(request, desk, form, now)


def _page(request: HttpRequest, desk: RequestDesk, form: AskForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "referrals/ask.html", {"desk": desk, "form": form}, status=status)


def _send(request: HttpRequest, desk: RequestDesk, form: AskForm, now: datetime) -> HttpResponse:
    try:
        referral = actions.ask(
            at=now, asked=form.asked(desk.clinic_id), address_hash=address_hash(request)
        )
    except TooManyAsked as refused:
        known = {"desk": desk, "reason": str(refused)}
        return render(request, "referrals/too-many.html", known, status=429)
    except CannotAsk as refused:
        form.add_error(None, str(refused))
        return _page(request, desk, form)
    return redirect("referral-status", token_of(referral.pk))


@public
@never_cache
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Where a request stands: the receipt, and what comes next."""
    return _show(request, _by_token(token), token)


def _by_token(token: str) -> Referral:
    referral = queries.referral_by_token(token, timezone.now())
    if referral is None:
        raise Http404
    return referral


def _show(
    request: HttpRequest, referral: Referral, token: str, reasons: tuple[str, ...] = ()
) -> HttpResponse:
    held = referral.appointment
    return render(
        request,
        "referrals/status.html",
        {
            "referral": referral,
            "token": token,
            "desk": queries.desk_of_clinic(referral.clinic_id),
            "appointment": current(held) if held else None,
            "clinic": referral.clinic,
            "reasons": reasons,
            "can_withdraw": referral.status
            in {Status.NEW, Status.CLAIMED, Status.OFFERED, Status.BOOKED},
        },
        status=409 if reasons else 200,
    )


@public
@never_cache
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take a request back; asked once more before it is done."""
    referral = _by_token(token)
    if request.method != "POST":
        return render(request, "referrals/withdraw.html", {"referral": referral, "token": token})
    try:
        actions.withdraw(at=timezone.now(), referral_id=referral.pk)
    except CannotTriage as refused:
        return _show(request, referral, token, refused.reasons)
    return redirect("referral-status", token)


@public
@never_cache
def answer(request: HttpRequest, token: str, appointment_id: UUID) -> HttpResponse:
    """Say whether an offered time suits."""
    referral = _by_token(token)
    said = request.POST.get("suits")
    if request.method != "POST" or said not in {"yes", "no"}:
        return redirect("referral-status", token)
    try:
        actions.answer_offer(
            at=timezone.now(),
            referral_id=referral.pk,
            appointment_id=appointment_id,
            suits=said == "yes",
        )
    except CannotTriage as refused:
        return _show(request, referral, token, refused.reasons)
    return redirect("referral-status", token)
