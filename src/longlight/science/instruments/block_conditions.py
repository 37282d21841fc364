"""Conditions on whole columns: rows in which they surely hold, and rows in which they still may."""

from collections.abc import Mapping, Sequence

import numpy as np

from longlight.science.instruments.blocks import Block, Bools, Numbers
from longlight.science.instruments.definition import Condition


def condition_rows(
    condition: Condition,
    block: Block,
    subscales: Mapping[str, Numbers],
) -> tuple[Bools, Bools]:
    """Rows in which a condition surely holds, and rows in which it still may."""
    if condition.subscale is not None:
        numbers = subscales[condition.subscale]
        reached = numbers.numerator / numbers.denominator >= condition.value_at_least
        if numbers.known is None:
            return reached, reached
        return reached & numbers.known, reached | ~numbers.known
    met = np.zeros(block.size, dtype=np.int16)
    still_open = np.zeros(block.size, dtype=np.int16)
    for number in condition.items:
        reached = block.codes[number] >= condition.value_at_least
        if number in block.empty:
            reached &= ~block.empty[number]
        met += reached
        lacking = block.missing.get(number)
        if lacking is not None and condition.unanswered == "met":
            met += lacking
        elif lacking is not None and condition.unanswered == "open":
            still_open += lacking
    return met >= condition.count_at_least, met + still_open >= condition.count_at_least


def all_conditions(
    conditions: Sequence[Condition],
    block: Block,
    subscales: Mapping[str, Numbers],
) -> tuple[Bools, Bools]:
    sure = np.ones(block.size, dtype=np.bool_)
    possible = np.ones(block.size, dtype=np.bool_)
    for condition in conditions:
        surely, possibly = condition_rows(condition, block, subscales)
        sure &= surely
        possible &= possibly
    return sure, possible
