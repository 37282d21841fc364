"""A plain total, from an import or from paper: is it one that the instrument can give?"""

import math

from longlight.science.instruments.definition import Definition, Points
from longlight.science.instruments.errors import TotalRefused


def checked_total(definition: Definition, value: Points | str | None) -> Points:
    if definition.total_range is None:
        raise TotalRefused(f"{definition.id} has no total: give its answers instead.")
    low, high = definition.total_range
    expected = f"give {_expected(definition)}"
    try:
        number = float("nan" if value is None else value)
    except ValueError:
        raise TotalRefused(f"A {definition.id} total cannot be {value!r}: {expected}.") from None
    if not math.isfinite(number) or not low <= number <= high:
        raise TotalRefused(f"A {definition.id} total cannot be {value}: {expected}.")
    if definition.total_step is not None and number % definition.total_step:
        raise TotalRefused(f"A {definition.id} total cannot be {value}: {expected}.")
    return int(number) if number == int(number) else number


def _expected(definition: Definition) -> str:
    assert definition.total_range is not None
    low, high = definition.total_range
    if definition.total_step is None:
        return f"a number from {low} to {high}"
    if definition.total_step == 1:
        return f"a whole number from {low} to {high}"
    return f"a number from {low} to {high} in steps of {definition.total_step}"
