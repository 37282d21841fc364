"""The queue of requests, and one request with what can be done about it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from longlight.clinic.approaches.views.brought import told_of
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.queries import next_patient_number
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.referrals import actions, queries
from longlight.clinic.referrals.access import ARRANGERS, TRIAGE, token_of
from longlight.clinic.referrals.forms.staff import (
    CloseForm,
    ContactForm,
    DeskForm,
    RegisterForm,
    StepForm,
)
from longlight.clinic.referrals.models import Referral, RequestDesk
from longlight.clinic.referrals.rules import NEXT, OPEN, CannotTriage, ContactMethod, Status
from longlight.clinic.schedule import queries as schedule_queries
from longlight.clinic.schedule.forms import TimeForm
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.rules import (
    LIVE,
    Booking,
    CannotBook,
    Kind,
    ResourceKind,
    usual_lengths,
)


@roles(*TRIAGE)
def queue(request: ClinicRequest) -> HttpResponse:
    """What waits, oldest first, each with its clock."""
    rows = queries.queue(request.viewer, now=timezone.now())
    return render(
        request,
        "referrals/queue.html",
        {
            "rows": rows,
            "desk": queries.desk_of(request.viewer),
            "late": sum(row.clock.is_late and not row.clock.has_answer for row in rows),
            "unclaimed": sum(row.referral.status == Status.NEW for row in rows),
            "closed": queries.closed(request.viewer),
            "may_arrange": request.viewer.role in ARRANGERS,
        },
    )


@roles(*TRIAGE)
def referral(request: ClinicRequest, referral_id: UUID) -> HttpResponse:
    """One request: what was asked, who tried to reach them, what comes next."""
    return _show(request, _found(request, referral_id))


def _found(request: ClinicRequest, referral_id: UUID) -> Referral:
    found = queries.referral(request.viewer, referral_id)
    if found is None:
        raise Http404
    return found


def _show(request: ClinicRequest, row: Referral, **forms: StepForm) -> HttpResponse:
    seen = {"version": row.version}
    status, held = Status(row.status), row.appointment
    known = {
        "referral": row,
        "clock": queries.clock_of(row, queries.desk_of(request.viewer), timezone.now()),
        "attempts": queries.attempts(row),
        "changes": queries.changes(row),
        "sees_charts": request.viewer.role in CHART_ROLES,
        "told": told_of(row.brought),
        "appointment": schedule_queries.current(held) if held else None,
        "claim_form": StepForm(initial=seen),
        "contact_form": ContactForm(initial=seen | {"method": row.contact_method}),
        "close_form": CloseForm(initial=seen),
        "is_open": status in OPEN,
        "can_claim": status is Status.NEW
        or (status in OPEN and row.claimed_by_id != request.viewer.account_id),
        "confirm_form": StepForm(initial=seen),
        "can_confirm": status is Status.CLAIMED and _is_held(held),
        "can_book": Status.BOOKED in NEXT[status] and status is Status.CLAIMED,
        "can_register": Status.REGISTERED in NEXT[status],
    }
    failed = any(form.errors for form in forms.values())
    return render(request, "referrals/referral.html", known | forms, status=422 if failed else 200)


def _is_held(held: Appointment | None) -> bool:
    return held is not None and schedule_queries.current(held).status in LIVE


def _step(request: ClinicRequest, row: Referral, form: StepForm) -> actions.Step:
    return actions.Step(request.viewer, timezone.now(), row.pk, form.cleaned_data["version"])


def _do(
    request: ClinicRequest, row: Referral, name: str, form: StepForm, act: Callable[[], object]
) -> HttpResponse:
    """Do one thing and come back to the request, or show it again with what is wrong."""
    if form.is_valid():
        try:
            act()
        except CannotTriage as refused:
            form.refuse(refused.reasons)
        else:
            return redirect("referral", row.pk)
    return _show(request, row, **{name: form})


@roles(*TRIAGE)
def claim(request: ClinicRequest, referral_id: UUID) -> HttpResponse:
    row = _found(request, referral_id)
    if request.method != "POST":
        return redirect("referral", row.pk)
    form = StepForm(request.POST)
    return _do(
        request, row, "claim_form", form, lambda: actions.claim(step=_step(request, row, form))
    )


@roles(*TRIAGE)
def confirm(request: ClinicRequest, referral_id: UUID) -> HttpResponse:
    """Say yes to the time that was asked for."""
    row = _found(request, referral_id)
    if request.method != "POST":
        return redirect("referral", row.pk)
    form = StepForm(request.POST)

    def act() -> None:
        actions.confirm_time(step=_step(request, row, form), link=_link(request, row))

    return _do(request, row, "confirm_form", form, act)


@roles(*TRIAGE)
def contact(request: ClinicRequest, referral_id: UUID) -> HttpResponse:
    row = _found(request, referral_id)
    if request.method != "POST":
        return redirect("referral", row.pk)
    form = ContactForm(request.POST)

    def act() -> None:
        method, outcome, text = form.said()
        actions.log_contact(
            step=_step(request, row, form),
            attempt_id=form.cleaned_data["id"],
            method=method,
            outcome=outcome,
            text=text,
        )

    return _do(request, row, "contact_form", form, act)


@roles(*TRIAGE)
def close(request: ClinicRequest, referral_id: UUID) -> HttpResponse:
    row = _found(request, referral_id)
    if request.method != "POST":
        return redirect("referral", row.pk)
    form = CloseForm(request.POST)

    def act() -> None:
        actions.close(
            step=_step(request, row, form),
            outcome=form.chosen_outcome,
            reason=form.chosen_reason,
            text=form.cleaned_data["text"],
            duplicate_of=form.cleaned_data["duplicate_of"],
            link=_link(request, row),
        )

    return _do(request, row, "close_form", form, act)


def _link(request: ClinicRequest, row: Referral) -> str:
    return request.build_absolute_uri(reverse("referral-status", args=[token_of(row.pk)]))


class TimeOfReferralForm(TimeForm, StepForm):
    """A time to hold for who asked."""


@roles(*TRIAGE)
def book(request: ClinicRequest, referral_id: UUID) -> HttpResponse:
    """Hold a time: offered, or booked when it was agreed on the phone."""
    row = _found(request, referral_id)
    resources = list(schedule_queries.resources(request.viewer))
    zone = row.clinic.time_zone
    if request.method != "POST":
        length = usual_lengths()[Kind.FIRST_TALK].length
        tomorrow = timezone.now().astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
        form = TimeOfReferralForm(
            zone=zone,
            resources=resources,
            initial={
                "version": row.version,
                "day": tomorrow,
                "length_min": length // timedelta(minutes=1),
            },
        )
        return _book_page(request, row, form)
    form = TimeOfReferralForm(request.POST, zone=zone, resources=resources)
    if form.is_valid():
        booking = Booking(
            form.cleaned_data["id"],
            Kind.FIRST_TALK,
            form.start_at,
            form.length,
            form.held,
            called=row.person_called or row.name,
            note=form.cleaned_data["note"],
        )
        try:
            actions.book_time(
                step=_step(request, row, form),
                booking=booking,
                is_agreed=request.POST.get("agreed") == "yes",
                link=_link(request, row),
            )
        except (CannotBook, CannotTriage) as refused:
            form.refuse(refused.reasons)
        else:
            return redirect("referral", row.pk)
    return _book_page(request, row, form)


def _book_page(request: ClinicRequest, row: Referral, form: TimeOfReferralForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "referrals/book.html", {"referral": row, "form": form}, status=status)


@roles(*TRIAGE)
def register(request: ClinicRequest, referral_id: UUID) -> HttpResponse:
    """Who asked becomes a patient."""
    row = _found(request, referral_id)
    if request.method != "POST":
        form = RegisterForm(
            initial={
                "version": row.version,
                "number": next_patient_number(request.viewer),
                "name": row.person_called or row.name,
                "email": row.contact_value if row.contact_method == ContactMethod.EMAIL else "",
            }
        )
    else:
        form = RegisterForm(request.POST)
        if form.is_valid():
            try:
                actions.register(
                    step=_step(request, row, form),
                    number=form.cleaned_data["number"],
                    name=form.cleaned_data["name"],
                    preferred_name=form.cleaned_data["preferred_name"],
                    birth_date=form.cleaned_data["birth_date"],
                    email=form.cleaned_data["email"],
                )
            except CannotTriage as refused:
                form.refuse(refused.reasons)
            else:
                return redirect("referral", row.pk)
    status = 422 if form.errors else 200
    return render(
        request, "referrals/register.html", {"referral": row, "form": form}, status=status
    )


@roles(*ARRANGERS)
def desk(request: ClinicRequest) -> HttpResponse:
    """Whether requests are taken, how soon they are answered, who reads them."""
    kept = queries.desk_of(request.viewer)
    staff = schedule_queries.resources(request.viewer).filter(kind=ResourceKind.STAFF.value)
    if request.method != "POST":
        form = DeskForm(initial=_promised(kept), staff=staff)
        return render(request, "referrals/desk.html", {"form": form})
    form = DeskForm(request.POST, staff=staff)
    if form.is_valid():
        try:
            actions.arrange_desk(viewer=request.viewer, at=timezone.now(), **form.cleaned_data)
        except CannotTriage as refused:
            form.add_error(None, list(refused.reasons))
        else:
            return redirect("referral-desk")
    return render(request, "referrals/desk.html", {"form": form}, status=422)


def _promised(kept: RequestDesk | None) -> dict[str, object]:
    if kept is None:
        return {"takes_requests": True, "target_h": 24}
    holders = list(kept.first_talks_with.values_list("pk", flat=True))
    named = ("takes_requests", "target_h", "readers", "hours")
    return {name: getattr(kept, name) for name in named} | {"first_talks_with": holders}
