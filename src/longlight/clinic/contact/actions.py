"""Queue messages and jobs inside a write; lease them, mark them done, give them up."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time
from uuid import UUID, uuid4
from zoneinfo import available_timezones

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from longlight.clinic.contact.models import (
    ContactChange,
    ContactPreference,
    Heartbeat,
    Job,
    Message,
)
from longlight.clinic.contact.queries import WORKER, KnownContact, contact_of, due_jobs
from longlight.clinic.contact.rules import (
    LEASE,
    WORDINGS,
    CannotChange,
    Channel,
    ContactDetails,
    MessageKind,
    PreferredChannel,
    is_given_up,
    pause_before_next_try,
    reasons_not_to_change,
    reasons_not_to_send,
)
from longlight.clinic.people.access import require_chart
from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.people.rules import Viewer
from longlight.clinic.people.sealing import seal, unseal
from longlight.clinic.record.actions import Pen, clinic_chain, door, patient_chain, writing
from longlight.clinic.record.rules import Actor, Chain, storable
from longlight.science.schedules import usual

SEND = "send-message"
MESSAGE_TEXT = "message-text"


class CannotSend(Exception):
    """A message that cannot be queued; the words are for people."""


class NotInAWrite(Exception):
    """Something was queued outside a transaction: it could then be done although the write was not."""


def queue_job(
    name: str,
    *,
    key: str,
    at: datetime,
    arguments: Mapping[str, object] | None = None,
    due_at: datetime | None = None,
    clinic_id: UUID | None = None,
) -> None:
    """Have the job called `name` done after this write commits. The same key again changes nothing.

    `arguments` hold ids, never a name or a text. `contact.jobs.job` says how a step registers a job.
    """
    if not connection.in_atomic_block:
        raise NotInAWrite("queue it inside `writing`, so that both happen or neither")
    job = Job(
        name=name, key=key, queued_at=at, due_at=due_at or at, clinic_id=clinic_id,
        arguments=storable(dict(arguments or {})),
    )  # fmt: skip
    Job.objects.bulk_create([job], ignore_conflicts=True)


@dataclass(frozen=True)
class Letter:
    """A message as it leaves. `id` stays the same on every try: it is the key by which a copy is told."""

    id: UUID
    channel: Channel
    to: str
    subject: str
    text: str


def queue_message(
    pen: Pen,
    kind: MessageKind,
    *,
    clinic: Clinic,
    channel: Channel,
    to: str,
    link: str,
    key: str,
    chain: Chain,
    patient_id: UUID | None = None,
) -> None:
    """Send one of the worded messages after this write commits. Nothing else can be said: no free text is taken.

    The same key again sends nothing. Raises `CannotSend`.
    """
    reasons = reasons_not_to_send(channel, to, link)
    if reasons:
        raise CannotSend(" ".join(reasons))
    if is_message_queued(key):
        return
    wording = WORDINGS[kind]
    with override("en"):
        subject = str(wording.subject)
        text = str(wording.text).format(clinic=clinic.name, link=link)
    letter = Letter(uuid4(), channel, to, "" if channel is Channel.SMS else subject, text)
    keep_letter(letter, kind, key=key, at=pen.at, clinic_id=clinic.id, patient_id=patient_id)
    pen.note(
        "message-queued", chain=chain, object_kind="message", object_id=letter.id,
        kind=kind, channel=channel,
    )  # fmt: skip


def is_message_queued(key: str) -> bool:
    """Whether a message with this key was queued before, sent since or not."""
    return Job.objects.filter(key=_send_key(key)).exists()


def keep_letter(
    letter: Letter,
    kind: MessageKind,
    *,
    key: str,
    at: datetime,
    clinic_id: UUID | None = None,
    patient_id: UUID | None = None,
) -> None:
    """Put a letter into the outbox, its text sealed. For this package alone: others queue worded messages."""
    with door():
        Message.objects.create(
            id=letter.id, clinic_id=clinic_id, patient_id=patient_id, kind=kind.value,
            channel=letter.channel.value, to=letter.to, subject=letter.subject,
            sealed_text=seal(letter.text, purpose=MESSAGE_TEXT), queued_at=at,
        )  # fmt: skip
        arguments = {"message": letter.id}
        queue_job(SEND, key=_send_key(key), at=at, arguments=arguments, clinic_id=clinic_id)


def _send_key(key: str) -> str:
    return f"{SEND}:{key}"


def letter_of(message_id: UUID) -> Letter | None:
    """The letter to be sent, or None when it is out already."""
    message = Message.objects.get(pk=message_id)
    if message.sent_at is not None:
        return None
    text = unseal(message.sealed_text, purpose=MESSAGE_TEXT)
    return Letter(message.id, Channel(message.channel), message.to, message.subject, text)


def mark_sent(message_id: UUID, *, at: datetime) -> None:
    """The message is out: its text is no longer kept."""
    Message.objects.filter(pk=message_id).update(sent_at=at, sealed_text="")


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
    if not due_jobs(at).exists():  # looking waits for nobody; taking queues at the door
        return None
    with door():
        job = due_jobs(at).select_for_update(skip_locked=True).first()
        if job is None:
            return None
        if is_given_up(job.tries):  # its worker died with it each time
            Job.objects.filter(pk=job.pk).update(dead_at=at, trouble=job.trouble or "worker-died")
        else:
            job.tries, job.lease, job.leased_until = job.tries + 1, uuid4(), at + LEASE
            job.save(update_fields=["tries", "lease", "leased_until"])
            return Lease(job.id, job.lease, job.name, job.tries, job.arguments)
    return lease_next(at=at)


def finish(lease: Lease, *, at: datetime, effect: Callable[[], None] = lambda: None) -> bool:
    """Do the effect and mark the job done, both or neither; False, and nothing done, when the lease was lost."""
    with door():
        held = Job.objects.select_for_update().filter(
            pk=lease.id, lease=lease.token, done_at=None, dead_at=None
        )
        if held.first() is None:
            return False
        effect()
        held.update(done_at=at, lease=None, leased_until=None, trouble="")
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
    return dead


def try_again(job_id: UUID, *, clinic_id: UUID | None, by: Actor, at: datetime) -> bool:
    """A person looked at a job that was given up: it is due once more. False when there is no such job."""
    with door():
        jobs = Job.objects.filter(pk=job_id, clinic_id=clinic_id, done_at=None).exclude(
            dead_at=None
        )
        if not jobs.update(dead_at=None, due_at=at, tries=0, trouble=""):
            return False
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


def set_preference(
    *,
    patient_id: UUID,
    channel: PreferredChannel,
    quiet_from: time,
    quiet_until: time,
    viewer: Viewer,
    at: datetime,
) -> ContactPreference:
    """How the patient wants to be reminded, as the patient says it here, or says it to staff."""
    patient = require_chart(viewer, patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        preference, _ = ContactPreference.objects.update_or_create(
            patient=patient,
            defaults={
                "channel": channel.value, "quiet_from": quiet_from, "quiet_until": quiet_until,
                "set_at": at, "set_by_name": viewer.name[:200],
            },
        )  # fmt: skip
        pen.note(
            "contact-preference-set", chain=patient_chain(patient.id), object_kind="patient",
            object_id=patient.id, channel=channel,
        )  # fmt: skip
    return preference


def change_contact(
    *, patient_id: UUID, details: ContactDetails, seen: int, viewer: Viewer, at: datetime
) -> None:
    """How the patient can be reached from now on. What held before stays in the record.

    `seen` is the change on which the typist's page rests: when another came between, nothing is overwritten.
    """
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().filter(pk=patient_id).first()
        known = contact_of(patient_id=patient_id, viewer=viewer, at=at)
        if known.details == details:  # sent twice, or nothing changed
            _note_contact(pen, patient_id, "contact-unchanged", [])
            return
        reasons = reasons_not_to_change(
            details, is_zone_known=details.time_zone in available_timezones()
        )
        if known.seen != seen:
            reasons = [_("Somebody changed this meanwhile: open the page again and look.")]
        if reasons:
            raise CannotChange(" ".join(reasons))
        _keep_contact(known, details, viewer, at)
        changed = [
            name for name, was in asdict(known.details).items() if was != getattr(details, name)
        ]
        _note_contact(pen, patient_id, "contact-changed", changed)


def _keep_contact(
    known: KnownContact, details: ContactDetails, viewer: Viewer, at: datetime
) -> None:
    """What holds, where it is looked up; what held before the first change is written down first."""
    patient = known.patient
    if not known.changes:
        ContactChange.objects.create(
            patient=patient, **asdict(known.details), at=at, by_id=viewer.account_id,
            by_name="as registered",
        )  # fmt: skip
    ContactChange.objects.create(
        patient=patient, **asdict(details), at=at, by_id=viewer.account_id,
        by_name=viewer.name[:200],
    )  # fmt: skip
    patient.email, patient.phone = details.email, details.phone
    patient.time_zone = details.time_zone
    patient.save(update_fields=["email", "phone", "time_zone"])
    if details.channel and details.channel != known.details.channel:
        quiet = {"quiet_from": usual().quiet_from, "quiet_until": usual().quiet_until}
        said = {"channel": details.channel, "set_at": at, "set_by_name": viewer.name[:200]}
        ContactPreference.objects.update_or_create(
            patient=patient, defaults=said, create_defaults=said | quiet
        )


def _note_contact(pen: Pen, patient_id: UUID, verb: str, changed: list[str]) -> None:
    """Which fields, never what they say."""
    pen.note(
        verb,
        chain=patient_chain(patient_id),
        object_kind="patient",
        object_id=patient_id,
        fields=changed,
    )
