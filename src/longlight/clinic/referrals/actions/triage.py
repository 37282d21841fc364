"""What staff do with a request: claim it, reach out, offer or book a time, close it, register a patient."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.approaches.actions.together import name_patient_of
from longlight.clinic.contact.actions import CannotSend, queue_message
from longlight.clinic.contact.rules import Channel, MessageKind
from longlight.clinic.people.models import Patient
from longlight.clinic.people.queries import patient_numbered
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import Pen, clinic_chain, patient_chain, writing
from longlight.clinic.referrals.access import require_may_arrange, require_may_triage
from longlight.clinic.referrals.actions.asking import free_time, go_on, locked, note
from longlight.clinic.referrals.models import ContactAttempt, Referral, RequestDesk
from longlight.clinic.referrals.rules import (
    CannotTriage,
    ContactMethod,
    LeaveMessage,
    Reached,
    Reason,
    Status,
    reasons_not_to_close,
)
from longlight.clinic.schedule import actions as schedule
from longlight.clinic.schedule.models import Resource
from longlight.clinic.schedule.queries import current
from longlight.clinic.schedule.rules import LIVE, Booking

CHANNELS = {ContactMethod.EMAIL: Channel.EMAIL, ContactMethod.TEXT: Channel.SMS}


@dataclass(frozen=True)
class Step:
    """Who does something with which request, when, having seen which version of it."""

    viewer: Viewer
    at: datetime
    referral_id: UUID
    version: int


def claim(*, step: Step) -> Referral:
    """Say that you work on it. A colleague's claim is taken over; so is a request whose time was cancelled."""
    require_may_triage(step.viewer)
    with writing(by=step.viewer.actor, at=step.at) as pen:
        referral = _seen(step)
        if referral.status == Status.CLAIMED and referral.claimed_by_id == step.viewer.account_id:
            raise CannotTriage(_("You work on this request already."))
        if not _holds_a_time(referral):
            referral.appointment = None
        elif referral.status in {Status.OFFERED, Status.BOOKED}:
            raise CannotTriage(_("A time is held for this request: cancel that first."))
        go_on(referral, Status.CLAIMED)
        referral.claimed_by_id = step.viewer.account_id
        referral.claimed_by_name = step.viewer.name
        referral.save()
        note(pen, "referral-claimed", referral)
    return referral


def _holds_a_time(referral: Referral) -> bool:
    return referral.appointment is not None and current(referral.appointment).status in LIVE


def confirm_time(*, step: Step, link: str) -> Referral:
    """Say yes to the time that they asked for: it is booked, and they are told where they said it is safe."""
    require_may_triage(step.viewer)
    with writing(by=step.viewer.actor, at=step.at) as pen:
        referral = _seen(step)
        if referral.status == Status.BOOKED:
            raise CannotTriage(_("This time is booked already."))
        if not _holds_a_time(referral):
            raise CannotTriage(_("No time is held for this request: offer one."))
        go_on(referral, Status.BOOKED)
        _stop_clock(referral, step.at)
        referral.save()
        note(pen, "referral-time-confirmed", referral, appointment=referral.appointment_id)
        _tell(pen, referral, link)
    return referral


def log_contact(
    *, step: Step, attempt_id: UUID, method: ContactMethod, outcome: Reached, text: str = ""
) -> ContactAttempt:
    """Note an attempt to reach somebody. The first one stops the clock. The same page sent twice notes it once."""
    require_may_triage(step.viewer)
    stored = ContactAttempt.objects.filter(
        pk=attempt_id, referral__clinic_id=step.viewer.clinic_id
    ).first()
    if stored is not None:
        return stored
    with writing(by=step.viewer.actor, at=step.at) as pen:
        referral = locked(step.referral_id, step.viewer.clinic_id)
        if outcome is Reached.LEFT_MESSAGE and referral.leave_message == LeaveMessage.NO:
            raise CannotTriage(
                _(
                    "They asked that no message be left: note “No answer”, or tell the director if "
                    "one was left."
                )
            )
        attempt = ContactAttempt.objects.create(
            id=attempt_id,
            referral=referral,
            at=step.at,
            by_id=step.viewer.account_id,
            by_name=step.viewer.name,
            method=method.value,
            outcome=outcome.value,
            note=text,
        )
        _stop_clock(referral, step.at)
        referral.save(update_fields=["first_contact_at"])
        note(pen, "referral-contact-tried", referral, method=method, outcome=outcome)
    return attempt


def book_time(*, step: Step, booking: Booking, is_agreed: bool, link: str) -> Referral:
    """Hold a time for who asked. Agreed with them it is booked; else it is offered and they answer by their link."""
    require_may_triage(step.viewer)
    done = Referral.objects.filter(
        pk=step.referral_id, clinic_id=step.viewer.clinic_id, appointment_id=booking.id
    ).first()
    if done is not None:
        return done
    with writing(by=step.viewer.actor, at=step.at) as pen:
        referral = _seen(step)
        go_on(referral, Status.BOOKED if is_agreed else Status.OFFERED)
        free_time(referral, step.viewer.actor, step.at)
        referral.appointment = schedule.book(viewer=step.viewer, at=step.at, booking=booking)
        _stop_clock(referral, step.at)
        referral.save()
        note(pen, "referral-time-held", referral, appointment=booking.id, agreed=is_agreed)
        _tell(pen, referral, link)
    return referral


def close(
    *,
    step: Step,
    outcome: Status,
    reason: Reason | None = None,
    text: str = "",
    duplicate_of: str = "",
    link: str = "",
) -> Referral:
    """Bring a request to an end, with the reason. A time that was held is free again."""
    require_may_triage(step.viewer)
    with writing(by=step.viewer.actor, at=step.at) as pen:
        referral = _seen(step)
        other = (
            Referral.objects.filter(
                clinic_id=step.viewer.clinic_id, number__iexact=duplicate_of.strip()
            )
            .exclude(pk=referral.pk)
            .first()
        )
        reasons = reasons_not_to_close(outcome, reason=reason, text=text, duplicate_of=other)
        if reasons:
            raise CannotTriage(*reasons)
        go_on(referral, outcome)
        free_time(referral, step.viewer.actor, step.at)
        referral.ended_at = step.at
        referral.ended_by_name = step.viewer.name
        referral.ended_reason = reason.value if reason else ""
        referral.ended_text = text
        referral.duplicate_of = other if outcome is Status.DUPLICATE else None
        referral.save()
        note(pen, "referral-closed", referral, outcome=outcome, reason=reason)
        if outcome in {Status.ANSWERED, Status.NOT_FOR_US}:
            _tell(pen, referral, link)
    return referral


def register(
    *,
    step: Step,
    number: str,
    name: str,
    birth_date: date | None,
    preferred_name: str = "",
    email: str = "",
) -> Patient:
    """Make who asked a patient; their booked time becomes the patient's first visit."""
    require_may_triage(step.viewer)
    with writing(by=step.viewer.actor, at=step.at) as pen:
        referral = _seen(step)
        go_on(referral, Status.REGISTERED)
        if not (number.strip() and name.strip()):
            raise CannotTriage(_("Enter the patient's number and full name."))
        if patient_numbered(step.viewer.clinic_id, number) is not None:
            raise CannotTriage(
                _("There is already a patient with the number {number}.").format(number=number)
            )
        patient = _new_patient(step, referral, number, name, birth_date, preferred_name, email)
        pen.note(
            "patient-registered",
            chain=patient_chain(patient.pk),
            object_kind="patient",
            object_id=patient.pk,
            referral=referral.pk,
        )
        if referral.appointment is not None:
            schedule.name_patient(
                viewer=step.viewer,
                at=step.at,
                appointment_id=current(referral.appointment).pk,
                patient_id=patient.pk,
            )
        referral.patient = patient
        if referral.brought is not None:
            name_patient_of(
                brought=referral.brought, patient_id=patient.pk, by=step.viewer.actor, at=step.at
            )
        referral.ended_at, referral.ended_by_name = step.at, step.viewer.name
        referral.save()
        note(pen, "referral-registered", referral, patient=patient.pk)
    return patient


def arrange_desk(
    *,
    viewer: Viewer,
    at: datetime,
    takes_requests: bool,
    target_h: int,
    readers: str,
    hours: str,
    first_talks_with: Collection[int] = (),
) -> RequestDesk:
    """Say whether the clinic takes requests, how soon it answers, who reads them, and with whom first talks are."""
    require_may_arrange(viewer)
    if not (1 <= target_h <= 24 * 14 and readers.strip() and hours.strip()):
        raise CannotTriage(
            _("Give a target from 1 to 336 hours, and say who reads requests and when.")
        )
    with writing(by=viewer.actor, at=at) as pen:
        desk, _is_new = RequestDesk.objects.update_or_create(
            clinic_id=viewer.clinic_id,
            defaults={
                "takes_requests": takes_requests,
                "target_h": target_h,
                "readers": readers.strip(),
                "hours": hours.strip(),
            },
        )
        desk.first_talks_with.set(
            Resource.objects.filter(clinic_id=viewer.clinic_id, pk__in=first_talks_with)
        )
        pen.note(
            "request-desk-arranged",
            chain=clinic_chain(viewer.clinic_id),
            object_kind="clinic",
            object_id=viewer.clinic_id,
            takes_requests=takes_requests,
            target_h=target_h,
            first_talks_with=sorted(first_talks_with),
        )
    return desk


def _seen(step: Step) -> Referral:
    """The request, locked, if nobody changed it since it was seen."""
    referral = locked(step.referral_id, step.viewer.clinic_id)
    if referral.version != step.version:
        raise CannotTriage(
            _("Somebody changed this request while you looked at it: look at it again.")
        )
    return referral


def _stop_clock(referral: Referral, at: datetime) -> None:
    referral.first_contact_at = referral.first_contact_at or at


def _new_patient(
    step: Step,
    referral: Referral,
    number: str,
    name: str,
    birth_date: date | None,
    preferred_name: str,
    email: str,
) -> Patient:
    by_mail = referral.contact_method == ContactMethod.EMAIL
    return Patient.objects.create(
        clinic_id=step.viewer.clinic_id,
        number=number.strip(),
        name=name.strip(),
        preferred_name=preferred_name.strip(),
        birth_date=birth_date,
        email=email.strip() or (referral.contact_value if by_mail else ""),
        phone="" if by_mail else referral.contact_value,
    )


def _tell(pen: Pen, referral: Referral, link: str) -> None:
    """Send "you have a message" where they said it is safe. Those who did not are reached by a person."""
    channel = CHANNELS.get(ContactMethod(referral.contact_method))
    if channel is None or referral.leave_message != LeaveMessage.YES:
        return
    try:
        queue_message(
            pen,
            MessageKind.REQUEST_NEWS,
            clinic=referral.clinic,
            channel=channel,
            to=referral.contact_value,
            link=link,
            key=f"referral:{referral.pk}:{referral.version}",
            chain=clinic_chain(referral.clinic_id),
        )
    except CannotSend as refused:
        raise CannotTriage(str(refused)) from None
