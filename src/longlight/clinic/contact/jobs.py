"""What is done later, by name; and how one piece of it is done.

A step registers its jobs in its own `jobs.py`, which the worker imports:

    @job("close-window")
    def close_window(run: JobRun) -> None: ...           # effect and mark are one transaction: done once

    @nightly("quality-report")
    def quality_report(run: JobRun) -> None: ...         # queued by the worker itself, once a day (UTC)

    @every("look-round", minutes=5)
    def look_round(run: JobRun) -> None: ...             # queued by the worker itself, every five minutes

A job whose effect is outside the database (sending) is registered with `outside=True`: done at least once. What it
returns is written together with the mark that it is done.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from importlib import import_module
from pkgutil import iter_modules
from uuid import UUID

from longlight import clinic
from longlight.clinic.contact import actions
from longlight.clinic.contact.actions import Lease, queue_job
from longlight.clinic.contact.queries import known_keys
from longlight.clinic.contact.rules import LEASE, SEND, CannotArrive
from longlight.clinic.contact.transports import transport_for
from longlight.clinic.record import jobs as record_jobs
from longlight.clinic.record.actions import door

log = logging.getLogger("longlight.worker")
NIGHT = time(3)
MESSAGES_AT_ONCE = 20  # taken together; each is sent, and marked, on its own
A_SENDING = timedelta(seconds=30)  # longer than one takes: with less left of a lease none is begun


@dataclass(frozen=True)
class JobRun:
    """One go at a job. `id` is the same on every try."""

    id: UUID
    arguments: Mapping[str, object]
    at: datetime


Mark = Callable[[], None]  # what is written together with the mark that a job is done
JobFunction = Callable[[JobRun], Mark | None]


@dataclass(frozen=True)
class KnownJob:
    work: JobFunction
    outside: bool = False
    nightly: bool = False
    every_min: int = 0


KNOWN: dict[str, KnownJob] = {}


class AlreadyKnown(Exception):
    """Two jobs of one name: a fault in the code."""


def job(
    name: str, *, outside: bool = False, every_night: bool = False, every_min: int = 0
) -> Callable[[JobFunction], JobFunction]:
    """Register a function as the job called `name`. Names are stored: they never change."""

    def register(work: JobFunction) -> JobFunction:
        if name in KNOWN and KNOWN[name].work.__qualname__ != work.__qualname__:
            raise AlreadyKnown(name)
        KNOWN[name] = KnownJob(work, outside, every_night, every_min)
        return work

    return register


def nightly(name: str) -> Callable[[JobFunction], JobFunction]:
    """Register a job that the worker queues by itself, once a day."""
    return job(name, every_night=True)


def every(name: str, *, minutes: int) -> Callable[[JobFunction], JobFunction]:
    """Register a job that the worker queues by itself, again and again; one that was not reached in time is left out."""
    return job(name, every_min=minutes)


def know_all_jobs() -> None:
    """Import every step's `jobs`, so that its jobs are known."""
    for step in iter_modules(clinic.__path__):
        if step.ispkg and any(
            m.name == "jobs" for m in iter_modules([f"{clinic.__path__[0]}/{step.name}"])
        ):
            import_module(f"{clinic.__name__}.{step.name}.jobs")


def queue_tonight(*, at: datetime) -> None:
    """Queue each nightly job for today, once it is night, and each that comes every few minutes.

    Safe to repeat, and to repeat by two workers: a night, and a stretch of minutes, has one key.
    """
    keys = {}
    for name, known in KNOWN.items():
        if known.nightly and at.time() >= NIGHT:
            keys[f"{name}:{at.date().isoformat()}"] = name
        if known.every_min:
            keys[f"{name}:{int(at.timestamp()) // (60 * known.every_min)}"] = name
    if not set(keys) - known_keys(keys):
        return
    with door():
        for key, name in keys.items():
            queue_job(name, key=key, at=at)


def do_next(*, clock: Callable[[], datetime]) -> bool | None:
    """Do the job that is longest due. True: done; False: failed or given up; None: nothing is due."""
    return next(iter(do_some(clock=clock, most=1)), None)


def do_some(
    *,
    clock: Callable[[], datetime],
    most: int = MESSAGES_AT_ONCE,
    is_stopping: Callable[[], bool] = lambda: False,
) -> list[bool]:
    """Do what is longest due: one job, or some messages. Whether each was done; empty when nothing is due."""
    taken_at = clock()
    leases = actions.lease_some(at=taken_at, most=most)
    done: list[bool] = []
    for place, lease in enumerate(leases):
        if place and (is_stopping() or clock() - taken_at > LEASE - A_SENDING):
            actions.let_go(leases[place:])
            break
        done.append(_do_leased(lease, clock))
    return done


def _do_leased(lease: Lease, clock: Callable[[], datetime]) -> bool:
    known = KNOWN.get(lease.name)
    if known is None:
        log.error(
            "job given up: nothing is known by its name",
            extra={"job": lease.name, "job_id": str(lease.id)},
        )
        actions.put_back(lease, at=clock(), trouble="unknown-name", at_once_dead=True)
        return False
    try:
        _do(lease, known, clock)
    except Exception as error:
        # Its words may hold an address or a name; its kind does not.
        is_final = isinstance(error, CannotArrive)
        trouble = str(error) if is_final else type(error).__name__
        dead = actions.put_back(lease, at=clock(), trouble=trouble, at_once_dead=is_final)
        log.warning(
            "job given up" if dead else "job failed, to be tried again",
            extra={
                "job": lease.name,
                "job_id": str(lease.id),
                "tries": lease.tries,
                "reason": trouble,
            },
        )
        return False
    log.info("job done", extra={"job": lease.name, "job_id": str(lease.id)})
    return True


def _do(lease: Lease, known: KnownJob, clock: Callable[[], datetime]) -> None:
    run = JobRun(lease.id, lease.arguments, clock())
    if not known.outside:

        def effect() -> None:
            known.work(run)

        actions.finish(lease, at=clock(), effect=effect)
        return
    mark = known.work(run) or _no_mark
    if not actions.finish(lease, at=clock(), effect=mark):
        with (
            door()
        ):  # somebody else holds the lease by now: what is done outside is done all the same
            mark()


def _no_mark() -> None:
    """What is done outside leaves no mark of its own."""


@job(SEND, outside=True)
def send_message(run: JobRun) -> Mark | None:
    """Send one letter. Between the sending and the mark a kill makes a second copy, with the same id."""
    message_id = UUID(str(run.arguments["message"]))
    letter = actions.letter_of(message_id)
    if letter is None:
        return None
    transport_for(letter.channel).send(letter)
    return partial(actions.mark_sent, message_id, at=run.at)


@job("anchor-audit-trail", outside=True, every_night=True)
def anchor_audit_trail(run: JobRun) -> None:
    """Seal where every chain ends, in the database and in a file beside it."""
    record_jobs.anchor(at=run.at)
