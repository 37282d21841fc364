"""What changes about messages and jobs: queued inside a write, leased, done, given up; how a patient is reached."""

from longlight.clinic.contact.actions.details import change_contact
from longlight.clinic.contact.actions.leases import (
    Lease,
    beat,
    finish,
    lease_next,
    lease_some,
    let_go,
    put_back,
    try_again,
)
from longlight.clinic.contact.actions.preferences import set_preference
from longlight.clinic.contact.actions.queueing import (
    MESSAGE_TEXT,
    CannotSend,
    Letter,
    NotInAWrite,
    Worded,
    is_message_queued,
    keep_letter,
    letter_of,
    mark_sent,
    queue_job,
    queue_message,
    queue_messages,
)
from longlight.clinic.contact.actions.undelivered import claim_undelivered, close_undelivered

__all__ = [
    "MESSAGE_TEXT",
    "CannotSend",
    "Lease",
    "Letter",
    "NotInAWrite",
    "Worded",
    "beat",
    "change_contact",
    "claim_undelivered",
    "close_undelivered",
    "finish",
    "is_message_queued",
    "keep_letter",
    "lease_next",
    "lease_some",
    "let_go",
    "letter_of",
    "mark_sent",
    "put_back",
    "queue_job",
    "queue_message",
    "queue_messages",
    "set_preference",
    "try_again",
]
