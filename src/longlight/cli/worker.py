"""`longlight worker`: does what was queued: sends messages, runs jobs."""

import logging
import signal
import sys
from datetime import UTC, datetime
from threading import Event

import click

from longlight.cli.django_setup import start_django
from longlight.cli.main import Refusal

log = logging.getLogger("longlight.worker")
POLL_S = 1.0
BEAT_S = 10.0
PATIENCE_S = 5.0


@click.command(
    epilog="Examples:  longlight worker   ·   longlight worker --once   ·   longlight worker --dead-letters"
)
@click.option(
    "--once", is_flag=True, help="Do what is due now, then stop; exit 1 when something failed."
)
@click.option("--dead-letters", is_flag=True, help="List what was given up, then stop.")
@click.option(
    "--again", metavar="ID", type=click.UUID, help="Make a job that was given up due once more."
)
def command(once: bool, dead_letters: bool, again: "object | None") -> None:
    """Send messages and run jobs until stopped (Ctrl-C or SIGTERM; the job in hand is finished first).

    Several workers may run. A worker that is killed leaves nothing undone and no job done twice.
    """
    start_django()
    _stop_where_unready()
    if dead_letters:
        _list_dead_letters()
    elif again is not None:
        _try_again(str(again))
    else:
        _work(once=once)


def _stop_where_unready() -> None:
    from django.db import Error

    from longlight.clinic.contact.models import Job

    try:
        Job.objects.exists()
    except Error:
        raise Refusal(
            "The database does not answer or is not up to date: check DATABASE_URL, then run  longlight migrate."
        ) from None


def _list_dead_letters() -> None:
    from longlight.clinic.contact.queries import dead_letters

    letters = dead_letters()
    for letter in letters:
        click.echo(
            f"{letter.id}  {letter.dead_at:%Y-%m-%d %H:%M} UTC  {letter.name}  {letter.trouble}"
        )
    if not letters:
        click.echo("Nothing was given up.")


def _try_again(job_id: str) -> None:
    from uuid import UUID

    from longlight.clinic.contact.actions import try_again
    from longlight.clinic.contact.queries import dead_jobs
    from longlight.clinic.record.rules import Actor, ActorKind

    job = dead_jobs().filter(pk=UUID(job_id)).first()
    if job is None:
        raise Refusal(
            f"No job {job_id} was given up: longlight worker --dead-letters  lists those that were."
        )
    by = Actor(ActorKind.SYSTEM, None, "longlight worker --again", "system", job.clinic_id)
    try_again(job.id, clinic_id=job.clinic_id, by=by, at=_now())
    click.echo(f"{job.name} {job.id} is due once more.")


def _now() -> datetime:
    return datetime.now(UTC)


def _work(*, once: bool) -> None:
    from longlight.clinic.contact.jobs import know_all_jobs

    know_all_jobs()
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    hands = _Hands(stopped)
    if once:
        sys.exit(1 if hands.do_all_due() else 0)
    log.info("worker started")
    while not stopped.is_set():
        hands.one_round()
        stopped.wait(POLL_S)
    log.info("worker stopped")


class _Hands:
    """Does what is due, and shows every few seconds that it is there."""

    def __init__(self, stopped: Event) -> None:
        self.stopped, self.beaten_at = stopped, datetime.min.replace(tzinfo=UTC)

    def one_round(self) -> None:
        """A database that is away for a while stops nothing: the worker waits for it."""
        from django.db import Error, connection

        try:
            self.do_all_due()
        except Error as error:
            log.warning("the database does not answer", extra={"reason": type(error).__name__})
            connection.close()
            self.stopped.wait(PATIENCE_S)

    def do_all_due(self) -> int:
        """Do everything that is due; how much of it failed."""
        from longlight.clinic.contact.jobs import do_some

        failed = 0
        while not self.stopped.is_set():
            self._beat()
            done = do_some(clock=_now, is_stopping=self.stopped.is_set)
            if not done:
                break
            failed += done.count(False)
        return failed

    def _beat(self) -> None:
        from longlight.clinic.contact.actions import beat
        from longlight.clinic.contact.jobs import queue_tonight

        now = _now()
        if (now - self.beaten_at).total_seconds() >= BEAT_S:
            beat(at=now)
            queue_tonight(at=now)
            self.beaten_at = now
