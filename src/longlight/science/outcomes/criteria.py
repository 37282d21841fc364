"""Chooses baseline and outcome among dated scores, and judges them by criteria that are kept as data."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from longlight.science import instruments
from longlight.science.instruments import Criterion, Instrument
from longlight.science.instruments.criteria import ResponseStatus
from longlight.science.marks import Mark
from longlight.science.protocols import Sourced


@dataclass(frozen=True)
class Criteria:
    """One version of the rules. Criteria are named by their ids in the instrument."""

    version: str
    baseline_at_most_before: Sourced
    window_from: Sourced
    window_aim: Sourced
    window_to: Sourced
    fewest_people: Sourced
    by_instrument: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class DatedScore:
    """A total of one instrument on one day; `id` is whatever the caller knows it by."""

    id: str
    on: date
    total_points: float


@dataclass(frozen=True)
class Judged:
    """A status, the two scores that it rests on, the criteria applied and the version of the choice of them."""

    status: ResponseStatus
    baseline: DatedScore
    latest: DatedScore
    criteria: tuple[Criterion, ...]
    criteria_version: str
    instrument_version: str


@cache
def criteria() -> Criteria:
    """The rules as they stand."""
    text = (files("longlight.science.outcomes") / "criteria.toml").read_text("utf-8")
    table = tomllib.loads(text)
    window = table["window"]
    return Criteria(
        table["version"],
        _sourced(table["baseline"]["at_most_days_before"]),
        _sourced(window["from_days"]),
        _sourced(window["aim_days"]),
        _sourced(window["to_days"]),
        _sourced(table["small_cells"]["fewest_people"]),
        {key: tuple(ids) for key, ids in table["instruments"].items()},
    )


def _sourced(row: dict[str, str]) -> Sourced:
    return Sourced(
        Decimal(str(row["value"])), str(row["unit"]), str(row["source"]), Mark(row["mark"])
    )


def baseline_of(
    scores: Iterable[DatedScore], first_dose_on: date, rules: Criteria
) -> DatedScore | None:
    """The last score on or before the day of the first dose, unless it is too old to tell of the start."""
    oldest = rules.baseline_at_most_before.value
    fits = [each for each in scores if 0 <= (first_dose_on - each.on).days <= oldest]
    return max(fits, key=lambda each: each.on, default=None)


def outcome_of(
    scores: Iterable[DatedScore], last_dose_on: date, rules: Criteria
) -> DatedScore | None:
    """The score nearest to the day aimed at after the phase's last dose, within the window; the earlier of two."""
    days = {each: (each.on - last_dose_on).days for each in scores}
    fits = [
        each
        for each, after in days.items()
        if rules.window_from.value <= after <= rules.window_to.value
    ]
    aim = int(rules.window_aim.value)
    return min(fits, key=lambda each: (abs(days[each] - aim), each.on), default=None)


def judge_course(
    instrument: Instrument, baseline: DatedScore, latest: DatedScore, rules: Criteria
) -> Judged:
    """The status of the latest score against the baseline. Raises KeyError where no criteria are chosen."""
    chosen = rules.by_instrument[instrument.id]
    return Judged(
        instruments.response_status(instrument, baseline.total_points, latest.total_points, chosen),
        baseline,
        latest,
        tuple(each for each in instrument.criteria if each.id in chosen),
        rules.version,
        instrument.version,
    )
