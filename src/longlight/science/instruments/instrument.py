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
        """The item of this id; `AnswerRefused` where there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise AnswerRefused(f"{self.id} has no item {item_id!r}.")

    def score(self, answers: Answers, context: Context = NO_CONTEXT) -> Score:
        """Score one form.

        answers: one for each of `items`, in their order, or a mapping by item id; None, "" and NaN are missing. Only
        scored items have a place, so PHQ-9 takes nine.
        context: what a rule depends on, as {"sex": "female"} for AUDIT-C.
        Raises `AnswerRefused` or `ContextRefused`, whose text is a sentence; rules come with their source (`evidence`).

        >>> from longlight import instruments
        >>> score = instruments.get("phq-9").score([1, 2, 0, 1, 1, 0, 2, 1, None])
        >>> score.total, score.band, score.missing, score.prorated
        (9, 'mild', ('phq9_9',), True)
        """
        return score_answers(self, answers, context)

    def score_columns(
        self, columns: Any, context: Context = NO_CONTEXT, *, mark_refused: bool = False
    ) -> ColumnScores:
        """Score many rows at once.

        columns: NumPy arrays, Polars or pandas series or lists in item order, all of one length; a two-dimensional
        array with a row for each item; or a data frame with a column for each item id. None, NaN, null and masked
        values are missing. Each array of the answer has one value for each row, in order.
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
        """The band of a total; None without bands, or where the cut depends on a fact that was not given."""
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
