"""What is known of requests: the queue, one request, what a link shows, who takes requests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from longlight.clinic.people.models import Clinic
from longlight.clinic.people.rules import Viewer
from longlight.clinic.referrals.access import TRIAGE, referral_id_of
from longlight.clinic.referrals.models import ContactAttempt, Referral, RequestChange, RequestDesk
from longlight.clinic.referrals.rules import (
    MOST_UNCONFIRMED,
    OPEN,
    SLOT_LEAD,
    Clock,
    Status,
    clock,
    is_link_over,
    nearest,
    spread,
)
from longlight.clinic.schedule.queries import next_openings
from longlight.clinic.schedule.rules import Kind, usual_lengths


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
    return RequestDesk.objects.filter(clinic_id=clinic_id).select_related("clinic").first()


FREE_TIMES_LOOKED_AT = 200
ON_THE_CLOCK = (0, 30)  # a first talk begins at the hour or the half hour


def free_times(desk: RequestDesk, *, now: datetime) -> list[datetime]:
    """When somebody who holds first talks is free, in the clinic's zone; none while too many wait unconfirmed."""
    if unconfirmed(desk.clinic_id).count() >= MOST_UNCONFIRMED:
        return []
    found: set[datetime] = set()
    for resource in desk.first_talks_with.filter(is_active=True):
        found |= set(
            next_openings(
                clinic=desk.clinic,
                resource_ids=[resource.pk],
                length=first_talk_length(),
                after=now + SLOT_LEAD,
                count=FREE_TIMES_LOOKED_AT,
            )
        )
    return sorted(moment for moment in found if moment.minute in ON_THE_CLOCK)


def slots_offered(desk: RequestDesk, *, now: datetime) -> list[datetime]:
    """The few free times that the form shows."""
    return spread(free_times(desk, now=now))


def nearest_slots(desk: RequestDesk, wanted: datetime, *, now: datetime) -> list[datetime]:
    """What is free near a time that was just taken."""
    return nearest(free_times(desk, now=now), wanted)


def unconfirmed(clinic_id: UUID) -> QuerySet[Referral]:
    """Requests that hold a time which nobody at the clinic has confirmed."""
    return Referral.objects.filter(
        clinic_id=clinic_id,
        status__in=[Status.NEW.value, Status.CLAIMED.value],
        appointment__isnull=False,
    )


def first_talk_length() -> timedelta:
    return usual_lengths()[Kind.FIRST_TALK].length


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
        .select_related("clinic", "appointment", "patient", "duplicate_of", "brought")
        .filter(pk=referral_id)
        .first()
    )


def changes(row: Referral) -> QuerySet[RequestChange]:
    """What who asked has changed since, newest first."""
    return row.changes.order_by("-at")


def attempts(row: Referral) -> QuerySet[ContactAttempt]:
    return row.attempts.order_by("at")


def referral_by_token(token: str, now: datetime) -> Referral | None:
    """The request a link opens; None when it was not signed by us, or its time is over."""
    referral_id = referral_id_of(token)
    if referral_id is None:
        return None
    row = Referral.objects.select_related("clinic", "appointment").filter(pk=referral_id).first()
    return None if row is None or is_link_over(row.received_at, row.ended_at, now) else row


def sent_before(referral_id: UUID | None, clinic_id: UUID) -> Referral | None:
    """The request that the same page sent before."""
    if referral_id is None:
        return None
    return Referral.objects.filter(pk=referral_id, clinic_id=clinic_id).first()


def is_changed_by(change_id: UUID | None, row: Referral) -> bool:
    """Whether the same page has changed the request before."""
    return change_id is not None and row.changes.filter(pk=change_id).exists()
