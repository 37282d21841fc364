"""What the parts of a page are given: small frozen values that views make and `{% load ui %}` tags draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ChipState(StrEnum):
    """Quiet when all is well: a filled word only for what is missing or late."""

    DONE = "done"
    NOW = "now"
    QUIET = "quiet"
    MISSING = "missing"


@dataclass(frozen=True)
class Chip:
    """A state and its word."""

    state: ChipState
    label: str


class Priority(StrEnum):
    """Alarm priority, always with its shape and word."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Certainty(StrEnum):
    """How sure the evidence is, in GRADE's words."""

    NOT_GRADED = "not-graded"
    VERY_LOW = "very-low"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True)
class MenuItem:
    """A place one can go: in the header's menu, the patient's bar, or tabs."""

    label: str
    url: str
    is_current: bool = False
    icon: str = ""  # today, progress, journal, plan

    @property
    def icon_template(self) -> str:
        return f"ui/art/icon-{self.icon}.html"


@dataclass(frozen=True)
class LinkRow:
    """A quiet row: a title that leads somewhere, and a note under it."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Fact:
    """A term and what is so. `is_alert` for what must not be missed, such as an allergy."""

    term: str
    text: str
    note: str = ""
    is_alert: bool = False


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened; a dose is a triangle. `replaced` is the corrected value, struck through."""

    when: date | datetime | str
    text: str
    is_dose: bool = False
    replaced: str = ""


@dataclass(frozen=True)
class LegendEntry:
    """A mark in a figure and its word. `mark`: line, dot, hollow, gap, triangle, triangle-hollow, dashed, band."""

    mark: str
    label: str
    color: str = "line-data"  # the name of a token


@dataclass(frozen=True)
class StripCell:
    """A number at the top of the board."""

    value: str
    label: str
    url: str = ""
    is_hot: bool = False


@dataclass(frozen=True)
class InboxRow:
    """A line in the safety inbox."""

    priority: Priority
    what: str
    who: str
    url: str
    age: str
    state: str
    target: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class PhaseStep:
    """A stretch of the dosing day on the monitor's phase bar."""

    label: str
    note: str
    state: str = ""  # past, now, or empty for what comes


@dataclass(frozen=True)
class Vital:
    """A big value on the monitor. `series` colors it as its line: bp, hr, spo2, or empty."""

    label: str
    value: str
    age: str
    series: str = ""


@dataclass(frozen=True)
class LogRow:
    """A line of the monitor's log, with the way to correct it."""

    time: str
    text: str
    replaced: str = ""
    correct_url: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table; numbers stand to the right."""

    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """The data behind a figure, or a plain table: the first cell of a row is its heading."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
