"""Answers put together into numbers: subscales and the total, exactly, with the missing rule."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor

from longlight.science.instruments.conditions import Held
from longlight.science.instruments.definition import Definition, Item, ItemNumber, Part, Points

HALF = Fraction(1, 2)


def held_answers(
    definition: Definition, values: Mapping[ItemNumber, Points | None]
) -> dict[ItemNumber, Points | None]:
    """Answers by item number; an item that did not have to be asked, and was not, has no entry."""
    held: dict[ItemNumber, Points | None] = {}
    for item in definition.items:
        value = values[item.number]
        gates = [values[number] for number in item.asked_if]
        skipped = not item.required
        if gates:
            skipped = all(gate is not None and gate < 1 for gate in gates)
        if value is not None or not skipped:
            held[item.number] = value
    return held


def part_value(part: Part, definition: Definition, held: Held) -> Fraction | None:
    asked = [item for item in definition.items if item.number in part.items and item.number in held]
    counted = [_counted(item, held[item.number]) for item in asked]
    answered = [value for value in counted if value is not None]
    if not answered or len(counted) - len(answered) > part.may_miss:
        return None
    if part.combine == "max":
        value = Fraction(max(answered))
    else:
        value = Fraction(sum(answered), len(answered))
        if part.combine == "sum":
            value *= len(counted)
    return value / part.divide_by


def _counted(item: Item, value: Points | None) -> int | None:
    return None if value is None else int(item.counted(value))


def total_of(definition: Definition, held: Held) -> Fraction | None:
    scoring = definition.scoring
    values = [part_value(part, definition, held) for part in scoring.parts]
    known = [value for value in values if value is not None]
    if not values or len(known) < len(values):
        return None
    total = sum(known, Fraction(0))
    if scoring.combine == "mean":
        total /= len(known)
    total = total * scoring.multiply_by / scoring.divide_by
    if scoring.whole_when_prorated and is_prorated(definition, held):
        total = Fraction(floor(total + HALF))
    return total


def is_prorated(definition: Definition, held: Held) -> bool:
    """Whether an answer that the total is made of is missing. One that was not asked is not."""
    in_total = {number for part in definition.scoring.parts for number in part.items}
    return any(held.get(number, 0) is None for number in in_total)


def as_points(value: Fraction | None) -> Points | None:
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)
