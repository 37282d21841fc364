"""What is known of requests: the queue, one request, what a link shows, who takes requests."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.people.rules import Viewer
from longlight.clinic.referrals.access import TRIAGE, referral_id_of
from longlight.clinic.referrals.models import ContactAttempt, Referral, RequestDesk
from longlight.clinic.referrals.rules import OPEN, Clock, clock, is_link_over


@dataclass(frozen=True)
class QueueRow:
    """A request in the queue, with its clock."""

    referral: Referral
    clock: Clock
    attempts: int


def desks_taking_requests() -> QuerySet[RequestDesk]:
    """The clinics that can be asked, by name."""
    return (
        RequestDesk.objects.filter(takes_requests=True)
        .select_related("clinic")
        .order_by("clinic__name")
    )


def desks_shown() -> tuple[object, ...]:
    """All that is kept of the clinics that can be asked, to compare."""
    of_clinic = [f"clinic__{field.attname}" for field in Clinic._meta.concrete_fields]
    of_desk = [field.attname for field in RequestDesk._meta.concrete_fields]
    return tuple(desks_taking_requests().values_list(*of_desk, *of_clinic))


def desk_by_slug(slug: str) -> RequestDesk | None:
    return desks_taking_requests().filter(clinic__slug=slug).first()


def desk_of(viewer: Viewer) -> RequestDesk | None:
    return RequestDesk.objects.filter(clinic_id=viewer.clinic_id).select_related("clinic").first()


def desk_of_clinic(clinic_id: UUID) -> RequestDesk | None:
    return RequestDesk.objects.filter(clinic_id=clinic_id).first()


def referrals(viewer: Viewer) -> QuerySet[Referral]:
    """The requests of the viewer's clinic; none for who does not work on them."""
    if viewer.role not in TRIAGE:
        return Referral.objects.none()
    return Referral.objects.filter(clinic_id=viewer.clinic_id)


def queue(viewer: Viewer, *, now: datetime) -> list[QueueRow]:
    """What waits, oldest first."""
    desk = desk_of(viewer)
    waiting = (
        referrals(viewer)
        .filter(status__in=[status.value for status in OPEN])
        .select_related("appointment")
        .annotate(attempts_made=Count("attempts"))
        .order_by("received_at", "number")
    )
    return [QueueRow(row, clock_of(row, desk, now), row.attempts_made) for row in waiting]


def closed(viewer: Viewer, *, at_most: int = 20) -> QuerySet[Referral]:
    """The latest that were brought to an end."""
    done = referrals(viewer).exclude(status__in=[status.value for status in OPEN])
    return done.order_by("-ended_at")[:at_most]


def clock_of(row: Referral, desk: RequestDesk | None, now: datetime) -> Clock:
    return clock(
        row.received_at, row.first_contact_at or row.ended_at, now, desk.target_h if desk else 0
    )


def referral(viewer: Viewer, referral_id: UUID) -> Referral | None:
    return (
        referrals(viewer)
        .select_related("clinic", "appointment", "patient", "duplicate_of")
        .filter(pk=referral_id)
        .first()
    )


def attempts(row: Referral) -> QuerySet[ContactAttempt]:
    return row.attempts.order_by("at")


def referral_by_token(token: str, now: datetime) -> Referral | None:
    """The request a link opens; None when it was not signed by us, or its time is over."""
    referral_id = referral_id_of(token)
    if referral_id is None:
        return None
    row = Referral.objects.select_related("clinic", "appointment").filter(pk=referral_id).first()
    return None if row is None or is_link_over(row.received_at, row.ended_at, now) else row


def next_patient_number(viewer: Viewer) -> str:
    """The number after the highest that looks like the clinic's own (LL-0412)."""
    given = Patient.objects.filter(clinic_id=viewer.clinic_id, number__regex=r"^LL-[0-9]{4,}$")
    highest = max((int(number[3:]) for number in given.values_list("number", flat=True)), default=0)
    return f"LL-{highest + 1:04d}"
