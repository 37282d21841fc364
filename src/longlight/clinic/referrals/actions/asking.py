"""What somebody does who asks, without an account: ask, say yes or no to an offered time, withdraw."""

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longlight.clinic.approaches.actions.together import bring_choice
from longlight.clinic.approaches.models import BroughtChoice
from longlight.clinic.record.actions import Pen, clinic_chain, writing
from longlight.clinic.record.rules import Actor, ActorKind
from longlight.clinic.referrals.models import AddressTally, Referral, RequestChange, RequestDesk
from longlight.clinic.referrals.queries import desk_of_clinic, first_talk_length, free_times
from longlight.clinic.referrals.rules import (
    ASKED_AN_HOUR,
    NUMBER_LENGTH,
    NUMBER_LETTERS,
    Asked,
    CannotAsk,
    CannotTriage,
    Changed,
    SlotTaken,
    Status,
    TooManyAsked,
    asked_within_an_hour,
    contact_value,
    reasons_not_to_change,
    reasons_not_to_go_on,
    reasons_not_to_take,
)
from longlight.clinic.schedule import actions as schedule
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.queries import current
from longlight.clinic.schedule.rules import NEXT, Booking, CannotBook, Kind
from longlight.clinic.schedule.rules import Status as AppointmentStatus

CANCELLED = AppointmentStatus.CANCELLED


class _AskedBefore(Exception):
    def __init__(self, referral: Referral) -> None:
        super().__init__()
        self.referral = referral


def ask(*, at: datetime, asked: Asked, address_hash: str) -> Referral:
    """Take a request, or answer with the one that the same page sent before."""
    value = contact_value(asked.contact_method, asked.contact_value)
    reasons = reasons_not_to_take(asked)
    if reasons:
        raise CannotAsk(" ".join(reasons))
    try:
        return _take(at, asked, value, address_hash)
    except _AskedBefore as repeat:
        return _same_clinic(asked, repeat.referral)
    except IntegrityError:  # the same page, twice at the same instant
        stored = Referral.objects.filter(pk=asked.id).first()
        if stored is None:
            raise
        return _same_clinic(asked, stored)


def _take(at: datetime, asked: Asked, value: str, address_hash: str) -> Referral:
    by = Actor(ActorKind.PUBLIC, None, "", "public", asked.clinic_id)
    with writing(by=by, at=at) as pen:
        tally = _locked_tally(address_hash)
        stored = Referral.objects.filter(pk=asked.id).first()
        if stored is not None:
            raise _AskedBefore(stored)
        if not RequestDesk.objects.filter(clinic_id=asked.clinic_id, takes_requests=True).exists():
            raise Http404
        _count(tally, at)
        referral = Referral.objects.create(
            id=asked.id,
            clinic_id=asked.clinic_id,
            number=_unused_number(),
            received_at=at,
            concern=asked.concern.value,
            name=asked.name.strip(),
            contact_method=asked.contact_method.value,
            contact_value=value,
            leave_message=asked.leave_message.value if asked.leave_message and value else "",
            best_time=asked.best_time.value,
            interest=asked.interest.value if asked.interest else "",
            note=asked.note.strip(),
            goals=asked.goals.strip(),
            brought=_brought(asked, at, by),
            profession=asked.profession.strip(),
            practice=asked.practice.strip(),
            person_called=asked.person_called.strip(),
            person_agreed=asked.person_agreed,
        )
        if asked.start_at is not None:
            referral.appointment = hold_time(referral, asked.start_at, by, at)
            referral.save(update_fields=["appointment"])
        note(pen, "referral-received", referral, concern=referral.concern)
    return referral


def _brought(asked: Asked, at: datetime, by: Actor) -> BroughtChoice | None:
    if asked.brought is None:
        return None
    return bring_choice(answers=asked.brought, clinic_id=asked.clinic_id, by=by, at=at)


def hold_time(referral: Referral, start_at: datetime, by: Actor, at: datetime) -> Appointment:
    """Hold a time for a first talk with whoever is free then. Raises `SlotTaken` when nobody is any more."""
    desk = desk_of_clinic(referral.clinic_id)
    if desk is None or start_at not in free_times(desk, now=at):
        raise SlotTaken(str(TAKEN))
    for resource in desk.first_talks_with.filter(is_active=True).order_by("name"):
        booking = Booking(
            uuid4(), Kind.FIRST_TALK, start_at, first_talk_length(), frozenset({resource.pk}),
            called=referral.person_called or referral.name,
        )  # fmt: skip
        try:
            return schedule.book_by_asking(by=by, at=at, booking=booking)
        except CannotBook:
            continue  # somebody else who holds first talks may be free
    raise SlotTaken(str(TAKEN))


TAKEN = gettext_lazy(
    "That time was just taken. Choose another: everything else you said is still here."
)


def _same_clinic(asked: Asked, stored: Referral) -> Referral:
    if stored.clinic_id != asked.clinic_id:
        raise Http404
    return stored


def _locked_tally(address_hash: str) -> AddressTally:
    AddressTally.objects.bulk_create(
        [AddressTally(address_hash=address_hash)], ignore_conflicts=True
    )
    return AddressTally.objects.select_for_update(no_key=True).get(address_hash=address_hash)


def _count(tally: AddressTally, at: datetime) -> None:
    """One more from this address, unless there were enough within the hour."""
    times = asked_within_an_hour([datetime.fromisoformat(moment) for moment in tally.times], at)
    if len(times) >= ASKED_AN_HOUR:
        raise TooManyAsked(_("Too many requests came from your connection within an hour."))
    tally.times = [moment.isoformat() for moment in [*times, at]]
    tally.save(update_fields=["times"])


def _unused_number() -> str:
    while True:
        number = "".join(secrets.choice(NUMBER_LETTERS) for _ in range(NUMBER_LENGTH))
        if not Referral.objects.filter(number=number).exists():
            return number


def link_actor(referral: Referral) -> Actor:
    """Who comes by a request's link."""
    return Actor(ActorKind.LINK, referral.pk, "", "public", referral.clinic_id)


def withdraw(*, at: datetime, referral_id: UUID) -> Referral:
    """Who asked takes it back; a time that was held for them is free again. Twice is once."""
    referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise Http404
    if referral.status == Status.WITHDRAWN:
        return referral
    by = link_actor(referral)
    with writing(by=by, at=at) as pen:
        referral = locked(referral_id, referral.clinic_id)
        go_on(referral, Status.WITHDRAWN)
        free_time(referral, by, at)
        referral.ended_at = at
        referral.save()
        note(pen, "referral-withdrawn", referral)
    return referral


def change(*, at: datetime, referral_id: UUID, changed: Changed) -> Referral:
    """Who asked changes how to reach them, or the time, by their link. What it was before is kept. Twice is once."""
    referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise Http404
    if RequestChange.objects.filter(pk=changed.id, referral=referral).exists():
        return referral
    by = link_actor(referral)
    with writing(by=by, at=at) as pen:
        referral = locked(referral_id, referral.clinic_id)
        if reasons := reasons_not_to_change(changed, Status(referral.status)):
            raise CannotTriage(*reasons)
        RequestChange.objects.create(
            id=changed.id,
            referral=referral,
            at=at,
            was_contact_method=referral.contact_method,
            was_contact_value=referral.contact_value,
            was_leave_message=referral.leave_message,
            was_best_time=referral.best_time,
            was_start_at=referral.appointment.start_at if referral.appointment else None,
            note=changed.note.strip(),
        )
        _change_contact(referral, changed)
        if changed.start_at is not None:
            _change_time(referral, changed.start_at, by, at)
        referral.version += 1
        referral.save()
        note(pen, "referral-changed", referral, has_other_time=changed.start_at is not None)
    return referral


def _change_contact(referral: Referral, changed: Changed) -> None:
    if changed.best_time is not None:
        referral.best_time = changed.best_time.value
    if changed.contact_method is None:
        return
    try:
        value = contact_value(changed.contact_method, changed.contact_value)
    except CannotAsk as refused:
        raise CannotTriage(str(refused)) from None
    referral.contact_method = changed.contact_method.value
    referral.contact_value = value
    safe = changed.leave_message
    referral.leave_message = safe.value if safe and value else ""


def _change_time(referral: Referral, start_at: datetime, by: Actor, at: datetime) -> None:
    """Another time is held, and the one before is free. What was agreed must be confirmed anew."""
    free_time(referral, by, at)
    referral.appointment = hold_time(referral, start_at, by, at)
    if referral.status in {Status.OFFERED, Status.BOOKED}:
        go_on(referral, Status.CLAIMED)


def answer_offer(*, at: datetime, referral_id: UUID, appointment_id: UUID, suits: bool) -> Referral:
    """Who asked says whether the offered time suits; if not, it is free again and staff look for another."""
    referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise Http404
    by = link_actor(referral)
    wanted = Status.BOOKED if suits else Status.CLAIMED
    if referral.status == wanted:
        return referral
    with writing(by=by, at=at) as pen:
        referral = locked(referral_id, referral.clinic_id)
        if referral.status != Status.OFFERED or referral.appointment_id != appointment_id:
            raise CannotTriage(_("This offer is no longer open: look at the page again."))
        go_on(referral, wanted)
        if not suits:
            free_time(referral, by, at)
        referral.save()
        note(pen, "referral-offer-answered", referral, suits=suits)
    return referral


def locked(referral_id: UUID, clinic_id: UUID) -> Referral:
    """The request, kept from others until the write is done."""
    found = Referral.objects.select_for_update(no_key=True).filter(
        pk=referral_id, clinic_id=clinic_id
    )
    referral = found.first()
    if referral is None:
        raise Http404
    return referral


def go_on(referral: Referral, new: Status) -> None:
    reasons = reasons_not_to_go_on(Status(referral.status), new)
    if reasons:
        raise CannotTriage(*reasons)
    referral.status = new.value
    referral.version += 1


def free_time(referral: Referral, by: Actor, at: datetime) -> None:
    """What is held for the request is held no longer, wherever it was moved to meanwhile."""
    if referral.appointment is not None:
        standing = current(referral.appointment)
        if CANCELLED in NEXT[AppointmentStatus(standing.status)]:
            schedule.give_up(by=by, at=at, appointment_id=standing.pk)
    referral.appointment = None


def note(pen: Pen, verb: str, referral: Referral, **details: object) -> None:
    pen.note(
        verb,
        chain=clinic_chain(referral.clinic_id),
        object_kind="referral",
        object_id=referral.pk,
        **details,
    )
