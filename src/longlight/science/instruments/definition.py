"""What an instrument is: frozen values, read from one definition file and never changed by use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from longlight.science.marks import Mark

# Numbers on an instrument's own scale, and plain counts. Named so that no field is a bare number.
Points = float
Count = int
ItemNumber = int
Days = int

Direction = Literal["higher-worse", "higher-better"]
LicenceClass = Literal["A", "B", "C", "D", "own"]
TextStatus = Literal["shipped", "held", "site", "numbers-only"]


@dataclass(frozen=True)
class Sourced:
    """Where a clinical number comes from, and how far that was checked."""

    source: str
    mark: Mark


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen. Two options may share a value; the code keeps them apart."""

    code: str
    value: Points
    not_assessed: bool = False


@dataclass(frozen=True)
class Item:
    """One item: what may be answered, and how an answer counts. Values are points of its own options."""

    id: str
    number: ItemNumber
    minimum: Points
    maximum: Points
    options: tuple[Option, ...]
    required: bool = True
    reverse: bool = False
    # Stored values that count as something else in the total (CESD-R keeps 4, counts 3).
    counts_as: Mapping[Points, Points] = field(default_factory=dict)
    # Stored values that mean "not assessed": missing, never a number.
    not_assessed: frozenset[Points] = frozenset()
    # The item is only asked when one of those other items was answered with at least 1.
    asked_if: tuple[ItemNumber, ...] = ()

    @property
    def kind(self) -> Literal["choice", "number"]:
        """A choice among options, or a whole number in a range."""
        return "choice" if self.options else "number"

    @cached_property
    def allowed(self) -> tuple[Points, ...]:
        """Every value that may be given, in order; for a number field each whole one in range."""
        if self.options:
            return tuple(sorted({option.value for option in self.options}))
        return tuple(range(int(self.minimum), int(self.maximum) + 1))

    def accepts(self, value: Points) -> bool:
        """Whether this value may be stored."""
        if self.options:
            return any(option.value == value for option in self.options)
        return self.minimum <= value <= self.maximum and value == int(value)

    def counted(self, value: Points) -> Points:
        """What a stored value adds to a sum: mapped first, then reversed."""
        counted = self.counts_as.get(value, value)
        return self.minimum + self.maximum - counted if self.reverse else counted


@dataclass(frozen=True)
class Part:
    """Items put together into one number: a subscale, or a term of the total."""

    id: str
    title: str
    items: tuple[ItemNumber, ...]
    combine: Literal["sum", "mean", "max"] = "sum"
    # How many answers may be missing before there is no number.
    may_miss: Count = 0
    divide_by: Count = 1
    evidence: Sourced | None = None


@dataclass(frozen=True)
class Scoring:
    """The total: parts, put together by a sum or a mean, then scaled."""

    combine: Literal["sum", "mean", "none"]
    parts: tuple[Part, ...]
    multiply_by: Count
    divide_by: Count
    # A pro-rated total is brought back to a whole number, half up.
    whole_when_prorated: bool
    evidence: Sourced
    missing_rule: str
    missing_evidence: Sourced


@dataclass(frozen=True)
class Band:
    """A named stretch of totals, both edges in it; some hold only in a context (sex = female)."""

    name: str
    low: Points
    high: Points
    evidence: Sourced
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Threshold:
    """A published cut on the total, a subscale or a sum of items; they may contradict each other."""

    id: str
    meaning: str
    # "total", "items", or the id of a subscale.
    of: str
    at_least: Points | None
    at_most: Points | None
    evidence: Sourced
    context: Mapping[str, str] = field(default_factory=dict)
    items: tuple[ItemNumber, ...] = ()


@dataclass(frozen=True)
class Condition:
    """So many answers at or above a value; or a subscale at or above one."""

    items: tuple[ItemNumber, ...] = ()
    value_at_least: Points = 1
    count_at_least: Count = 1
    subscale: str | None = None
    # What an unanswered item means: still open, or counted as met (ASQ: a refusal), or as not met.
    unanswered: Literal["open", "met", "unmet"] = "open"


@dataclass(frozen=True)
class Level:
    """A band that is decided by answers instead of a total. Listed from the highest to the lowest."""

    name: str
    conditions: tuple[Condition, ...]
    evidence: Sourced


@dataclass(frozen=True)
class Finding:
    """A flag raised when all of its conditions surely hold (PCL-5's provisional diagnosis)."""

    id: str
    meaning: str
    conditions: tuple[Condition, ...]
    evidence: Sourced


@dataclass(frozen=True)
class SafetyRule:
    """Holds for one raw answer, the moment that it is chosen."""

    id: str
    item: ItemNumber
    at_least: Points
    urgency: Literal["show", "urgent"]
    sentence: str
    evidence: Sourced


@dataclass(frozen=True)
class SafetyFlag:
    """What one raw answer raised: its rule, how soon a person must look, and what to tell them."""

    rule_id: str
    item_id: str
    value: Points
    urgency: Literal["show", "urgent"]
    sentence: str


@dataclass(frozen=True)
class Gate:
    """A question before the first item: with this answer nothing else is asked, and the total is set."""

    context: str
    answer: str
    total: Points
    evidence: Sourced


@dataclass(frozen=True)
class Window:
    """What stretch of time the answers are about."""

    label: str
    days: Days | None = None
    # A repeat sooner than this overlaps the last one: allowed, and flagged.
    shortest_interval_days: Days | None = None


@dataclass(frozen=True)
class Licence:
    shipping_class: LicenceClass
    line: str
    text: TextStatus
    notice: str
    evidence: Sourced


CriterionKind = Literal[
    "response",
    "partial-response",
    "remission",
    "deterioration",
    "reliable-change",
    "important-change",
]


@dataclass(frozen=True)
class Criterion:
    """One named rule for judging a change or a total; exactly one of the limits is set."""

    id: str
    kind: CriterionKind
    meaning: str
    evidence: Sourced
    improvement_percent: Points | None = None
    improvement_points: Points | None = None
    worsening_points: Points | None = None
    change_points: Points | None = None
    total_at_most: Points | None = None
    item_rise_points: Points | None = None


@dataclass(frozen=True)
class Definition:
    """Everything in one definition file."""

    id: str
    version: str
    default: bool
    title: str
    short_title: str
    edition: str
    prefix: str
    completed_by: Literal["patient", "clinician"]
    direction: Direction
    window: Window
    items: tuple[Item, ...]
    scoring: Scoring
    subscales: tuple[Part, ...]
    total_range: tuple[Points, Points] | None
    total_step: Points | None
    bands: tuple[Band, ...]
    levels: tuple[Level, ...]
    thresholds: tuple[Threshold, ...]
    findings: tuple[Finding, ...]
    safety_rules: tuple[SafetyRule, ...]
    criteria: tuple[Criterion, ...]
    gate: Gate | None
    licence: Licence
    citation: str
    loinc: Mapping[str, str]
    notes: tuple[str, ...]
    hash: str
