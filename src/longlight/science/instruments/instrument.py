"""An instrument ready to use: its definition, with what one does to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from longlight.science.instruments.answers import Answer, Answers, stored_value
from longlight.science.instruments.bands import band_of
from longlight.science.instruments.columns import ColumnScores, score_columns
from longlight.science.instruments.context import Context, checked_context
from longlight.science.instruments.definition import Definition, Item, Points, SafetyFlag
from longlight.science.instruments.errors import AnswerRefused
from longlight.science.instruments.safety import flags_of_answer
from longlight.science.instruments.score import Score
from longlight.science.instruments.scoring import score_answers
from longlight.science.instruments.text import TextPack, shipped_text, site_text_pack
from longlight.science.instruments.totals import checked_total

NO_CONTEXT: Mapping[str, str] = {}


@dataclass(frozen=True)
class Instrument(Definition):
    """One version of a published questionnaire or rating scale."""

    def __repr__(self) -> str:
        return f"<Instrument {self.id} v{self.version}: {self.title}, {len(self.items)} items>"

    def item(self, item_id: str) -> Item:
        for item in self.items:
            if item.id == item_id:
                return item
        raise AnswerRefused(f"{self.id} has no item {item_id!r}.")

    def score(self, answers: Answers, context: Context = NO_CONTEXT) -> Score:
        """Score answers in item order (None or "" where missing), or by item id."""
        return score_answers(self, answers, context)

    def score_columns(
        self, columns: Any, context: Context = NO_CONTEXT, *, mark_refused: bool = False
    ) -> ColumnScores:
        """Score many rows at once: NumPy arrays or Polars series in item order, or a data frame.

        A row with an answer that is not allowed stops the work with a sentence that names it; with
        `mark_refused` such rows are marked in the result instead.
        """
        return score_columns(self, columns, context, mark_refused=mark_refused)

    def check_answer(self, item_id: str, answer: Answer) -> Points | None:
        """One answer as it is stored; refuses what the item does not allow."""
        return stored_value(self.item(item_id), answer)

    def check_total(self, value: Answer) -> Points:
        """A total that somebody else computed, refused when this instrument can never give it."""
        return checked_total(self, value)

    def band_of(self, total: Points, context: Context = NO_CONTEXT) -> str | None:
        return band_of(self, self.check_total(total), checked_context(context))

    def safety_flags(self, item_id: str, value: Points | None) -> tuple[SafetyFlag, ...]:
        """What one raw answer raises, at once; an unanswered item raises nothing."""
        return () if value is None else flags_of_answer(self, item_id, value)

    def text(self, lang: str = "en") -> TextPack | None:
        """The wording that is shipped; None where its licence leaves that to the site."""
        return shipped_text(self, lang)

    def site_text(self, toml: str) -> TextPack:
        """A text pack that the site adds with its own permission, checked against this version."""
        return site_text_pack(toml, self)
