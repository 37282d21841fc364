"""What may be kept as a score, and what becomes of each row of an import."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext


class Source(StrEnum):
    """By which door an assessment came in."""

    IMPORT = "import"
    PAPER = "paper"
    INTERVIEW = "interview"
    PHONE = "phone"  # the patient's own screen
    RATING = "rating"  # a clinician's own rating


class DueStatus(StrEnum):
    """What became of a planned check-in. `missed` is code's and staff's word: a patient reads *not done yet*."""

    DUE = "due"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"  # taken back by the clinic before it was sent


class WhyLate(StrEnum):
    """Why a chosen answer could not be kept as one of its check-in's."""

    CLOSED = "closed"  # its window is over
    SENT = "sent"  # answers had been sent already, or typed by staff
    TAKEN_BACK = "taken-back"
    LINK_OVER = "link-over"  # its link is over, the check-in is not


DUE_WORDS = {
    DueStatus.DUE: gettext_lazy("due"),
    DueStatus.DONE: gettext_lazy("done"),
    DueStatus.MISSED: gettext_lazy("not answered"),
    DueStatus.CANCELLED: gettext_lazy("taken back"),
}


class HandWay(StrEnum):
    """How answers come that staff type."""

    WITH_PATIENT = "with-patient"  # said aloud, at a visit or on the telephone
    PAPER = "paper"  # filled in on paper on another day, perhaps
    RATING = "rating"  # a clinician's own rating


MOST_REMINDERS, LONGEST_REMINDER_H, MOST_IN_A_WEEK = 10, 14 * 24, 50


def reasons_not_to_remind_so(
    reminders_h: Sequence[int], *, has_channel: bool, most_in_a_week: int | None
) -> list[str]:
    """Every reason why a clinic cannot remind by these hours after a questionnaire opens; empty when it can."""
    reasons = []
    if not 1 <= len(reminders_h) <= MOST_REMINDERS:
        reasons.append(_("Give 1 to %(most)s messages.") % {"most": MOST_REMINDERS})
    if list(reminders_h) != sorted(set(reminders_h)):
        reasons.append(
            _("Write the hours from the first message to the last, each later than the one before.")
        )
    if any(not 0 <= each <= LONGEST_REMINDER_H for each in reminders_h):
        reasons.append(
            _("An hour lies between 0, at once, and %(longest)s, two weeks later.")
            % {"longest": LONGEST_REMINDER_H}
        )
    if not has_channel:
        reasons.append(_("Choose at least one way by which messages go out."))
    if most_in_a_week is not None and not 1 <= most_in_a_week <= MOST_IN_A_WEEK:
        reasons.append(
            _("The most in a week is 1 to %(most)s; leave it empty for no limit.")
            % {"most": MOST_IN_A_WEEK}
        )
    return reasons


class CannotSetReminders(Exception):
    """A clinic cannot remind so; the sentence says what to change."""


class CallOutcome(StrEnum):
    REACHED = "reached"
    NO_ANSWER = "no-answer"
    LEFT_MESSAGE = "left-message"
    WANTS_NO_QUESTIONS = "wants-none"


@dataclass(frozen=True)
class ScoreEntry:
    """A total that a file gives, already found to be one that its instrument can give."""

    line: int
    instrument_id: str
    instrument_version: str
    on: date
    clock: time | None
    total_points: float

    @property
    def place(self) -> tuple[str, ...]:
        """What there can be only one of."""
        return ("score", self.instrument_id, self.on.isoformat(), _clock(self.clock))

    @property
    def content(self) -> tuple[str, ...]:
        return (*self.place, f"{self.total_points:g}")


@dataclass(frozen=True)
class MissedEntry:
    """A planned check-in that the file says was not answered."""

    line: int
    instrument_id: str
    on: date

    @property
    def place(self) -> tuple[str, ...]:
        return ("missed", self.instrument_id, self.on.isoformat())

    @property
    def content(self) -> tuple[str, ...]:
        return self.place


@dataclass(frozen=True)
class DoseEntry:
    """A treatment that a file reports."""

    line: int
    kind: str
    on: date
    clock: time | None
    dose_mg: float | None
    dose_mg_per_kg: float | None

    @property
    def place(self) -> tuple[str, ...]:
        return ("dose", self.kind.casefold(), self.on.isoformat(), _clock(self.clock))

    @property
    def content(self) -> tuple[str, ...]:
        amounts = (self.dose_mg, self.dose_mg_per_kg)
        return (*self.place, *("" if amount is None else f"{amount:g}" for amount in amounts))


Entry: TypeAlias = ScoreEntry | MissedEntry | DoseEntry


def _clock(clock: time | None) -> str:
    return clock.isoformat() if clock else ""


def key_of(parts: Iterable[str]) -> str:
    """One key for one content, or for one place, in a patient's record."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


class Outcome(StrEnum):
    """What became of a row."""

    TAKEN = "taken"
    ALREADY_THERE = "already-there"
    REFUSED = "refused"


@dataclass(frozen=True)
class RowOutcome:
    """What becomes of one line of a file, and why when it is not taken."""

    line: int
    outcome: Outcome
    sentence: str = ""
    entry: Entry | None = None


@dataclass(frozen=True)
class Kept:
    """What a record already holds, by key: contents, and for each place what stands there in words."""

    contents: frozenset[str] = frozenset()
    places: Mapping[str, str] | None = None


def sort_out(entries: Iterable[Entry], kept: Kept, today: date) -> list[RowOutcome]:
    """What becomes of each entry. The same content again is already there; other content in a place is refused."""
    contents = dict.fromkeys(kept.contents, _("It is in the record already."))
    places = dict(kept.places or {})
    outcomes = []
    for entry in entries:
        content, place = key_of(entry.content), key_of(entry.place)
        if entry.on > today:
            sentence = _("{on} lies in the future: check the date.").format(on=entry.on)
            outcomes.append(RowOutcome(entry.line, Outcome.REFUSED, sentence))
        elif content in contents:
            outcomes.append(RowOutcome(entry.line, Outcome.ALREADY_THERE, contents[content]))
        elif place in places:
            outcomes.append(RowOutcome(entry.line, Outcome.REFUSED, places[place]))
        else:
            contents[content] = _("Line {line} says the same.").format(line=entry.line)
            places[place] = _(
                "Line {line} gives another value for the same moment: keep the right one."
            ).format(line=entry.line)
            outcomes.append(RowOutcome(entry.line, Outcome.TAKEN, entry=entry))
    return outcomes


def in_the_way(name: str, value: str, on: date) -> str:
    """Why a row is refused whose place is taken by something else in the record."""
    return _("The record has {name} {value} for {on}: correct that one if it is wrong.").format(
        name=name, value=value, on=on
    )


@dataclass(frozen=True)
class Counts:
    taken: int
    already_there: int
    refused: int


def counts_of(outcomes: Iterable[RowOutcome]) -> Counts:
    found = Counter(outcome.outcome for outcome in outcomes)
    return Counts(found[Outcome.TAKEN], found[Outcome.ALREADY_THERE], found[Outcome.REFUSED])


@dataclass(frozen=True)
class ReadFile:
    """A file after it was read: its entries, the lines that could not be read, and where it came from."""

    name: str
    sha256: str
    read_as: str
    entries: Sequence[Entry]
    unreadable: Sequence[RowOutcome] = ()


@dataclass(frozen=True)
class ImportResult:
    """What became of every line. `import_id` is None when nothing was written."""

    counts: Counts
    outcomes: tuple[RowOutcome, ...]
    import_id: UUID | None = None


class CannotImport(Exception):
    """A file that is not taken; the message is a sentence for people."""


class CannotRecord(Exception):
    """An assessment that is not kept; the message is a sentence for people."""


def reasons_not_to_import(counts: Counts, *, leave_out_refused: bool) -> list[str]:
    """Every reason why a sorted file is not taken as it is."""
    reasons = []
    if counts.refused and not leave_out_refused:
        reasons.append(
            ngettext(
                "{count} row cannot be taken: mend the file, or confirm that it is left out.",
                "{count} rows cannot be taken: mend the file, or confirm that they are left out.",
                counts.refused,
            ).format(count=counts.refused)
        )
    if not (counts.taken or counts.already_there or counts.refused):
        reasons.append(_("The file holds no row to take."))
    return reasons


def reasons_not_to_record(
    *, on: date, today: date, answers: object | None, total_points: float | None
) -> list[str]:
    """Every reason why an assessment is not kept."""
    reasons = []
    if on > today:
        reasons.append(_("{on} lies in the future: check the date.").format(on=on))
    if (answers is None) == (total_points is None):
        reasons.append(_("Give either the answers or the total."))
    return reasons


# Instruments whose urgent answers are about the body or a mood that runs high; those of all others are about harm
# to oneself. The page after such an answer is another one: who to call first differs.
ABOUT_BODY_AND_MOOD = frozenset({"longlight-side-effects", "longlight-mood-switch"})


def text_sha256(toml: str) -> str:
    """The hash by which a site's wording is known, over every byte of it."""
    return hashlib.sha256(toml.encode()).hexdigest()


def moment_of(on: date, clock: time | None) -> datetime:
    """The wall clock of an event; midnight when only its day is known."""
    return datetime.combine(on, clock or time.min)


class CannotAnswer(Exception):
    """An answer, or a whole check-in, that is not kept; the message is a sentence for the patient."""


@dataclass(frozen=True)
class Window:
    """The moments between which a planned check-in can be answered, and what time it is."""

    opens_at: datetime
    closes_at: datetime
    at: datetime


def reasons_not_to_answer(
    status: DueStatus,
    *,
    due_on: date,
    closes_on: date,
    today: date,
    window: Window | None = None,
) -> list[str]:
    """Every reason why a check-in takes no answer now. Without a window its days count, the last one still open."""
    if status is DueStatus.DONE:
        return [_("These answers were sent already, so nothing more can be changed here.")]
    if status is DueStatus.CANCELLED:
        return [
            _("The clinic has taken these questions back: call the clinic if that surprises you.")
        ]
    is_early = window.at < window.opens_at if window else today < due_on
    if is_early:
        return [_("These questions open on {day}: come back then.").format(day=due_on)]
    is_over = window.at >= window.closes_at if window else today > closes_on
    if status is DueStatus.MISSED or is_over:
        return [
            _("These questions were open until {day}: ask the clinic for new ones.").format(
                day=closes_on
            )
        ]
    return []


def reasons_not_to_send(status: DueStatus, *, has_wording: bool, is_self_rated: bool) -> list[str]:
    """Every reason why staff cannot send a patient an instrument today."""
    reasons = []
    if not has_wording:
        reasons.append(_("Its wording is not installed here, so a patient cannot be asked it."))
    if not is_self_rated:
        reasons.append(_("It is filled in by a clinician, not by the patient."))
    if status is DueStatus.DONE:
        reasons.append(_("Today's answers to it have come in already: send it again tomorrow."))
    return reasons


class CannotPlanQuestions(Exception):
    """A schedule that is not changed; the message is a sentence for people."""


FEWEST_DAYS, MOST_DAYS = 1, 365


def reasons_not_to_add(
    *, asks_for_days: bool, every_days: int | None, stands_already: bool
) -> list[str]:
    """Every reason why a questionnaire is not added to a schedule."""
    reasons = []
    if asks_for_days and (every_days is None or not FEWEST_DAYS <= every_days <= MOST_DAYS):
        reasons.append(
            _("Say after how many days it comes again, from {fewest} to {most}.").format(
                fewest=FEWEST_DAYS, most=MOST_DAYS
            )
        )
    if stands_already:
        reasons.append(_("It is asked at that time already."))
    return reasons


def reasons_not_to_enter(*, way: HandWay, is_self_rated: bool, has_answer: bool) -> list[str]:
    """Every reason why staff cannot type this. A patient's answers and a clinician's rating are two series."""
    reasons = []
    if is_self_rated and way is HandWay.RATING:
        reasons.append(
            _("The patient answers this one: say whether it was read aloud or on paper.")
        )
    if not is_self_rated and way is not HandWay.RATING:
        reasons.append(
            _("A clinician rates this one: enter it as a rating, with the rater's name.")
        )
    if not has_answer:
        reasons.append(_("Nothing is answered yet: give at least one answer."))
    return reasons
