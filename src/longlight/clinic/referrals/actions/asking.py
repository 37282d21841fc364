"""What somebody does who asks, without an account: ask, say yes or no to an offered time, withdraw."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.http import Http404

from longlight.clinic.record.actions import Pen, clinic_chain, writing
from longlight.clinic.record.rules import Actor, ActorKind
from longlight.clinic.referrals.models import AddressTally, Referral, RequestDesk
from longlight.clinic.referrals.rules import (
    ASKED_AN_HOUR,
    NUMBER_LENGTH,
    NUMBER_LETTERS,
    Asked,
    CannotAsk,
    CannotTriage,
    Status,
    TooManyAsked,
    asked_within_an_hour,
    contact_value,
    reasons_not_to_go_on,
    reasons_not_to_take,
)
from longlight.clinic.schedule import actions as schedule
from longlight.clinic.schedule.queries import current
from longlight.clinic.schedule.rules import NEXT
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
            profession=asked.profession.strip(),
            practice=asked.practice.strip(),
            person_called=asked.person_called.strip(),
            person_agreed=asked.person_agreed,
        )
        note(pen, "referral-received", referral, concern=referral.concern)
    return referral


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
        raise TooManyAsked("Too many requests came from your connection within an hour.")
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
            raise CannotTriage("This offer is no longer open: look at the page again.")
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
