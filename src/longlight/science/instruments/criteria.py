"""Judges a change, or a total, by criteria that are kept as data and always named in the result."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from longlight.science.instruments.definition import Criterion, Definition, Points
from longlight.science.instruments.errors import InstrumentError

ResponseStatus = Literal[
    "deterioration", "no-response", "partial-response", "response", "remission"
]

# For a change to be more than measurement error in 95 of 100 unchanged people.
NORMAL_QUANTILE_975 = 1.96


@dataclass(frozen=True)
class Judgement:
    """One criterion applied to one pair of scores. `met` is None where it cannot be told."""

    criterion: Criterion
    met: bool | None


@dataclass(frozen=True)
class Change:
    """What lies between a baseline and a later total, in the direction that is better."""

    baseline: Points
    total: Points
    improvement_points: Points
    improvement_percent: Points | None

    @property
    def raw_points(self) -> Points:
        """Total less baseline, whichever direction is better."""
        return self.total - self.baseline


def change(definition: Definition, baseline: Points, total: Points) -> Change:
    """Points and percent of improvement; percent is taken above the lowest possible total."""
    if definition.total_range is None:
        raise InstrumentError(f"{definition.id} has no total, so it has no change either.")
    improvement = baseline - total if definition.direction == "higher-worse" else total - baseline
    span = baseline - definition.total_range[0]
    percent = 100 * improvement / span if span > 0 else None
    return Change(baseline, total, improvement, percent)


def is_met(criterion: Criterion, changed: Change) -> bool | None:
    points = changed.improvement_points
    if criterion.total_at_most is not None:
        return changed.total <= criterion.total_at_most
    if criterion.improvement_percent is not None:
        percent = changed.improvement_percent
        return None if percent is None else percent >= criterion.improvement_percent
    if criterion.improvement_points is not None:
        return points >= criterion.improvement_points
    if criterion.worsening_points is not None:
        return -points >= criterion.worsening_points
    if criterion.change_points is not None:
        return abs(points) >= criterion.change_points
    # What is left looks at single items, which two totals cannot tell.
    return None


def judge(definition: Definition, baseline: Points, total: Points) -> tuple[Judgement, ...]:
    """Every criterion of the instrument, each by itself; two notions of change are never merged.

    baseline, total: totals of the same instrument. Each criterion carries its source and mark.
    """
    changed = change(definition, baseline, total)
    return tuple(Judgement(each, is_met(each, changed)) for each in definition.criteria)


def response_status(
    definition: Definition, baseline: Points, total: Points, criterion_ids: Sequence[str]
) -> ResponseStatus:
    """The status by the criteria named: the best that is met, else deterioration, else no response.

    criterion_ids: as `longlight instruments ID` lists them. Raises `InstrumentError` for one that is not there.

    >>> from longlight import instruments
    >>> response_status(instruments.get("phq-9"), 18, 8, ["response-50", "remission-under-5"])
    'response'
    """
    changed = change(definition, baseline, total)
    met = {each.kind for each in _named(definition, criterion_ids) if is_met(each, changed)}
    for kind in ("remission", "response", "partial-response", "deterioration"):
        if kind in met:
            return kind
    return "no-response"


def _named(definition: Definition, criterion_ids: Sequence[str]) -> list[Criterion]:
    known = {each.id: each for each in definition.criteria}
    for criterion_id in criterion_ids:
        if criterion_id not in known:
            raise InstrumentError(
                f"{definition.id} has no criterion {criterion_id!r}: it has {', '.join(known)}."
            )
    return [known[criterion_id] for criterion_id in criterion_ids]


def item_rises(
    definition: Definition,
    before: Mapping[str, Points | None],
    after: Mapping[str, Points | None],
    criterion: Criterion,
) -> tuple[str, ...]:
    """Items that rose by at least the criterion's points; an unanswered one never counts."""
    if criterion.item_rise_points is None:
        return ()
    return tuple(
        item.id
        for item in definition.items
        if (then := before.get(item.id)) is not None
        and (now := after.get(item.id)) is not None
        and now - then >= criterion.item_rise_points
    )


def reliable_change_points(standard_deviation_points: Points, reliability_share: Points) -> Points:
    """Jacobson and Truax: 1.96 times the standard error of a difference.

    standard_deviation_points: of the baseline, in a sample like this patient's.
    reliability_share: between 0 and 1, of the scale in that sample.
    """
    if standard_deviation_points <= 0 or not 0 <= reliability_share <= 1:
        raise InstrumentError(
            "Reliable change needs a standard deviation above 0 and a reliability from 0 to 1."
        )
    error = standard_deviation_points * math.sqrt(2 * (1 - reliability_share))
    return NORMAL_QUANTILE_975 * error
