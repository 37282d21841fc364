"""What a check-in asks: an instrument's items as they are worded, with the questions of its form that score nothing.

Knows no database and no clock: an instrument and its wording in, questions out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy

from longlight.science.instruments import Instrument, Item, TextPack
from longlight.science.instruments.definition import ItemNumber
from longlight.science.instruments.text import ExtraItem, TextOption

YES_AT_LEAST = 1
MOST_DIGITS = 9  # no answer that is a number has more
GATE = "gate"  # how a text pack calls the question that is asked before all others


@dataclass(frozen=True)
class Need:
    """An answer without which a question is not asked; with `unless` the one answer that ends the asking."""

    question_id: str
    unless: str = ""

    def is_met(self, codes: Mapping[str, str], values: Mapping[str, float | None]) -> bool:
        if self.unless:
            return codes.get(self.question_id, "") != self.unless
        value = values.get(self.question_id)
        return value is not None and value >= YES_AT_LEAST


@dataclass(frozen=True)
class Question:
    """One question as a patient is asked it: the published wording, and the stretch of time it is about."""

    number: int  # its place, from 1
    id: str
    lead: str
    recall: str  # said apart where the lead does not say it
    text: str
    options: tuple[TextOption, ...]
    item: Item | None = None  # None where the question takes no part in the score
    needs: tuple[Need, ...] = ()

    @property
    def is_number(self) -> bool:
        return self.item is not None and self.item.kind == "number"

    @property
    def unless(self) -> str:
        """The answer that ends the asking before this question, as `question=code`; empty where none does."""
        return next((f"{n.question_id}={n.unless}" for n in self.needs if n.unless), "")

    def label(self, code: str) -> str:
        """The words of an answer; *not answered* for none."""
        chosen = next((option.text for option in self.options if option.code == code), "")
        return chosen or (code if self.is_number else "") or str(gettext_lazy("not answered"))

    def value(self, code: str) -> float | None:
        """What an answer is worth; None where it is no answer to this question."""
        if self.item is not None and self.is_number:
            is_one = len(code) <= MOST_DIGITS and code.isascii() and code.isdigit()
            number = int(code) if is_one else None
            return number if number is not None and self.item.accepts(number) else None
        return next((option.value for option in self.options if option.code == code), None)

    def is_urgent(self, instrument: Instrument, code: str) -> bool:
        """Whether a safety rule meets this answer with help now."""
        value = self.value(code)
        flags = instrument.safety_flags(self.id, value) if self.item is not None else ()
        return any(flag.urgency == "urgent" for flag in flags)


@dataclass(frozen=True)
class Questions:
    """What a check-in asks, in the published order."""

    instrument: Instrument
    text: TextPack
    each: tuple[Question, ...]
    gate_stops: str = ""  # the answer to the gate with which nothing else is asked

    def helped(self, question: Question) -> str:
        """The answers to a question that are met with help now, with spaces between."""
        codes = [option.code for option in question.options]
        return " ".join(code for code in codes if question.is_urgent(self.instrument, code))

    def asked(
        self, codes: Mapping[str, str], values: Mapping[str, float | None]
    ) -> tuple[Question, ...]:
        """Those that are asked after these answers."""
        return tuple(q for q in self.each if all(need.is_met(codes, values) for need in q.needs))

    def context(self, codes: Mapping[str, str]) -> dict[str, str]:
        """What the gate's answer says to the score."""
        gate = self.instrument.gate
        if gate is None or not codes.get(GATE):
            return {}
        is_over = codes[GATE] == self.gate_stops
        return {gate.context: gate.answer} if is_over else {}


def questions_in(instrument: Instrument, text: TextPack) -> Questions | None:
    """What an instrument asks a patient; None where a clinician fills it in, or a gate has no wording."""
    if instrument.completed_by != "patient":
        return None
    shown = [extra for extra in text.extra_items if extra.is_asked]
    gate = next((extra for extra in shown if extra.id == GATE), None)
    stops = _stop_code(instrument, gate)
    if instrument.gate is not None and not stops:
        return None
    behind_gate = (Need(GATE, unless=stops),) if stops else ()
    made: list[Question] = []
    for item in instrument.items:
        made += [_extra(extra, text) for extra in shown if extra.before == item.number]
        made.append(_item(item, text, (*behind_gate, *_needs(item, instrument))))
        made += [_extra(extra, text) for extra in shown if extra.after == item.number]
    made += [_extra(extra, text) for extra in shown if extra.before is extra.after is None]
    numbered = tuple(replace(each, number=place) for place, each in enumerate(made, 1))
    return Questions(instrument, text, numbered, stops)


def _stop_code(instrument: Instrument, gate: ExtraItem | None) -> str:
    if instrument.gate is None or gate is None:
        return ""
    wanted = instrument.gate.answer.casefold()
    return next((option.code for option in gate.options if option.text.casefold() == wanted), "")


def _needs(item: Item, instrument: Instrument) -> tuple[Need, ...]:
    return tuple(Need(_id_of(number, instrument.items)) for number in item.asked_if)


def _id_of(number: ItemNumber, items: Collection[Item]) -> str:
    return next(item.id for item in items if item.number == number)


def _item(item: Item, text: TextPack, needs: tuple[Need, ...]) -> Question:
    words = text.item(item.number)
    lead = words.lead or text.stem or text.instruction
    # The period without what stands in brackets after it, such as that the first question is about one's whole life.
    period = text.recall_period.split(" (")[0]
    said = period.casefold() in f"{lead} {words.text}".casefold()
    return Question(
        0, item.id, lead, "" if said else period, words.text, words.options, item, needs
    )


def _extra(extra: ExtraItem, text: TextPack) -> Question:
    lead = extra.lead or (text.instruction if extra.id == GATE else "")
    return Question(0, extra.id, lead, "", extra.text, extra.options)
