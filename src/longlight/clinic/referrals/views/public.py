"""Asking for an appointment, and following a request by its link. No account, no script needed."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from longlight.clinic.approaches.forms import place_in
from longlight.clinic.people.access import public
from longlight.clinic.referrals import actions, queries
from longlight.clinic.referrals.access import address_hash, token_of
from longlight.clinic.referrals.forms.asking import AskForm
from longlight.clinic.referrals.forms.changing import ChangeForm
from longlight.clinic.referrals.forms.times import start_at
from longlight.clinic.referrals.models import Referral, RequestDesk
from longlight.clinic.referrals.rules import (
    OPEN,
    CannotAsk,
    CannotTriage,
    Concern,
    SlotTaken,
    TooManyAsked,
    nearest,
    spread,
)
from longlight.clinic.schedule.queries import current
from longlight.ui.shelf import same_for_everyone


# Exempt on purpose, here and below: these pages only pass on what came with the form, and change nothing.
@csrf_exempt
@public
@same_for_everyone(queries.desks_shown)
def choose_clinic(request: HttpRequest) -> HttpResponse:
    """Whom to ask; with the summary of the aid in hand, when it came along."""
    desks = list(queries.desks_taking_requests())
    place = place_in(request.POST)
    carried = place.sealed if place else ""
    return render(request, "referrals/clinics.html", {"desks": desks, "carried": carried})


@csrf_exempt
@public
@never_cache
def ask_with_summary(request: HttpRequest, slug: str) -> HttpResponse:
    """The empty form, with the summary of the aid in hand."""
    desk = _desk(slug)
    place = place_in(request.POST)
    if place is None:
        return redirect("referral-ask", slug)
    said = {"carried": place.sealed, "brings_summary": True}
    return _page(request, desk, _form(desk, None, timezone.now(), initial=said))


@public
@never_cache
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, then a page to check the answers, then the receipt."""
    desk = _desk(slug)
    now = timezone.now()
    if request.method != "POST":
        return _page(request, desk, _form(desk, None, now))
    if request.POST.get("step") in {"change", "zone"}:
        return _page(request, desk, _form(desk, None, now, initial=request.POST.dict()))
    form = _form(desk, request.POST, now)
    if not form.is_valid():
        # Sent a second time, the time that it asks for is taken: by itself.
        sent = queries.sent_before(form.cleaned_data.get("id"), desk.clinic_id)
        if request.POST.get("step") == "send" and sent is not None:
            return redirect("referral-status", token_of(sent.pk))
        return _page(request, desk, form)
    if request.POST.get("step") != "send":
        return render(request, "referrals/check.html", {"desk": desk, "form": form})
    return _send(request, desk, form, now)


def _desk(slug: str) -> RequestDesk:
    desk = queries.desk_by_slug(slug)
    if desk is None:
        raise Http404
    return desk


def _form(
    desk: RequestDesk,
    said: QueryDict | None,
    now: datetime,
    *,
    initial: Mapping[str, object] | None = None,
) -> AskForm:
    readers = _("%(readers)s read this, %(hours)s. It is not for emergencies.") % {
        "readers": desk.readers,
        "hours": desk.hours,
    }
    wanted = start_at((said or initial or {}).get("slot", ""))  # type: ignore[arg-type]
    slots = _slots(desk, wanted, now)
    return AskForm(
        said,
        now=now,
        readers=readers,
        slots=slots,
        clinic_zone=desk.clinic.time_zone,
        initial=initial,
    )


def _slots(desk: RequestDesk, wanted: datetime | None, now: datetime) -> list[datetime]:
    """The times to show: with the chosen one while it is free; near it when it was taken."""
    free = queries.free_times(desk, now=now)
    if wanted is None:
        return spread(free)
    if wanted in free:
        return sorted({*spread(free), wanted})
    return nearest(free, wanted)


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
    except SlotTaken as refused:
        again = _form(desk, request.POST, now)
        again.is_valid()
        if not again.has_error("slot"):
            again.add_error("slot", str(refused))
        return _page(request, desk, again)
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
            "can_withdraw": referral.status in OPEN,
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
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Change how to be reached, or the time. What was said before is kept at the clinic, and not shown here."""
    referral = _by_token(token)
    desk = queries.desk_of_clinic(referral.clinic_id)
    now = timezone.now()
    has_slots = desk is not None and referral.concern != Concern.WORK
    wanted = start_at(request.POST.get("slot", ""))
    slots = _slots(desk, wanted, now) if desk and has_slots else []
    zone = referral.clinic.time_zone
    if request.method != "POST":
        return _change_page(request, referral, token, ChangeForm(slots=slots, clinic_zone=zone))
    form = ChangeForm(request.POST, slots=slots, clinic_zone=zone)
    if form.is_valid():
        try:
            actions.change(at=now, referral_id=referral.pk, changed=form.changed())
        except CannotTriage as refused:
            form.add_error(None, list(refused.reasons))
        except SlotTaken as refused:
            form.add_error("slot", str(refused))
        else:
            return redirect("referral-status", token)
    elif queries.is_changed_by(form.cleaned_data.get("id"), referral):
        return redirect("referral-status", token)  # sent a second time
    return _change_page(request, referral, token, form)


def _change_page(
    request: HttpRequest, referral: Referral, token: str, form: ChangeForm
) -> HttpResponse:
    known = {"referral": referral, "token": token, "form": form}
    status = 422 if form.errors else 200
    return render(request, "referrals/change.html", known, status=status)


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
