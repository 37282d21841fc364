"""What a message may say, and when a job is tried again. No database, no clock."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SEND = "send-message"  # the job that sends one message
MOST_TRIES = 10
LEASE = timedelta(seconds=90)  # longer than any one sending may take
ALIVE_WITHIN = timedelta(
    seconds=60
)  # a worker that was not heard from for longer is shown as stopped
A_LINK = "https://clinic.example/"  # stands for any link where only the address is looked at
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class PreferredChannel(StrEnum):
    """How a patient wants to be reached; `none` is by no message, so that somebody telephones."""

    EMAIL = "email"
    SMS = "sms"
    NONE = "none"


class LeaveMessage(StrEnum):
    """Whether a message may be left where somebody else may hear it."""

    YES = "yes"
    NO = "no"


LEAVE_WORDS = {
    LeaveMessage.YES.value: _("A message may be left."),
    LeaveMessage.NO.value: _("Leave no message: keep trying."),
    "": _("Not known whether it is safe to leave a message: leave none."),
}


@dataclass(frozen=True)
class ContactDetails:
    """How a patient can be reached. Empty: nothing is known, or of the zone: the clinic's."""

    email: str = ""
    phone: str = ""
    time_zone: str = ""
    channel: str = ""
    leave_message: str = ""


class MessageKind(StrEnum):
    """The closed list of what the clinic sends. None of it tells anything: whoever reads it signs in to learn more."""

    SOMETHING_NEW = "something-new"
    QUESTIONS_WAITING = "questions-waiting"
    APPOINTMENT = "appointment"
    REQUEST_NEWS = "request-news"
    STAFF_REVIEW = "staff-review"
    ACCOUNT = "account"  # worded by the sign-in library


@dataclass(frozen=True)
class Wording:
    subject: Promise
    text: Promise


WORDINGS: dict[MessageKind, Wording] = {
    MessageKind.SOMETHING_NEW: Wording(
        _("You have a message from the clinic"),
        _("You have a message from {clinic}. Sign in to read it: {link}"),
    ),
    MessageKind.QUESTIONS_WAITING: Wording(
        _("The clinic has a few questions for you"),
        _("{clinic} has a few questions for you. You can answer them here: {link}"),
    ),
    MessageKind.APPOINTMENT: Wording(
        _("About your appointment"),
        _("{clinic} has news about your appointment. Sign in to see it: {link}"),
    ),
    MessageKind.REQUEST_NEWS: Wording(  # who asked has no account: the link itself opens it
        _("You have a message from the clinic"),
        _("You have a message from {clinic}. You can read it here: {link}"),
    ),
    MessageKind.STAFF_REVIEW: Wording(
        _("Something needs your review"),
        _("Something at {clinic} needs your review. Sign in to see it: {link}"),
    ),
}


class GivenUpStatus(StrEnum):
    """How far staff have come with a message that did not arrive."""

    NEW = "new"
    CLAIMED = "claimed"
    CLOSED = "closed"


class GivenUpOutcome(StrEnum):
    """What became of a message that did not arrive."""

    SENT_AGAIN = "sent-again"
    TOLD = "told-otherwise"
    ADDRESS = "address-put-right"
    NOT_NEEDED = "not-needed"


class CannotSettle(Exception):
    """A message that did not arrive is not in a state for this; the sentence says what to do instead."""


class CannotArrive(Exception):
    """A message that a server refuses for good. Its words are a reason of ours and a code, never an address."""


ADDRESS_REFUSED = "address-refused"  # its server says that there is no such address
MESSAGE_REFUSED = "message-refused"  # its server takes no such message from here
WORKER_DIED = "worker-died"


def reasons_not_to_close(
    status: GivenUpStatus,
    *,
    is_mine: bool,
    outcome: GivenUpOutcome,
    note: str,
) -> list[str]:
    """Every reason why this outcome cannot be recorded now; empty when it can."""
    reasons = []
    if status is GivenUpStatus.CLOSED:
        return [gettext("This message is settled.")]
    if status is GivenUpStatus.NEW:
        reasons.append(gettext("Claim it first, so that others know who sees to it."))
    elif not is_mine:
        reasons.append(gettext("Someone else has claimed this: claim it yourself to take it over."))
    if outcome is GivenUpOutcome.TOLD and not note.strip():
        reasons.append(gettext("Say how they were told, and when."))
    if outcome is GivenUpOutcome.NOT_NEEDED and not note.strip():
        reasons.append(gettext("Say why it is no longer needed."))
    return reasons


def reasons_not_to_send(channel: Channel, to: str, link: str) -> list[str]:
    """Every reason why a message cannot go there with this link; empty when it can."""
    reasons = []
    if channel is Channel.EMAIL and ("@" not in to or any(c in to for c in "\r\n,;")):
        reasons.append(gettext("The mail address cannot be used."))
    if channel is Channel.SMS and not (to.startswith("+") and to[1:].isdigit() and len(to) > 7):
        reasons.append(gettext("The telephone number must begin with + and the country code."))
    parts = urlsplit(link)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query:
        reasons.append(
            gettext(
                "The link must be a whole web address, and carry nothing after a question mark."
            )
        )
    return reasons


class CannotChange(Exception):
    """A change of contact details that is refused; the message lists every reason."""


def reasons_not_to_change(details: ContactDetails, *, is_zone_known: bool) -> list[str]:
    """Every reason why these are not kept: whoever is to be reminded by a channel needs an address for it."""
    reasons = []
    if details.channel == PreferredChannel.EMAIL and not details.email:
        reasons.append(gettext("To remind by e-mail the clinic needs an e-mail address."))
    if details.channel == PreferredChannel.SMS and not reach(
        PreferredChannel.SMS, "", details.phone
    ):
        reasons.append(
            gettext(
                "To remind by text the clinic needs a telephone number that begins with + and the country code."
            )
        )
    if details.time_zone and not is_zone_known:
        reasons.append(gettext("There is no such time zone."))
    return reasons


def dialable(phone: str) -> str:
    """A telephone number as a gateway takes it: without the spaces and signs that people write."""
    return "".join(each for each in phone if each not in " -().\u00a0")


def reach(preferred: PreferredChannel | None, email: str, phone: str) -> tuple[Channel, str] | None:
    """By which channel and to where a reminder goes; None where somebody has to telephone.

    Text messages go only to who chose them. Nothing else is tried in the place of what was chosen.
    """
    channel = Channel.SMS if preferred is PreferredChannel.SMS else Channel.EMAIL
    to = dialable(phone) if channel is Channel.SMS else email.strip()
    if preferred is PreferredChannel.NONE or reasons_not_to_send(channel, to, A_LINK):
        return None
    return channel, to


def pause_before_next_try(tries: int) -> timedelta:
    """Ten seconds after the first try, four times as long after each further one, an hour at most."""
    return min(FIRST_PAUSE * int(4 ** min(tries - 1, 10)), LONGEST_PAUSE)


def is_given_up(tries: int) -> bool:
    return tries >= MOST_TRIES
