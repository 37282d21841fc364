"""What a schedule of questionnaires is made of. Every number in its files carries its source and how far it was checked."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from longlight.science.marks import Mark
from longlight.science.protocols.model import Sourced, SourcedText


class CountedFrom(StrEnum):
    """What a questionnaire is counted from."""

    START = "start"
    FIRST_DOSE = "first-dose"
    EACH_DOSE = "each-dose"
    LAST_DOSE = "last-dose"  # the newest: a further dose sets the clock back to nothing
    LAST_DOSE_OF_PHASE = "last-dose-of-phase"
    EACH_CHECK_IN = "each-check-in"


class OccasionKind(StrEnum):
    START = "start"
    DOSE = "dose"
    CHECK_IN = "check-in"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that a schedule counts from. `given_at` says that a dose was given, and when; before, its plan counts."""

    id: str
    kind: OccasionKind
    on: date
    clock: time | None = None  # of the plan, when it is known
    phase_id: str = ""
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many times, so many days apart; without `times` it goes on until somebody ends it."""

    every_days: int
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One questionnaire at one kind of moment: once at `offset_h`, or in `stretches` of whole days."""

    id: str
    instrument: str
    counted_from: CountedFrom
    offset_h: int = 0
    stretches: tuple[Stretch, ...] = ()
    why: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One questionnaire of one plan, with the window in which it can be answered."""

    key: str  # the same whenever the same plan is made again, also when its dose moved
    rule_id: str
    instrument: str
    due_on: date
    opens_at: datetime
    closes_at: datetime
    why: str
    is_optional: bool = False
    is_before_dose: bool = False


@dataclass(frozen=True, slots=True)
class StretchRule:
    every: Sourced
    times: Sourced | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A kind of moment as a clinic chooses it from a list, without its questionnaire. Immutable once published."""

    id: str
    version: str
    title: str
    counted_from: CountedFrom
    source: str
    mark: Mark
    offset: Sourced | None = None
    stretches: tuple[StretchRule, ...] = ()

    def rule(
        self, rule_id: str, instrument: str, *, every_days: int | None = None, why: str = ""
    ) -> Rule:
        """The rule that asks this questionnaire; `every_days` where the schedule leaves the days open."""
        stretches = tuple(
            Stretch(
                every_days or int(each.every.value),
                None if each.times is None else int(each.times.value),
            )
            for each in self.stretches
        )
        offset_h = 0 if self.offset is None else int(self.offset.value)
        return Rule(rule_id, instrument, self.counted_from, offset_h, stretches, why or self.title)

    @property
    def asks_for_days(self) -> bool:
        """Whether who adds it says after how many days it comes again."""
        return self.counted_from is CountedFrom.START and bool(self.stretches)


@dataclass(frozen=True, slots=True)
class OpenFor:
    """How long a questionnaire stays open that is due up to so long after its dose; the last one has no `up_to`."""

    window: Sourced
    up_to: Sourced | None = None


@dataclass(frozen=True, slots=True)
class Customs:
    """How questionnaires go out: windows, reminders, quiet hours, and what counts as quiet. One version."""

    id: str
    version: str
    usual_clock: SourcedText
    before_opens: Sourced
    taken_as_given_for: Sourced
    open_for: tuple[OpenFor, ...]
    reminders: tuple[Sourced, ...]
    last_call: Sourced
    quiet_from: SourcedText
    quiet_until: SourcedText
    evening: SourcedText
    snooze_short: Sourced
    softens_after: Sourced
    overdue_after: Sourced
    gone_quiet_after: Sourced
    gone_quiet_unanswered: Sourced
    planned_ahead: Sourced
