"""What waits, what was given up, and whether anybody works on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from longlight.clinic.contact.access import may_see_to_messages
from longlight.clinic.contact.models import (
    ContactChange,
    ContactPreference,
    GivenUp,
    Heartbeat,
    Job,
)
from longlight.clinic.contact.rules import (
    ADDRESS_REFUSED,
    ALIVE_WITHIN,
    LEAVE_WORDS,
    ContactDetails,
    GivenUpStatus,
)
from longlight.clinic.people.access import Refused, may_see_chart, require_role
from longlight.clinic.people.models import Patient
from longlight.clinic.people.queries import patients
from longlight.clinic.people.rules import CHART_ROLES, REGISTER_ROLES, Role, Viewer

WORKER = "worker"


@dataclass(frozen=True)
class WorkerState:
    """The worker as pages show it."""

    heard_at: datetime | None
    is_alive: bool
    waiting: int  # due, and not done yet
    dead: int  # given up: a person must look


def heartbeat(*, at: datetime) -> WorkerState:
    """Is the worker alive, and how much waits for it?"""
    heard_at = Heartbeat.objects.filter(name=WORKER).values_list("at", flat=True).first()
    is_alive = heard_at is not None and at - heard_at <= ALIVE_WITHIN
    return WorkerState(heard_at, is_alive, due_jobs(at).count(), dead_jobs().count())


def due_jobs(at: datetime) -> QuerySet[Job]:
    """What is to be done now and nobody holds a lease on, the longest due first."""
    waiting = Job.objects.filter(done_at=None, dead_at=None, due_at__lte=at)
    return waiting.exclude(leased_until__gt=at).order_by("due_at", "queued_at")


def known_keys(keys: Iterable[str]) -> set[str]:
    """Those under which a job was queued before, done since or not."""
    return set(Job.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def dead_jobs() -> QuerySet[Job]:
    return Job.objects.exclude(dead_at=None).filter(done_at=None).order_by("-dead_at")


@dataclass(frozen=True)
class DeadLetter:
    """A job or message that was given up. Says of what kind, never to whom or what."""

    id: UUID
    name: str
    dead_at: datetime
    tries: int
    trouble: str
    key: str


def dead_letters(*, viewer: Viewer | None = None) -> list[DeadLetter]:
    """What was given up, newest first: in the viewer's clinic, or in the whole installation for its own machine."""
    jobs = dead_jobs() if viewer is None else dead_jobs().filter(clinic_id=viewer.clinic_id)
    return [
        DeadLetter(job.id, job.name, job.dead_at, job.tries, job.trouble, job.key)
        for job in jobs
        if job.dead_at is not None
    ]


def preference_of(patient_id: UUID) -> ContactPreference | None:
    """How a patient wants to be reminded; None where nobody has said."""
    return ContactPreference.objects.filter(patient_id=patient_id).first()


@dataclass(frozen=True)
class KnownContact:
    """How a patient can be reached now; `seen` is the newest change, for a page to say on what it rests."""

    patient: Patient
    details: ContactDetails
    seen: int
    changes: tuple[ContactChange, ...]


def contact_of(*, patient_id: UUID, viewer: Viewer, at: datetime) -> KnownContact:
    """For who registers patients; of a restricted chart, for its care team alone. Raises `Refused`."""
    require_role(viewer, *REGISTER_ROLES)
    patient = patients(viewer=viewer).filter(pk=patient_id).select_related("clinic").first()
    if patient is None or (patient.is_restricted and not may_see_chart(viewer, patient, at)):
        raise Refused
    changes = tuple(ContactChange.objects.filter(patient=patient).order_by("-pk"))
    preference = preference_of(patient.pk)
    details = ContactDetails(
        patient.email,
        patient.phone,
        patient.time_zone,
        preference.channel if preference else "",
        changes[0].leave_message if changes else "",
    )
    return KnownContact(patient, details, changes[0].pk if changes else 0, changes)


def leave_words_of(patient_ids: Iterable[UUID]) -> dict[UUID, str]:
    """For who telephones these patients: whether a message may be left, as each said last."""
    wanted = list(patient_ids)
    said = ContactChange.objects.filter(patient_id__in=wanted).order_by("pk")
    newest = dict(said.values_list("patient_id", "leave_message"))
    return {each: str(LEAVE_WORDS[newest.get(each, "")]) for each in wanted}


def undelivered(*, viewer: Viewer) -> QuerySet[GivenUp]:
    """The messages of the viewer's clinic that did not arrive, about whom the viewer may know; empty for others.

    One about a restricted chart is listed to those alone who may open it.
    """
    found = GivenUp.objects.filter(clinic_id=viewer.clinic_id)
    if not may_see_to_messages(viewer):
        return found.none()
    if viewer.role is not Role.DIRECTOR:
        of_team = Q(patient__care_team__account_id=viewer.account_id)
        in_team = of_team if viewer.role in CHART_ROLES else Q(pk__in=[])
        found = found.filter(Q(patient=None) | Q(patient__is_restricted=False) | in_team)
    return found.select_related("message", "patient").order_by("-given_up_at").distinct()


def open_undelivered(*, viewer: Viewer) -> QuerySet[GivenUp]:
    """Those that nobody has settled yet."""
    return undelivered(viewer=viewer).exclude(status=GivenUpStatus.CLOSED.value)


def refusing_addresses(patient_ids: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """To which addresses of these patients nothing is sent: their servers refused them, and nobody has seen to it."""
    found = GivenUp.objects.filter(
        patient_id__in=list(patient_ids), trouble__startswith=ADDRESS_REFUSED
    )
    found = found.exclude(status=GivenUpStatus.CLOSED.value)
    return {(each, to) for each, to in found.values_list("patient_id", "message__to") if each}
