"""Lease what is due, mark it done, put it back, give it up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID, uuid4

from django.db.models import F

from longlight.clinic.contact.actions.undelivered import close_as_sent_again, note_given_up
from longlight.clinic.contact.models import Heartbeat, Job
from longlight.clinic.contact.queries import WORKER, due_jobs
from longlight.clinic.contact.rules import (
    LEASE,
    SEND,
    WORKER_DIED,
    is_given_up,
    pause_before_next_try,
)
from longlight.clinic.record.actions import clinic_chain, door, writing
from longlight.clinic.record.rules import Actor


@dataclass(frozen=True)
class Lease:
    """A job in the hands of one worker."""

    id: UUID
    token: UUID
    name: str
    tries: int
    arguments: Mapping[str, object]


def lease_next(*, at: datetime) -> Lease | None:
    """Take the job that is longest due, for `LEASE`; None when there is none. Two workers never take the same."""
    return next(iter(lease_some(at=at, most=1)), None)


def lease_some(*, at: datetime, most: int) -> list[Lease]:
    """Take what is longest due, for `LEASE`: one job, or as many messages as come first. Empty when there is none.

    A job may take as long as its lease; a message is out soon, so that whoever takes some can watch the time.
    """
    while due_jobs(at).exists():  # looking waits for nobody; taking queues at the door
        with door():
            found = list(due_jobs(at).select_for_update(skip_locked=True)[:most])
            died = [job.pk for job in found if is_given_up(job.tries)]  # its worker, each time
            Job.objects.filter(pk__in=died, trouble="").update(trouble=WORKER_DIED)
            if Job.objects.filter(pk__in=died).update(dead_at=at):
                note_given_up(died, at=at)
            taken = _together([job for job in found if job.pk not in died])
            token = uuid4()
            Job.objects.filter(pk__in=[job.pk for job in taken]).update(
                tries=F("tries") + 1, lease=token, leased_until=at + LEASE
            )
        if taken or not found:
            return [Lease(job.id, token, job.name, job.tries + 1, job.arguments) for job in taken]
    return []


def _together(due: list[Job]) -> list[Job]:
    """The messages at the head that nobody has tried yet, or else one job: what may end its worker ends no others."""
    return list(takewhile(lambda job: job.name == SEND and not job.tries, due)) or due[:1]


def let_go(leases: Sequence[Lease]) -> None:
    """Give back what was taken and not begun: due at once, and no try is counted."""
    with door():
        for lease in leases:
            Job.objects.filter(pk=lease.id, lease=lease.token, done_at=None).update(
                tries=lease.tries - 1, lease=None, leased_until=None
            )


def finish(lease: Lease, *, at: datetime, effect: Callable[[], None] = lambda: None) -> bool:
    """Mark the job done and do the effect, both or neither; False, and nothing done, when the lease was lost."""
    held = Job.objects.filter(pk=lease.id, lease=lease.token, done_at=None, dead_at=None)
    with door():
        if not held.update(done_at=at, lease=None, leased_until=None, trouble=""):
            return False
        effect()
    return True


def put_back(lease: Lease, *, at: datetime, trouble: str, at_once_dead: bool = False) -> bool:
    """The try failed: due again later, or given up. True when it was given up."""
    dead = at_once_dead or is_given_up(lease.tries)
    with door():
        Job.objects.filter(pk=lease.id, lease=lease.token, done_at=None).update(
            lease=None,
            leased_until=None,
            due_at=at + pause_before_next_try(lease.tries),
            dead_at=at if dead else None,
            trouble=trouble[:120],
        )
        if dead:
            note_given_up([lease.id], at=at)
    return dead


def try_again(job_id: UUID, *, clinic_id: UUID | None, by: Actor, at: datetime) -> bool:
    """A person looked at a job that was given up: it is due once more. False when there is no such job."""
    with door():
        jobs = Job.objects.filter(pk=job_id, clinic_id=clinic_id, done_at=None).exclude(
            dead_at=None
        )
        if not jobs.update(dead_at=None, due_at=at, tries=0, trouble=""):
            return False
        close_as_sent_again(job_id, by_name=by.name, at=at)
        if clinic_id is not None:
            with writing(by=by, at=at) as pen:
                pen.note(
                    "job-tried-again",
                    chain=clinic_chain(clinic_id),
                    object_kind="job",
                    object_id=job_id,
                )
        return True


def beat(*, at: datetime) -> None:
    """The worker is alive."""
    with door():
        Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": at})
