"""A plain total, from an import or from paper: is it one that the instrument can give?"""

import math

from longlight.science.instruments.definition import Definition, Points
from longlight.science.instruments.errors import TotalRefused
from longlight.science.sentences import Sentence as _


def checked_total(definition: Definition, value: Points | str | None) -> Points:
    if definition.total_range is None:
        raise TotalRefused(_("{id} has no total: give its answers instead.", id=definition.id))
    low, high = definition.total_range
    expected = _expected(definition)
    try:
        number = float("nan" if value is None else value)
    except ValueError:
        raise TotalRefused(
            _(
                "A {id} total cannot be {value!r}: give {expected}.",
                id=definition.id,
                value=value,
                expected=expected,
            )
        ) from None
    if not math.isfinite(number) or not low <= number <= high:
        raise TotalRefused(
            _(
                "A {id} total cannot be {value}: give {expected}.",
                id=definition.id,
                value=f"{number:g}",
                expected=expected,
            )
        )
    if definition.total_step is not None and number % definition.total_step:
        raise TotalRefused(
            _(
                "A {id} total cannot be {value}: give {expected}.",
                id=definition.id,
                value=f"{number:g}",
                expected=expected,
            )
        )
    return int(number) if number == int(number) else number


def _expected(definition: Definition) -> _:
    assert definition.total_range is not None
    low, high = definition.total_range
    if definition.total_step is None:
        return _("a number from {low} to {high}", low=low, high=high)
    if definition.total_step == 1:
        return _("a whole number from {low} to {high}", low=low, high=high)
    step = definition.total_step
    return _("a number from {low} to {high} in steps of {step}", low=low, high=high, step=step)
