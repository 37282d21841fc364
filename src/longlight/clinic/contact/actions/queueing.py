"""Queue messages and jobs inside a write; the letter to be sent, and the mark that it is out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection
from django.utils.translation import override

from longlight.clinic.contact.models import Job, Message
from longlight.clinic.contact.queries import known_keys
from longlight.clinic.contact.rules import (
    SEND,
    WORDINGS,
    Channel,
    MessageKind,
    reasons_not_to_send,
)
from longlight.clinic.people.models import Clinic
from longlight.clinic.people.sealing import seal, unseal
from longlight.clinic.record.actions import Pen, door
from longlight.clinic.record.rules import Chain, storable

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


@dataclass(frozen=True)
class Worded:
    """To whom a worded message goes, with the link in it. Nothing else can be said: no free text is taken."""

    channel: Channel
    to: str
    link: str
    key: str
    chain: Chain
    patient_id: UUID | None = None


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
    queue_messages(pen, kind, [Worded(channel, to, link, key, chain, patient_id)], clinic=clinic)


def queue_messages(
    pen: Pen, kind: MessageKind, messages: Sequence[Worded], *, clinic: Clinic
) -> None:
    """Send a worded message of one clinic to many, as `queue_message` does to one."""
    for each in messages:
        reasons = reasons_not_to_send(each.channel, each.to, each.link)
        if reasons:
            raise CannotSend(" ".join(reasons))
    queued = known_keys(_send_key(each.key) for each in messages)
    new = {each.key: each for each in messages if _send_key(each.key) not in queued}
    with override("en"):
        subject, text = str(WORDINGS[kind].subject), str(WORDINGS[kind].text)
    kept = []
    for each in new.values():
        letter = Letter(
            uuid4(), each.channel, each.to, "" if each.channel is Channel.SMS else subject,
            text.format(clinic=clinic.name, link=each.link),
        )  # fmt: skip
        kept.append((letter, each.key, each.patient_id))
        pen.note(
            "message-queued", chain=each.chain, object_kind="message", object_id=letter.id,
            kind=kind, channel=each.channel,
        )  # fmt: skip
    _keep_letters(kept, kind, at=pen.at, clinic_id=clinic.id)


def is_message_queued(key: str) -> bool:
    """Whether a message with this key was queued before, sent since or not."""
    return Job.objects.filter(key=_send_key(key)).exists()


def keep_letter(letter: Letter, kind: MessageKind, *, key: str, at: datetime) -> None:
    """Put a letter of no clinic's into the outbox. For this package alone: others queue worded messages."""
    _keep_letters([(letter, key, None)], kind, at=at, clinic_id=None)


def _keep_letters(
    letters: Sequence[tuple[Letter, str, UUID | None]],
    kind: MessageKind,
    *,
    at: datetime,
    clinic_id: UUID | None,
) -> None:
    """Put letters into the outbox, each with its key and whose it is, their texts sealed."""
    with door():
        Message.objects.bulk_create(
            Message(
                id=letter.id, clinic_id=clinic_id, patient_id=patient_id, kind=kind.value,
                channel=letter.channel.value, to=letter.to, subject=letter.subject,
                sealed_text=seal(letter.text, purpose=MESSAGE_TEXT), queued_at=at,
            )
            for letter, _key, patient_id in letters
        )  # fmt: skip
        Job.objects.bulk_create(
            [
                Job(
                    name=SEND, key=_send_key(key), queued_at=at, due_at=at, clinic_id=clinic_id,
                    arguments=storable({"message": letter.id}),
                )
                for letter, key, _patient_id in letters
            ],
            ignore_conflicts=True,
        )  # fmt: skip


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
