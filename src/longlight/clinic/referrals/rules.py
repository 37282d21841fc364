"""What may be asked, how it may go on, and when an answer is late. Pure: no database, no clock."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The house's own choices, told in docs/decisions/0082-asking-without-an-account.md.
SHORTEST_FILLING = timedelta(seconds=3)
LONGEST_FILLING = timedelta(hours=12)
ASKED_AN_HOUR = 5
HOUR = timedelta(hours=1)
LINK_LIFE = timedelta(days=90)
SLOTS_SHOWN = 5
NEAREST_SHOWN = 3
SLOT_LEAD = timedelta(hours=18)  # nobody is asked to come before staff could confirm it
SLOTS_APART = timedelta(hours=3)  # of one day, so that five times are not one morning
MOST_UNCONFIRMED = 12  # times held for requests that nobody at the clinic has confirmed
NUMBER_LETTERS = (
    "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another when read out
)
NUMBER_LENGTH = 6


class Concern(StrEnum):
    CARE = "care"
    CARE_FOR_OTHER = "care-for-other"
    CLINICIAN = "clinician"
    WORK = "work"


class ContactMethod(StrEnum):
    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    NONE = "none"


class LeaveMessage(StrEnum):
    YES = "yes"
    NO = "no"


class BestTime(StrEnum):
    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Interest(StrEnum):
    MEDICINE = "medicine"
    THERAPY = "therapy"
    EXPERIENCE = "experience"
    NOT_SURE = "not-sure"


class Status(StrEnum):
    NEW = "new"
    CLAIMED = "claimed"
    OFFERED = "offered"  # a time is held for them, and they have not said yes
    BOOKED = "booked"
    REGISTERED = "registered"  # became a patient
    ANSWERED = "answered"  # nothing to book: a clinician's or an applicant's question was answered
    NOT_FOR_US = "not-for-us"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    WITHDRAWN = "withdrawn"


STATUS_LABELS = {
    Status.NEW: gettext_lazy("New"),
    Status.CLAIMED: gettext_lazy("Being worked on"),
    Status.OFFERED: gettext_lazy("A time is offered"),
    Status.BOOKED: gettext_lazy("Booked"),
    Status.REGISTERED: gettext_lazy("Registered"),
    Status.ANSWERED: gettext_lazy("Answered"),
    Status.NOT_FOR_US: gettext_lazy("Not for us"),
    Status.DUPLICATE: gettext_lazy("Duplicate"),
    Status.SPAM: gettext_lazy("Spam"),
    Status.WITHDRAWN: gettext_lazy("Withdrawn"),
}
OPEN = (Status.NEW, Status.CLAIMED, Status.OFFERED, Status.BOOKED)
CLOSINGS = (Status.ANSWERED, Status.NOT_FOR_US, Status.DUPLICATE, Status.SPAM)
_ENDS = frozenset({*CLOSINGS, Status.WITHDRAWN})
NEXT: dict[Status, frozenset[Status]] = {
    Status.NEW: _ENDS | {Status.CLAIMED},
    Status.CLAIMED: _ENDS | {Status.CLAIMED, Status.OFFERED, Status.BOOKED, Status.REGISTERED},
    Status.OFFERED: _ENDS | {Status.CLAIMED, Status.BOOKED},
    Status.BOOKED: _ENDS | {Status.CLAIMED, Status.REGISTERED},
} | {status: frozenset() for status in (*_ENDS, Status.REGISTERED)}


class Reason(StrEnum):
    """Why a request is not for us. Never a diagnosis: nobody has been examined."""

    NOT_OFFERED = "not-offered"
    NO_PLACE = "no-place"
    TOO_FAR = "too-far"
    FOUND_ELSEWHERE = "found-elsewhere"
    NOT_REACHED = "not-reached"
    OTHER = "other"


class Reached(StrEnum):
    """How an attempt to reach somebody went."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"
    LEFT_MESSAGE = "left-message"
    WRONG_NUMBER = "wrong-number"


class CannotAsk(Exception):
    """The request cannot be taken; the words are for people."""


class TooManyAsked(CannotAsk):
    """Too many requests from one address within an hour."""


class SlotTaken(CannotAsk):
    """The chosen time was taken meanwhile. Everything else that was said stays."""


class CannotTriage(Exception):
    """Staff cannot do this with the request: every reason, in sentences."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Asked:
    """What somebody asks. `id` is made by the page, so that sending it twice asks once."""

    id: UUID
    clinic_id: UUID
    concern: Concern
    name: str = field(repr=False)
    contact_method: ContactMethod
    contact_value: str = field(default="", repr=False)
    leave_message: LeaveMessage | None = None
    best_time: BestTime = BestTime.ANY
    interest: Interest | None = None
    note: str = field(default="", repr=False)
    goals: str = field(default="", repr=False)
    start_at: datetime | None = None  # of the first talk that they ask for; None: "contact me"
    brought: Mapping[str, object] | None = field(default=None, repr=False)  # the aid's answers
    profession: str = field(default="", repr=False)
    practice: str = field(default="", repr=False)
    person_called: str = field(default="", repr=False)
    person_agreed: bool = False


@dataclass(frozen=True)
class Changed:
    """What somebody changes of their request by its link. None: it stays as it is."""

    id: UUID
    contact_method: ContactMethod | None = None
    contact_value: str = field(default="", repr=False)
    leave_message: LeaveMessage | None = None
    best_time: BestTime | None = None
    start_at: datetime | None = None
    note: str = field(default="", repr=False)

    @property
    def is_empty(self) -> bool:
        return not (self.contact_method or self.best_time or self.start_at or self.note.strip())


def reasons_not_to_change(changed: Changed, status: Status) -> tuple[str, ...]:
    if status not in OPEN:
        return (
            _(
                "This request stands at “{status}”: it cannot be changed. You can make a new one."
            ).format(status=STATUS_LABELS[status]),
        )
    if changed.is_empty:
        return (_("Say what should change. Nothing has been changed yet."),)
    method = changed.contact_method
    if method not in (None, ContactMethod.NONE) and changed.leave_message is None:
        return (_("Say whether it is safe to leave a message."),)
    return ()


def spread(free: Iterable[datetime], *, count: int = SLOTS_SHOWN) -> list[datetime]:
    """A few of the free times: the first of each day, and a second one if it lies hours later.

    Given in the clinic's zone, in order: a day is the clinic's day.
    """
    shown: list[datetime] = []
    for moment in free:
        if len(shown) == count:
            break
        same_day = [one for one in shown if one.date() == moment.date()]
        if not same_day or (len(same_day) == 1 and moment - same_day[0] >= SLOTS_APART):
            shown.append(moment)
    return shown


def nearest(
    free: Iterable[datetime], wanted: datetime, *, count: int = NEAREST_SHOWN
) -> list[datetime]:
    """The free times that lie nearest to one that is taken, in the order of the clock."""
    by_distance = sorted(free, key=lambda moment: (abs(moment - wanted), moment))
    return sorted(by_distance[:count])


def contact_value(method: ContactMethod, typed: str) -> str:
    """The number or address as it is kept, such as +12155550100. Raises `CannotAsk` with what to do."""
    text = " ".join(typed.split())
    if method is ContactMethod.NONE:
        return ""
    if method is ContactMethod.EMAIL:
        if not re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}", text):
            raise CannotAsk(
                _(
                    "Enter an e-mail address such as name@example.org, or choose another way to "
                    "reach you."
                )
            )
        return text
    digits = re.sub(r"[ ().\-/]", "", text)
    if re.fullmatch(r"1?[2-9]\d{9}", digits):
        return f"+1{digits[-10:]}"
    if re.fullmatch(r"\+[1-9]\d{7,14}", digits):
        return digits
    raise CannotAsk(
        _(
            "Enter a phone number with its area code, such as 215 555 0100, or choose "
            "another way to reach you."
        )
    )


def reasons_not_to_take(asked: Asked) -> tuple[str, ...]:
    """Every reason why a request cannot be taken, besides its contact value."""
    reasons = []
    if not asked.name.strip():
        reasons.append(_("Enter a name, or what we may call you."))
    if asked.contact_method is not ContactMethod.NONE and asked.leave_message is None:
        reasons.append(_("Say whether it is safe to leave a message."))
    if asked.start_at is not None and asked.concern is Concern.WORK:
        reasons.append(
            _("These times are for first talks about care: choose “Contact me instead”.")
        )
    if asked.concern is Concern.CLINICIAN:
        if not asked.profession.strip():
            reasons.append(_("Enter your profession."))
        if not asked.practice.strip():
            reasons.append(_("Enter your practice or place of work."))
        if not asked.person_agreed:
            reasons.append(_("Ask the person first, then confirm that they agree to be referred."))
    return tuple(reasons)


def reason_against_filling(begun_at: datetime, now: datetime) -> str | None:
    """A page that is answered faster than anyone reads, or was left open for long, is sent once more."""
    if now - begun_at < SHORTEST_FILLING:
        return _("That was quicker than we can take: wait a few seconds and send it again.")
    if now - begun_at > LONGEST_FILLING:
        return _("This page was open for long: look over your answers and send it again.")
    return None


def asked_within_an_hour(times: list[datetime], now: datetime) -> list[datetime]:
    return [moment for moment in times if now - moment < HOUR]


@dataclass(frozen=True)
class Clock:
    """How long somebody has waited for the first contact, against the clinic's own target."""

    waited: timedelta
    target: timedelta
    has_answer: bool

    @property
    def is_late(self) -> bool:
        return self.waited > self.target

    @property
    def words(self) -> str:
        """How long, in the two largest units: `35 min`, `5 h 10 min`, `2 d 3 h`."""
        minutes = max(0, self.waited // timedelta(minutes=1))
        days, hours, left = minutes // 1440, minutes // 60 % 24, minutes % 60
        if days:
            return _("{days} d {hours} h").format(days=days, hours=hours)
        told = _("{hours} h {left} min") if hours else _("{left} min")
        return told.format(hours=hours, left=left)


def clock(
    received_at: datetime, answered_at: datetime | None, now: datetime, target_h: int
) -> Clock:
    """The clock runs from receipt to the first contact."""
    waited = (answered_at or now) - received_at
    return Clock(waited, timedelta(hours=target_h), answered_at is not None)


def reasons_not_to_go_on(old: Status, new: Status) -> tuple[str, ...]:
    if new in NEXT[old]:
        return ()
    return (
        _("This request stands at “{old}” and cannot become “{new}”.").format(
            old=STATUS_LABELS[old], new=STATUS_LABELS[new]
        ),
    )


def reasons_not_to_close(
    new: Status, *, reason: Reason | None, text: str, duplicate_of: object
) -> tuple[str, ...]:
    reasons = []
    if new not in CLOSINGS:
        reasons.append(_("Choose an outcome."))
    if new is Status.NOT_FOR_US and reason is None:
        reasons.append(_("Choose a reason."))
    if reason is Reason.OTHER and not text.strip():
        reasons.append(_("Say in words what the reason is."))
    if new is Status.DUPLICATE and duplicate_of is None:
        reasons.append(_("Enter the number of the request that it repeats."))
    return tuple(reasons)


def is_link_over(received_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    """A link works while the request is open and for `LINK_LIFE` after."""
    return ended_at is not None and now - max(ended_at, received_at) >= LINK_LIFE
