"""Raw answers made safe to score: each one a value that its item allows, or missing."""

import difflib
import math
import re
from collections.abc import Mapping, Sequence

from longlight.science.instruments.definition import Definition, Item, Points
from longlight.science.instruments.errors import AnswerRefused

Answer = int | float | str | None
Answers = Sequence[Answer] | Mapping[str, Answer]

# Whole numbers, also as a spreadsheet writes a column that has gaps ("2.0"). ASCII digits only.
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:\.0*)?")


def given_values(definition: Definition, answers: Answers) -> tuple[Points | None, ...]:
    """The stored value of each item in order, None where missing or not assessed."""
    in_order = _in_item_order(definition, answers)
    return tuple(
        stored_value(item, answer) for item, answer in zip(definition.items, in_order, strict=True)
    )


def stored_value(item: Item, answer: Answer) -> Points | None:
    """One answer as its item stores it; refuses what the item does not allow."""
    value = _as_number(item, answer)
    if value is None:
        return None
    if not item.accepts(value):
        raise AnswerRefused(
            f"{item.id} cannot be {answer}: give {_allowed_words(item)}, or leave it empty."
        )
    return None if value in item.not_assessed else value


def _as_number(item: Item, answer: Answer) -> Points | None:
    if answer is None:
        return None
    if isinstance(answer, str):
        text = answer.strip()
        if not text:
            return None
        if not WHOLE_NUMBER.fullmatch(text):
            raise AnswerRefused(
                f"{item.id} cannot be {_shown(text)}: give {_allowed_words(item)}, or leave it empty."
            )
        return int(text.split(".")[0])
    try:
        number = float(answer)
    except (TypeError, ValueError, OverflowError):
        raise AnswerRefused(
            f"{item.id} cannot be {_shown(str(answer))}: give {_allowed_words(item)}, or leave it empty."
        ) from None
    if math.isnan(number):
        return None
    return number if math.isinf(number) or number % 1 else int(number)


def _allowed_words(item: Item) -> str:
    allowed = item.allowed
    low, high = int(allowed[0]), int(allowed[-1])
    if len(allowed) == high - low + 1:
        return f"a whole number from {low} to {high}"
    return "one of " + ", ".join(str(int(value)) for value in allowed)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _in_item_order(definition: Definition, answers: Answers) -> Sequence[Answer]:
    if isinstance(answers, Mapping):
        return _from_mapping(definition, answers)
    needed = len(definition.items)
    # Trailing items that are only asked sometimes may be left off (ASQ's acuity question).
    fewest = max(i for i, item in enumerate(definition.items, 1) if item.required)
    if fewest <= len(answers) <= needed:
        return [*answers, *[None] * (needed - len(answers))]
    raise AnswerRefused(
        f"{definition.id} takes {needed} answers in item order and got {len(answers)}: "
        "give one for each item, and leave a field empty where there is no answer."
    )


def _from_mapping(definition: Definition, answers: Mapping[str, Answer]) -> Sequence[Answer]:
    known = [item.id for item in definition.items]
    for item_id in answers:
        if item_id not in known:
            close = difflib.get_close_matches(item_id, known, 1)
            hint = f"did you mean {close[0]}?" if close else f"its items are {', '.join(known)}."
            raise AnswerRefused(f"{definition.id} has no item {_shown(item_id)}: {hint}")
    return [answers.get(item_id) for item_id in known]
