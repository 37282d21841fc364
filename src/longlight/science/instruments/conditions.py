"""Conditions on answers, in three values: surely met, surely not, or still open."""

from collections.abc import Mapping
from fractions import Fraction

from longlight.science.instruments.definition import (
    Condition,
    Finding,
    ItemNumber,
    Level,
    Points,
)

# What each item holds: a value, None where it is missing, and no entry where it was not asked.
Held = Mapping[ItemNumber, Points | None]
Subscales = Mapping[str, Fraction | None]


def is_met(condition: Condition, held: Held, subscales: Subscales) -> bool | None:
    if condition.subscale is not None:
        value = subscales[condition.subscale]
        # The limit is a decimal in the file; as a float it equals the float of the exact share.
        return None if value is None else float(value) >= condition.value_at_least
    asked = [held[number] for number in condition.items if number in held]
    met = sum(value is not None and value >= condition.value_at_least for value in asked)
    unanswered = sum(value is None for value in asked)
    if condition.unanswered == "met":
        met, unanswered = met + unanswered, 0
    elif condition.unanswered == "unmet":
        unanswered = 0
    if met >= condition.count_at_least:
        return True
    return None if met + unanswered >= condition.count_at_least else False


def all_met(conditions: tuple[Condition, ...], held: Held, subscales: Subscales) -> bool | None:
    results = [is_met(condition, held, subscales) for condition in conditions]
    if any(result is False for result in results):
        return False
    return None if None in results else True


def level_of(
    levels: tuple[Level, ...], held: Held, subscales: Subscales
) -> tuple[str | None, str | None]:
    """The level, and when it is still open the highest one that is sure already.

    A level is named only when no answer that is still missing could make it higher.
    """
    open_above = False
    for level in levels:
        result = all_met(level.conditions, held, subscales)
        if result is None:
            open_above = True
        elif result:
            if not open_above:
                return level.name, None
            # The lowest level, which asks for nothing, would say nothing as "at least".
            return None, (level.name if level.conditions else None)
    return None, None


def findings_of(findings: tuple[Finding, ...], held: Held, subscales: Subscales) -> list[Finding]:
    return [found for found in findings if all_met(found.conditions, held, subscales)]
