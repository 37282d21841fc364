"""Appointments: book, move, cancel, mark."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import Pen, clinic_chain, patient_chain, writing
from longlight.clinic.record.rules import Actor
from longlight.clinic.schedule.access import require_may_book
from longlight.clinic.schedule.models import Appointment, Hold, Resource
from longlight.clinic.schedule.queries import clashes
from longlight.clinic.schedule.rules import (
    LIVE,
    NEXT,
    STATUS_LABELS,
    Asker,
    Booking,
    CannotBook,
    CannotChange,
    Kind,
    Reason,
    ResourceKind,
    Status,
    reasons_not_to_book,
    reasons_not_to_change,
)

Booker = Viewer | Asker
JUST_TAKEN = gettext_lazy("This was just taken by somebody else: choose another time.")


class _AlreadyBooked(Exception):
    """The same page has sent this before."""

    def __init__(self, appointment: Appointment) -> None:
        super().__init__()
        self.appointment = appointment


def book(*, viewer: Viewer, at: datetime, booking: Booking) -> Appointment:
    """Book an appointment, or answer with the one that the same page booked before."""
    require_may_book(viewer)
    return _book(viewer, viewer.actor, at, booking)


def book_by_asking(*, by: Actor, at: datetime, booking: Booking) -> Appointment:
    """Hold a free time for somebody without an account. The step that offered it to them answers for `by`."""
    assert by.clinic_id is not None
    return _book(Asker(by.clinic_id), by, at, booking)


def _book(asker: Booker, by: Actor, at: datetime, booking: Booking) -> Appointment:
    def place() -> Appointment:
        with writing(by=by, at=at) as pen:
            resources = _lock(asker, booking)
            _refuse_repeat(booking)
            _refuse_clashes(booking, resources, at=at, besides=None)
            appointment = _create(asker, booking, at=at, moved_from=None)
            _note(pen, "appointment-booked", appointment, resources=sorted(booking.resource_ids))
            return appointment

    return _once(asker, booking, place)


def move(
    *,
    viewer: Viewer,
    at: datetime,
    appointment_id: UUID,
    version: int,
    booking: Booking,
    reason: Reason | None,
    text: str = "",
) -> Appointment:
    """Move an appointment: its successor is booked, and the old one says where it went and why.

    Of `booking`, the time, the length, the note and what it holds count; whom and what it is for stays.
    """
    require_may_book(viewer)
    known = _own(viewer, appointment_id)
    booking = replace(
        booking,
        kind=Kind(known.kind),
        patient_id=known.patient_id,
        called=known.called,
        plan_id=known.plan_id,
    )

    def place() -> Appointment:
        with writing(by=viewer.actor, at=at) as pen:
            resources = _lock(viewer, booking)
            _refuse_repeat(booking)
            old = _locked(viewer, appointment_id, version)
            _refuse_change(old, Status.MOVED, reason=reason, text=text)
            _refuse_clashes(booking, resources, at=at, besides=old.pk)
            _end(old, Status.MOVED, viewer.actor, at=at, reason=reason, text=text)
            new = _create(viewer, booking, at=at, moved_from=old)
            _note(pen, "appointment-moved", old, to=str(new.pk), reason=reason and reason.value)
            return new

    return _once(viewer, booking, place)


def cancel(
    *,
    viewer: Viewer,
    at: datetime,
    appointment_id: UUID,
    version: int,
    reason: Reason | None,
    text: str = "",
) -> Appointment:
    """Cancel an appointment; what it held is free at once. Sent twice, it is cancelled once."""
    require_may_book(viewer)
    done = _own(viewer, appointment_id)
    if done.status == Status.CANCELLED and done.ended_by_id == viewer.account_id:
        return done
    with writing(by=viewer.actor, at=at) as pen:
        appointment = _locked(viewer, appointment_id, version)
        _refuse_change(appointment, Status.CANCELLED, reason=reason, text=text)
        _end(appointment, Status.CANCELLED, viewer.actor, at=at, reason=reason, text=text)
        _note(pen, "appointment-cancelled", appointment, reason=reason and reason.value)
    return appointment


def give_up(*, by: Actor, at: datetime, appointment_id: UUID) -> Appointment:
    """Who an appointment is for gives it up by their link. The step that checked the link answers for `by`."""
    with writing(by=by, at=at) as pen:
        found = Appointment.objects.select_for_update(no_key=True).filter(pk=appointment_id)
        appointment = found.first()
        if appointment is None or appointment.clinic_id != by.clinic_id:
            raise Http404
        reason = Reason.PATIENT_ASKED
        _refuse_change(appointment, Status.CANCELLED, reason=reason, text="")
        _end(appointment, Status.CANCELLED, by, at=at, reason=reason, text="")
        _note(pen, "appointment-cancelled", appointment, reason=reason.value)
    return appointment


def mark(
    *, viewer: Viewer, at: datetime, appointment_id: UUID, version: int, status: Status
) -> Appointment:
    """Mark that somebody arrived, was seen, or did not come; a wrong arrival is taken back the same way."""
    require_may_book(viewer)
    with writing(by=viewer.actor, at=at) as pen:
        appointment = _locked(viewer, appointment_id, version)
        if appointment.status == status:
            raise CannotChange(
                _("This appointment stands at “{status}” already.").format(
                    status=STATUS_LABELS[status]
                )
            )
        _refuse_change(appointment, status, reason=None, text="")
        if status is Status.NO_SHOW:
            if at < appointment.start_at:
                raise CannotChange(_("It has not begun yet: nobody can have missed it."))
            _end(appointment, status, viewer.actor, at=at, reason=None, text="")
        else:
            appointment.status = status.value
            appointment.version += 1
            appointment.save(update_fields=["status", "version"])
        _note(pen, "appointment-marked", appointment, status=status.value)
    return appointment


def happened(*, by: Actor, at: datetime, plan_id: UUID) -> Appointment | None:
    """A later step says that the planned visit took place: its appointment, if it has one, is done."""
    found = _live_of_plan(by, plan_id)
    if found is None or found.status == Status.FULFILLED:
        return found
    with writing(by=by, at=at) as pen:
        appointment = Appointment.objects.select_for_update(no_key=True).get(pk=found.pk)
        appointment.status = Status.FULFILLED.value
        appointment.version += 1
        appointment.save(update_fields=["status", "version"])
        _note(pen, "appointment-marked", appointment, status=appointment.status)
    return appointment


def release_plan(
    *, by: Actor, at: datetime, plan_id: UUID, text: str, is_missed: bool = False
) -> Appointment | None:
    """A later step says that the planned visit will not take place, or did not: its chair is free at once."""
    found = _live_of_plan(by, plan_id)
    if found is None or found.status == Status.FULFILLED:
        return found
    with writing(by=by, at=at) as pen:
        appointment = Appointment.objects.select_for_update(no_key=True).get(pk=found.pk)
        status, reason = (Status.NO_SHOW, None) if is_missed else (Status.CANCELLED, Reason.OTHER)
        if status not in NEXT[Status(appointment.status)]:
            status, reason = Status.CANCELLED, Reason.OTHER
        _end(appointment, status, by, at=at, reason=reason, text=text[:300])
        _note(pen, "appointment-released", appointment, status=status.value)
    return appointment


def _live_of_plan(by: Actor, plan_id: UUID) -> Appointment | None:
    if by.clinic_id is None:
        return None
    return Appointment.objects.filter(
        clinic_id=by.clinic_id, plan_id=plan_id, status__in=[status.value for status in LIVE]
    ).first()


def name_patient(
    *, viewer: Viewer, at: datetime, appointment_id: UUID, patient_id: UUID
) -> Appointment:
    """Say which patient an appointment is for, once somebody who asked has become one."""
    require_may_book(viewer)
    with writing(by=viewer.actor, at=at) as pen:
        if not _lock_patient(viewer, patient_id):
            raise Http404
        appointment = _own(viewer, appointment_id, lock=True)
        if appointment.patient_id is not None:
            raise CannotChange(_("This appointment is already for a patient."))
        appointment.patient_id = patient_id
        appointment.version += 1
        appointment.save(update_fields=["patient", "version"])
        _note(pen, "appointment-patient-named", appointment)
    return appointment


def _once(viewer: Booker, booking: Booking, place: Callable[[], Appointment]) -> Appointment:
    """Do it, or answer with what the same page did before. The database's own refusal becomes a sentence."""
    try:
        return place()
    except _AlreadyBooked as repeat:
        return _same(viewer, booking, repeat.appointment)
    except IntegrityError:
        stored = Appointment.objects.filter(pk=booking.id).first()
        if stored is None:
            raise CannotBook(str(JUST_TAKEN)) from None
        return _same(viewer, booking, stored)


def _same(viewer: Booker, booking: Booking, stored: Appointment) -> Appointment:
    if stored.clinic_id != viewer.clinic_id:
        raise Http404
    if (stored.start_at, stored.kind) != (booking.start_at, booking.kind.value):
        raise CannotBook(_("This page has been sent before with another time: open it anew."))
    return stored


def _lock(viewer: Booker, booking: Booking) -> list[Resource]:
    """Lock the patient, then the resources, always in this order: whoever waits, waits for one thing only."""
    if booking.patient_id is not None and not _lock_patient(viewer, booking.patient_id):
        raise Http404
    resources = list(
        Resource.objects.select_for_update(no_key=True)
        .filter(pk__in=booking.resource_ids, clinic_id=viewer.clinic_id, is_active=True)
        .order_by("pk")
    )
    if len(resources) != len(booking.resource_ids):
        raise Http404
    return resources


def _lock_patient(viewer: Booker, patient_id: UUID) -> bool:
    patients = Patient.objects.filter(pk=patient_id, clinic_id=viewer.clinic_id)
    return patients.select_for_update(no_key=True).first() is not None


def _refuse_repeat(booking: Booking) -> None:
    stored = Appointment.objects.filter(pk=booking.id).first()
    if stored is not None:
        raise _AlreadyBooked(stored)


def _refuse_clashes(
    booking: Booking, resources: list[Resource], *, at: datetime, besides: UUID | None
) -> None:
    reasons = reasons_not_to_book(
        booking, now=at, holds=[ResourceKind(one.kind) for one in resources]
    )
    taken = clashes(booking.resource_ids, booking.patient_id, booking.span, besides=besides)
    if reasons or taken:
        raise CannotBook(*reasons, *taken)


def _refuse_change(
    appointment: Appointment, new: Status, *, reason: Reason | None, text: str
) -> None:
    reasons = reasons_not_to_change(Status(appointment.status), new, reason=reason, text=text)
    if reasons:
        raise CannotChange(*reasons)


def _own(viewer: Viewer, appointment_id: UUID, *, lock: bool = False) -> Appointment:
    found = Appointment.objects.filter(pk=appointment_id, clinic_id=viewer.clinic_id)
    appointment = (found.select_for_update(no_key=True) if lock else found).first()
    if appointment is None:
        raise Http404
    return appointment


def _locked(viewer: Viewer, appointment_id: UUID, version: int) -> Appointment:
    appointment = _own(viewer, appointment_id, lock=True)
    if appointment.version != version:
        raise CannotChange(
            _(
                "Somebody changed this appointment while you looked at it: it is now “{status}”. "
                "Open it again."
            ).format(status=STATUS_LABELS[Status(appointment.status)])
        )
    return appointment


def _create(
    viewer: Booker, booking: Booking, *, at: datetime, moved_from: Appointment | None
) -> Appointment:
    span = booking.span
    appointment = Appointment.objects.create(
        id=booking.id,
        clinic_id=viewer.clinic_id,
        patient_id=booking.patient_id,
        called=booking.called,
        kind=booking.kind.value,
        status=Status.BOOKED.value,
        start_at=span.start_at,
        end_at=span.end_at,
        note=booking.note,
        plan_id=booking.plan_id,
        booked_at=at,
        booked_by_id=viewer.account_id,
        booked_by_name=viewer.name,
        moved_from=moved_from,
    )
    Hold.objects.bulk_create(
        Hold(
            appointment=appointment,
            resource_id=resource_id,
            start_at=span.start_at,
            end_at=span.end_at,
        )
        for resource_id in sorted(booking.resource_ids)
    )
    return appointment


def _end(
    appointment: Appointment,
    status: Status,
    by: Actor,
    *,
    at: datetime,
    reason: Reason | None,
    text: str,
) -> None:
    appointment.status = status.value
    appointment.version += 1
    appointment.ended_reason = reason.value if reason else ""
    appointment.ended_text = text
    appointment.ended_at = at
    appointment.ended_by_id = by.id
    appointment.ended_by_name = by.name
    appointment.save(
        update_fields=[
            "status", "version", "ended_reason", "ended_text",
            "ended_at", "ended_by_id", "ended_by_name",
        ]
    )  # fmt: skip
    appointment.holds.update(is_released=True)


def _note(pen: Pen, verb: str, appointment: Appointment, **details: object) -> None:
    whose = appointment.patient_id
    chain = clinic_chain(appointment.clinic_id) if whose is None else patient_chain(whose)
    pen.note(verb, chain=chain, object_kind="appointment", object_id=appointment.pk, **details)
