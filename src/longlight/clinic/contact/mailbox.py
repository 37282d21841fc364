"""Where Django's own mail goes: into the outbox, in the transaction of whoever sends it (`EMAIL_BACKEND`).

So the sign-in library, which words its own codes and notices, sends nothing by itself either.
"""

from collections.abc import Sequence
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from longlight.clinic.contact.actions import Letter, keep_letter
from longlight.clinic.contact.rules import Channel, MessageKind


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        count = 0
        for mail in email_messages:
            for to in mail.recipients():
                letter = Letter(uuid4(), Channel.EMAIL, to, str(mail.subject)[:200], str(mail.body))
                keep_letter(letter, MessageKind.ACCOUNT, key=str(letter.id), at=timezone.now())
                count += 1
        return count
