"""How a letter leaves this machine: by SMTP, onto the console, or into files. Each may be asked twice for one letter."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage as DjangoMail
from django.core.mail.backends.smtp import EmailBackend

from longlight.clinic.contact.actions import Letter
from longlight.clinic.contact.rules import (
    ADDRESS_REFUSED,
    MESSAGE_REFUSED,
    CannotArrive,
    Channel,
)

SMTP_PATIENCE_S = 20
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class Transport(Protocol):
    def send(self, letter: Letter) -> None:
        """Send it, or raise. Asked again for the same letter, a receiver can tell by its id that it is a copy."""


@dataclass(frozen=True)
class Console:
    """Onto standard output: for a developer's own machine."""

    def send(self, letter: Letter) -> None:
        sys.stdout.write(f"--- {letter.channel.value}\n{_as_text(letter)}\n---\n")
        sys.stdout.flush()


@dataclass(frozen=True)
class Files:
    """One file a letter, named by its id: a second copy takes the place of the first."""

    folder: Path

    def send(self, letter: Letter) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        suffix = "eml" if letter.channel is Channel.EMAIL else "txt"
        draft = self.folder / f".{letter.id}.{os.getpid()}"
        draft.write_text(_as_text(letter), encoding="utf-8")
        draft.replace(self.folder / f"{letter.id}.{suffix}")


@dataclass(frozen=True)
class Smtp:
    """To a mail server: encrypted from the start (smtps:), or by STARTTLS, which only this machine may lack.

    `?starttls=yes` asks for it on this machine too.
    """

    url: str

    def send(self, letter: Letter) -> None:
        """Raises `CannotArrive` where trying again would not help."""
        try:
            self.backend().send_messages([_mail(letter)])
        except SMTPRecipientsRefused as refusal:
            ((code, _words),) = refusal.recipients.values()
            raise _for_good(ADDRESS_REFUSED, code) or refusal from None
        except SMTPDataError as refusal:
            raise _for_good(MESSAGE_REFUSED, refusal.smtp_code) or refusal from None

    def backend(self) -> EmailBackend:
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        is_tls = parts.scheme == "smtps"
        asked = parse_qs(parts.query).get("starttls", [""])[-1] == "yes"
        return EmailBackend(
            host=host,
            port=parts.port or (465 if is_tls else 587),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            use_ssl=is_tls,
            use_tls=not is_tls and (asked or host not in THIS_MACHINE),
            timeout=SMTP_PATIENCE_S,
        )


def _for_good(reason: str, code: int) -> CannotArrive | None:
    """A refusal with a 5 in front stands (RFC 5321, 4.2.1); with a 4 it may pass."""
    return CannotArrive(f"{reason}: {code}") if 500 <= code < 600 else None


def message_id(letter: Letter) -> str:
    return f"<{letter.id}@longlight>"


def transport_for(channel: Channel) -> Transport:
    """The transport that the environment names for this channel."""
    environment, home = settings.ENVIRONMENT, Path(settings.HOME)
    if channel is Channel.SMS:
        return Console() if environment.sms_backend == "console" else Files(home / "sms")
    if environment.email_url.startswith("console:"):
        return Console()
    if environment.email_url.startswith("file:"):
        return Files(home / "mail")
    return Smtp(environment.email_url)


def _as_text(letter: Letter) -> str:
    if letter.channel is Channel.SMS:
        return f"To: {letter.to}\nKey: {letter.id}\n\n{letter.text}\n"
    return str(_mail(letter).message().as_string())


def _mail(letter: Letter) -> DjangoMail:
    """The mail as it leaves, whichever way."""
    return DjangoMail(
        letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.to],
        headers={"Message-ID": message_id(letter)},
    )  # fmt: skip
