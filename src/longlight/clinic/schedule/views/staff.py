"""The day by chair, and booking, moving, cancelling and marking an appointment."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.people.rules import CARE_ROLES
from longlight.clinic.schedule import actions, queries
from longlight.clinic.schedule.access import ARRANGERS
from longlight.clinic.schedule.forms import BookForm, DayForm, MarkForm, MoveForm, ReasonForm
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.rules import (
    NEXT,
    STATUS_LABELS,
    Booking,
    CannotBook,
    CannotChange,
    Kind,
    ResourceKind,
    Status,
    usual_lengths,
)

MARKS = {
    Status.ARRIVED: gettext_lazy("Mark arrived"),
    Status.FULFILLED: gettext_lazy("Mark done"),
    Status.NO_SHOW: gettext_lazy("Did not come"),
    Status.BOOKED: gettext_lazy("Not arrived after all"),
}


@roles(*CARE_ROLES)
def day(request: ClinicRequest) -> HttpResponse:
    """A day, lane by lane."""
    clinic = request.clinic
    today = timezone.now().astimezone(ZoneInfo(clinic.time_zone)).date()
    form = DayForm(request.GET if "day" in request.GET else {"day": today})
    shown: date = form.cleaned_data["day"] if form.is_valid() else today
    return render(
        request,
        "schedule/day.html",
        {
            "plan": queries.day_plan(request.viewer, shown),
            "form": form,
            "may_arrange": request.viewer.role in ARRANGERS,
            "today": today,
            "before": shown - timedelta(days=1),
            "after": shown + timedelta(days=1),
        },
        status=200 if form.is_valid() else 422,
    )


@roles(*CARE_ROLES)
def book(request: ClinicRequest) -> HttpResponse:
    """Book an appointment."""
    clinic = request.clinic
    found = list(queries.resources(request.viewer))
    if request.method != "POST":
        form = BookForm(zone=clinic.time_zone, resources=found, initial=_wished(request, clinic))
        return _page(request, "schedule/book.html", form)
    form = BookForm(request.POST, zone=clinic.time_zone, resources=found)
    if form.is_valid():
        patient = _patient(request, form)
        if not form.errors:
            booking = Booking(
                form.cleaned_data["id"],
                form.chosen_kind,
                form.start_at,
                form.length,
                form.held,
                patient.pk if patient else None,
                "" if patient else form.cleaned_data["called"],
                form.cleaned_data["note"],
            )
            try:
                made = actions.book(viewer=request.viewer, at=timezone.now(), booking=booking)
            except CannotBook as refused:
                form.refuse(_with_nearest(refused, clinic, booking))
            else:
                return _to_day(made, clinic)
    return _page(request, "schedule/book.html", form)


def _wished(request: ClinicRequest, clinic: Clinic) -> dict[str, object]:
    """What a link asked for: `?day=…&clock=…&chair=…&kind=…&patient_number=…&called=…`."""
    wish: dict[str, object] = {
        name: value
        for name, value in request.GET.items()
        if name in {"day", "clock", "chair", "room", "staff", "patient_number", "called"}
    }
    asked = request.GET.get("kind", "")
    kind = Kind(asked) if asked in set(Kind) else Kind.DOSING
    length = usual_lengths()[kind].length
    today = timezone.now().astimezone(ZoneInfo(clinic.time_zone)).date()
    return {
        "kind": kind.value,
        "length_min": length // timedelta(minutes=1),
        "day": today,
    } | wish


def _patient(request: ClinicRequest, form: BookForm) -> Patient | None:
    number = form.cleaned_data["patient_number"].strip()
    if not number:
        return None
    patient = queries.patient_by_number(request.viewer, number)
    if patient is None:
        form.add_error(
            "patient_number", _("No patient has this number: check it, or leave it empty.")
        )
    return patient


def _with_nearest(refused: CannotBook, clinic: Clinic, booking: Booking) -> list[str]:
    """Why not, and in the last sentence the next free times of what was wanted."""
    *first, last = refused.reasons
    found = (
        queries.next_openings(
            clinic=clinic,
            resource_ids=booking.resource_ids,
            length=booking.length,
            after=max(booking.start_at, timezone.now()),
        )
        if booking.resource_ids
        else []
    )
    if not found:
        return [*first, last]
    times = "; ".join(f"{moment:%a} {moment.day} {moment:%b, %H:%M}" for moment in found)
    return [*first, f"{last} " + _("Next free: %(times)s.") % {"times": times}]


def _page(
    request: ClinicRequest,
    template: str,
    form: BookForm | MoveForm | ReasonForm,
    **more: object,
) -> HttpResponse:
    return render(request, template, {"form": form} | more, status=422 if form.errors else 200)


def _to_day(appointment: Appointment, clinic: Clinic) -> HttpResponseRedirect:
    day = appointment.start_at.astimezone(ZoneInfo(clinic.time_zone)).date()
    return HttpResponseRedirect(f"{reverse('schedule-day')}?day={day}#a-{appointment.pk}")


@roles(*CARE_ROLES)
def appointment(request: ClinicRequest, appointment_id: UUID) -> HttpResponse:
    """One appointment: what it is, where it came from, what can be done."""
    found = _found(request, appointment_id)
    status = Status(found.status)
    return render(
        request,
        "schedule/appointment.html",
        {
            "appointment": found,
            "successor": queries.successor(request.viewer, found.pk),
            "marks": [(mark.value, label) for mark, label in MARKS.items() if mark in NEXT[status]],
            "can_move": Status.MOVED in NEXT[status],
            "can_cancel": Status.CANCELLED in NEXT[status],
        },
    )


def _found(request: ClinicRequest, appointment_id: UUID) -> Appointment:
    found = queries.appointment(request.viewer, appointment_id)
    if found is None:
        raise Http404
    return found


@roles(*CARE_ROLES)
def move(request: ClinicRequest, appointment_id: UUID) -> HttpResponse:
    """A new time for an appointment, with the reason."""
    old = _found(request, appointment_id)
    if old.plan_id is not None:  # plan and appointment are moved together
        return redirect("session-move", old.plan_id)
    resources = list(queries.resources(request.viewer))
    if request.method != "POST":
        form = MoveForm(zone=old.clinic.time_zone, resources=resources, initial=_as_it_is(old))
        return _page(request, "schedule/move.html", form, appointment=old)
    form = MoveForm(request.POST, zone=old.clinic.time_zone, resources=resources)
    if form.is_valid():
        booking = Booking(
            form.cleaned_data["id"],
            Kind(old.kind),
            form.start_at,
            form.length,
            form.held,
            note=form.cleaned_data["note"],
        )
        try:
            new = actions.move(
                viewer=request.viewer,
                at=timezone.now(),
                appointment_id=old.pk,
                version=form.cleaned_data["version"],
                booking=booking,
                reason=form.chosen,
                text=form.cleaned_data["text"],
            )
        except CannotChange as refused:
            form.refuse(refused.reasons)
        except CannotBook as refused:
            form.refuse(_with_nearest(refused, old.clinic, booking))
        else:
            return _to_day(new, old.clinic)
    return _page(request, "schedule/move.html", form, appointment=old)


def _as_it_is(old: Appointment) -> dict[str, object]:
    start = old.start_at.astimezone(ZoneInfo(old.clinic.time_zone))
    held = {hold.resource.kind: hold.resource_id for hold in old.holds.all()}
    return {
        "day": start.date(),
        "clock": start.time(),
        "length_min": (old.end_at - old.start_at) // timedelta(minutes=1),
        "note": old.note,
        "version": old.version,
    } | {kind.value: held.get(kind.value) for kind in ResourceKind}


@roles(*CARE_ROLES)
def cancel(request: ClinicRequest, appointment_id: UUID) -> HttpResponse:
    """Give an appointment up, with the reason."""
    found = _found(request, appointment_id)
    if found.plan_id is not None:
        return redirect("session-cancel", found.plan_id)
    if request.method != "POST":
        form = ReasonForm(initial={"version": found.version})
        return _page(request, "schedule/cancel.html", form, appointment=found)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.cancel(
                viewer=request.viewer,
                at=timezone.now(),
                appointment_id=found.pk,
                version=form.cleaned_data["version"],
                reason=form.chosen,
                text=form.cleaned_data["text"],
            )
        except CannotChange as refused:
            form.refuse(refused.reasons)
        else:
            return _to_day(found, found.clinic)
    return _page(request, "schedule/cancel.html", form, appointment=found)


@roles(*CARE_ROLES)
def mark(request: ClinicRequest, appointment_id: UUID) -> HttpResponse:
    """Arrived, done, did not come."""
    if request.method != "POST":
        return redirect("schedule-appointment", appointment_id)
    found = _found(request, appointment_id)
    form = MarkForm(request.POST)
    if not form.is_valid():
        raise Http404
    if found.plan_id is not None and form.cleaned_data["status"] == Status.NO_SHOW:
        return redirect("session-missed", found.plan_id)
    try:
        actions.mark(
            viewer=request.viewer,
            at=timezone.now(),
            appointment_id=found.pk,
            version=form.cleaned_data["version"],
            status=Status(form.cleaned_data["status"]),
        )
    except CannotChange as refused:
        return render(
            request,
            "schedule/refused.html",
            {
                "appointment": found,
                "reasons": refused.reasons,
                "status_label": STATUS_LABELS[Status(found.status)],
            },
            status=409,
        )
    return redirect("schedule-appointment", appointment_id)
