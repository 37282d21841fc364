"""A message that did not arrive becomes work: somebody claims it, and closes it with what became of it."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.contact import rules
from longlight.clinic.contact.access import require_may_see_to_messages
from longlight.clinic.contact.models import GivenUp, Job, Message
from longlight.clinic.contact.queries import undelivered
from longlight.clinic.contact.rules import SEND, CannotSettle, GivenUpOutcome, GivenUpStatus
from longlight.clinic.people.access import Refused
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import Pen, clinic_chain, door, patient_chain, writing


def note_given_up(job_ids: list[UUID], *, at: datetime) -> None:
    """Make work of the messages among these jobs that were given up now. Inside the caller's door."""
    with door():
        for job in Job.objects.filter(pk__in=job_ids, name=SEND).exclude(dead_at=None):
            message = Message.objects.filter(pk=job.arguments.get("message")).first()
            if message is None:
                continue
            GivenUp.objects.bulk_create(
                [
                    GivenUp(
                        job=job, message=message, clinic_id=message.clinic_id,
                        patient_id=message.patient_id, given_up_at=at, tries=job.tries,
                        trouble=job.trouble,
                    )
                ],
                ignore_conflicts=True,
            )  # fmt: skip


def claim_undelivered(*, given_up_id: UUID, viewer: Viewer, at: datetime) -> GivenUp:
    """Take it on oneself; taking over is allowed and noted. Raises `CannotSettle`."""
    with writing(by=viewer.actor, at=at) as pen:
        given_up = _locked(given_up_id, viewer)
        if given_up.status == GivenUpStatus.CLOSED.value:
            raise CannotSettle(_("This message is settled."))
        is_mine = given_up.claimed_by_id == viewer.account_id
        if not is_mine:
            given_up.status = GivenUpStatus.CLAIMED.value
            given_up.claimed_at, given_up.claimed_by_id = at, viewer.account_id
            given_up.claimed_by_name = viewer.name[:200]
            given_up.save(
                update_fields=["status", "claimed_at", "claimed_by_id", "claimed_by_name"]
            )
        _note(pen, given_up, "undelivered-claim-repeated" if is_mine else "undelivered-claimed")
    return given_up


def close_undelivered(
    *, given_up_id: UUID, outcome: GivenUpOutcome, note: str, viewer: Viewer, at: datetime
) -> GivenUp:
    """Close it with what became of it; sent again, it is due at once to the same address. Raises `CannotSettle`."""
    with writing(by=viewer.actor, at=at) as pen:
        given_up = _locked(given_up_id, viewer)
        reasons = rules.reasons_not_to_close(
            GivenUpStatus(given_up.status), is_mine=given_up.claimed_by_id == viewer.account_id,
            outcome=outcome, note=note,
        )  # fmt: skip
        if reasons:
            raise CannotSettle(" ".join(reasons))
        _close(given_up, outcome, note, by_name=viewer.name, at=at)
        jobs = Job.objects.filter(pk=given_up.job_id, done_at=None)
        if outcome is GivenUpOutcome.SENT_AGAIN:
            jobs.update(dead_at=None, due_at=at, tries=0, trouble="")
        else:  # done with, by a person: it leaves no more, and its text is kept no longer
            jobs.update(done_at=at)
            Message.objects.filter(pk=given_up.message_id, sent_at=None).update(sealed_text="")
        _note(pen, given_up, "undelivered-closed", outcome=outcome)
    return given_up


def close_as_sent_again(job_id: UUID, *, by_name: str, at: datetime) -> None:
    """The job was made due once more from the outbox. Inside the caller's door."""
    for given_up in GivenUp.objects.filter(job_id=job_id).exclude(
        status=GivenUpStatus.CLOSED.value
    ):
        _close(given_up, GivenUpOutcome.SENT_AGAIN, "", by_name=by_name, at=at)


def _close(
    given_up: GivenUp, outcome: GivenUpOutcome, note: str, *, by_name: str, at: datetime
) -> None:
    given_up.status, given_up.closed_at = GivenUpStatus.CLOSED.value, at
    given_up.closed_by_name = by_name[:200]
    given_up.outcome, given_up.note = outcome.value, note.strip()[:400]
    given_up.save(update_fields=["status", "closed_at", "closed_by_name", "outcome", "note"])


def _locked(given_up_id: UUID, viewer: Viewer) -> GivenUp:
    """The message, locked until the write ends; for who may not know of it as if there were none."""
    require_may_see_to_messages(viewer)
    if not undelivered(viewer=viewer).filter(pk=given_up_id).exists():
        raise Refused
    return GivenUp.objects.select_for_update().get(pk=given_up_id)


def _note(pen: Pen, given_up: GivenUp, verb: str, **details: object) -> None:
    assert given_up.clinic_id is not None
    chain = (
        patient_chain(given_up.patient_id)
        if given_up.patient_id
        else clinic_chain(given_up.clinic_id)
    )
    pen.note(verb, chain=chain, object_kind="message", object_id=given_up.message_id, **details)
