"""SURE, the published four questions on how sure a choice feels: where this installation has added their wording.

Without a text pack there is none, and the aid asks its own four questions, which are never scored.
"""

from dataclasses import dataclass

from django.db import Error as DatabaseFailure

from longlight.clinic.approaches.rules.choosing import Answers
from longlight.clinic.assessments.queries import text_of
from longlight.science import instruments
from longlight.science.instruments.text import TextPack

ID = "sure"


def sure_pack() -> TextPack | None:
    """The wording that the site added with its permission, unaltered; None where it has none.

    The aid must work when the database does not: then our own questions are asked.
    """
    try:
        return text_of(instruments.get(ID))[0]
    except DatabaseFailure:
        return None


@dataclass(frozen=True)
class SureScore:
    """What SURE comes to, before and after; None where an answer is missing."""

    before: int | None
    after: int | None
    most: int


def sure_score(answers: Answers) -> SureScore | None:
    """None where SURE was not asked: our own questions are never scored as SURE."""
    before, after = (_points(said) for said in (answers.sure_before, answers.sure_after))
    if before is None and after is None:
        return None
    return SureScore(before, after, len(instruments.get(ID).items))


def _points(said: object) -> int | None:
    instrument = instruments.get(ID)
    answered = dict(said) if isinstance(said, dict) else {}
    values = []
    for item in instrument.items:
        by_code = {option.code: option.value for option in item.options}
        values.append(by_code.get(answered.get(f"{ID}-{item.number}", "")))
    if any(value is None for value in values):
        return None
    total = instrument.score(values).total
    return None if total is None else int(total)
