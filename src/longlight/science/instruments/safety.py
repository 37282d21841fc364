"""Safety rules on raw answers, usable the moment one answer is chosen. Nothing is ever imputed here."""

from collections.abc import Mapping

from longlight.science.instruments.definition import Definition, ItemNumber, Points, SafetyFlag
from longlight.science.instruments.errors import AnswerRefused


def flags_of_answer(definition: Definition, item_id: str, value: Points) -> tuple[SafetyFlag, ...]:
    """The strongest flag that this one answer raises, or none."""
    for item in definition.items:
        if item.id == item_id:
            return _flags(definition, item.number, item_id, value)
    raise AnswerRefused(f"{definition.id} has no item {item_id!r}.")


def flags_of_all(
    definition: Definition, values: Mapping[ItemNumber, Points | None]
) -> tuple[SafetyFlag, ...]:
    return tuple(
        flag
        for item in definition.items
        if (value := values[item.number]) is not None
        for flag in _flags(definition, item.number, item.id, value)
    )


def _flags(
    definition: Definition, number: ItemNumber, item_id: str, value: Points
) -> tuple[SafetyFlag, ...]:
    met = [
        rule for rule in definition.safety_rules if rule.item == number and value >= rule.at_least
    ]
    if not met:
        return ()
    rule = max(met, key=lambda each: each.at_least)
    return (SafetyFlag(rule.id, item_id, value, rule.urgency, rule.sentence),)
