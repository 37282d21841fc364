"""Reading `at, kind, name, value, unit`: what a cell may say, and the sentence when it says something else."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from longlight.science.sentences import Sentence as _
from longlight.science.trajectory.points import DosePoint, ScorePoint, Trajectory
from longlight.science.trajectory.scales import instrument_named

# One row: a cell by column name. Cells may be text, or (in a notebook) dates and numbers.
Row = Mapping[str, object]

EARLIEST_YEAR = 1900
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_SLASHED = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?")


class DateOrder(StrEnum):
    """How a file writes its dates. Without a word about it only year-first is unmistakable."""

    YEAR_FIRST = "year-first"
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


_ORDERS = {
    DateOrder.YEAR_FIRST: _("year-first"),
    DateOrder.DAY_FIRST: _("day-first"),
    DateOrder.MONTH_FIRST: _("month-first"),
}


@dataclass(frozen=True)
class Moment:
    at: datetime
    day_only: bool


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one line, in a sentence that says what to do."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}"


class RowsRefused(ValueError):
    """Rows that cannot be read, every one told."""

    def __init__(self, problems: Iterable[RowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_moment(cell: object, order: DateOrder = DateOrder.YEAR_FIRST) -> Moment:
    """The day, or the day and time, that a cell names. Raises `ValueError` with a sentence.

    A date-time with an offset keeps its wall clock: an evening stays an evening.
    """
    if isinstance(cell, datetime):
        return _sane(Moment(cell.replace(tzinfo=None), day_only=False), str(cell))
    if isinstance(cell, date):
        return _sane(Moment(datetime.combine(cell, time.min), day_only=True), str(cell))
    text = str(cell).strip()
    if not text:
        raise ValueError(_("the date is empty: write it as 2025-04-03"))
    slashed = _SLASHED.fullmatch(text)
    return _sane(_slashed(slashed, order) if slashed else _year_first(text), text)


def _year_first(text: str) -> Moment:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return Moment(datetime.combine(date.fromisoformat(text), time.min), day_only=True)
        if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", text):
            return Moment(datetime.fromisoformat(text).replace(tzinfo=None), day_only=False)
    except ValueError:
        pass
    raise ValueError(
        _("'{text}' is not a date: write it as 2025-04-03 or 2025-04-03T09:30", text=text)
    )


def _slashed(match: re.Match[str], order: DateOrder) -> Moment:
    text, (first, second, year, clock) = match[0], match.groups()
    if order is DateOrder.YEAR_FIRST:
        raise ValueError(
            _(
                "'{text}' does not begin with the year: say whether its dates are day-first or "
                "month-first, or write it as 2025-04-03",
                text=text,
            )
        )
    day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    try:
        when = date(int(year), int(month), int(day))
        at_clock = time.fromisoformat(clock.zfill(5)) if clock else time.min
    except ValueError:
        raise ValueError(
            _("'{text}' is not a date when it is read {order}", text=text, order=_ORDERS[order])
        ) from None
    return Moment(datetime.combine(when, at_clock), day_only=clock is None)


def _sane(moment: Moment, text: str) -> Moment:
    if moment.at.year < EARLIEST_YEAR:
        raise ValueError(
            _("'{text}' lies before {year}: check the year", text=text, year=EARLIEST_YEAR)
        )
    return moment


def read_number(cell: object, what: str) -> float | None:
    """The number in a cell, or None when it is empty. Raises `ValueError` with a sentence."""
    text = "" if cell is None else str(cell).strip()
    if text == "" or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        raise ValueError(
            _("the {what} '{text}' has a comma: write it with a point", what=what, text=text)
        )
    if not _NUMBER.fullmatch(text):
        raise ValueError(_("the {what} '{text}' is not a number", what=what, text=text))
    return float(text)


def trajectory_of(rows: Iterable[Row], order: DateOrder = DateOrder.YEAR_FIRST) -> Trajectory:
    """The trajectory in rows of `at, kind, name, value, unit`. Raises `RowsRefused`, which tells every bad row.

    Line 1 is the header, or whatever the key `line` of a row says.
    """
    scores: list[ScorePoint] = []
    doses: list[DosePoint] = []
    problems: list[RowProblem] = []
    for position, row in enumerate(rows, start=2):
        line = row.get("line", position)
        assert isinstance(line, int)
        try:
            point = _point(row, order)
        except ValueError as error:
            problems.append(RowProblem(line, error.args[0]))
            continue
        if isinstance(point, ScorePoint):
            scores.append(point)
        else:
            doses.append(point)
    if problems:
        raise RowsRefused(problems)
    return Trajectory.of(scores, doses)


def _point(row: Row, order: DateOrder) -> ScorePoint | DosePoint:
    moment = read_moment(row.get("at", ""), order)
    kind = str(row.get("kind", "")).strip().casefold()
    name = str(row.get("name", "")).strip()
    if kind not in {"score", "dose"}:
        raise ValueError(_("the kind '{kind}' is not known: write score or dose", kind=kind))
    if not name:
        empty = _("the name is empty: write the treatment's name")
        if kind == "score":
            empty = _("the name is empty: write the instrument's name")
        raise ValueError(empty)
    value = read_number(row.get("value"), _("value"))
    unit = str(row.get("unit") or "").strip()
    if kind == "score":
        if unit and unit.casefold() != "points":
            raise ValueError(
                _("a score has no unit '{unit}': leave the unit of a score empty", unit=unit)
            )
        return _score(moment, name, value)
    return _dose(moment, name, value, unit)


def _score(moment: Moment, name: str, value: float | None) -> ScorePoint:
    """A known instrument goes by its id, and takes only totals that it can give."""
    instrument = instrument_named(name)
    if instrument is None:
        return ScorePoint(moment.at, name, value, moment.day_only)
    checked = None if value is None else instrument.check_total(value)
    return ScorePoint(moment.at, instrument.id, checked, moment.day_only)


def _dose(moment: Moment, name: str, value: float | None, unit: str) -> DosePoint:
    if value is None:
        return DosePoint(moment.at, name, day_only=moment.day_only)
    if value <= 0:
        raise ValueError(
            _(
                "a dose of {value:g} was not given: leave the row out, or mend the value",
                value=value,
            )
        )
    if unit.casefold() == "mg":
        return DosePoint(moment.at, name, dose_mg=value, day_only=moment.day_only)
    if unit.casefold() == "mg/kg":
        return DosePoint(moment.at, name, dose_mg_per_kg=value, day_only=moment.day_only)
    if not unit:  # that it was given is known, and that is what is marked
        return DosePoint(moment.at, name, dose_of_no_unit=value, day_only=moment.day_only)
    raise ValueError(_("the unit '{unit}' of a dose is not known: write mg or mg/kg", unit=unit))
