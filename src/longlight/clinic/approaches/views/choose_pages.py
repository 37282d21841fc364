"""What each page of the decision aid shows: questions with the answer so far, options, the summary in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from longlight.clinic.approaches.queries.kept import cautions
from longlight.clinic.approaches.queries.listings import listings_by_slug
from longlight.clinic.approaches.queries.sure import sure_pack
from longlight.clinic.approaches.rules.choosing import (
    ROWS_OF_VALUE,
    VALUE_STEPS,
    Answers,
    Step,
    by_weight,
)
from longlight.clinic.approaches.views.learn import (
    comparison_sources,
    outcomes_across,
    rows_across,
)
from longlight.science.evidence import DecisionAid
from longlight.science.evidence.aid import Option, Row, ValueQuestion
from longlight.science.instruments.text import TextPack
from longlight.ui.cited import sources_of


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Question:
    """Something the aid asks, in the words for this reader, with the answer so far. None is given beforehand."""

    name: str
    title: str
    ask: str
    choices: tuple[Choice, ...]
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class InWords:
    """What matters to a person, what they said of it, and what every option has to say to it."""

    title: str
    said: str
    rows: tuple[tuple[Row, tuple[tuple[Option, str], ...]], ...]


ASKS_HOW_SURE = frozenset({Step.WHERE, Step.SURE, Step.SUMMARY})


def page_values(aid: DecisionAid, answers: Answers, step: Step) -> dict[str, object]:
    """What the template of one step needs."""
    options = aid.in_order(answers.turn)
    pack = pack_for(answers) if step in ASKS_HOW_SURE else None
    match step:
        case Step.WHERE:
            return {
                "situations": _situations(answers),
                "confidence": _confidence(aid, answers, "sure_before", pack),
                "sure_pack": pack,
            }
        case Step.SAFETY:
            chosen = answers.cautions
            return {"cautions": [Choice(k, text, k in chosen) for k, text in cautions().items()]}
        case Step.VALUES:
            return {
                "questions": [_value(aid, answers, question) for question in aid.questions.values]
            }
        case Step.OPTIONS:
            return {
                "options": options,
                "outcomes": outcomes_across(aid, options),
                "rows": rows_across(aid, options),
                "sources": comparison_sources(),
            }
        case Step.CHECK:
            return {"questions": _knowledge(aid, answers)}
        case Step.SURE:
            texts = [check.feedback for check in aid.questions.knowledge]
            also = [cite for check in aid.questions.knowledge for cite in check.cites]
            return {
                "explained": _explained(aid, answers),
                "sources": sources_of(texts, also=also),
                "confidence": _confidence(aid, answers, "sure_after", pack),
                "sure_pack": pack,
            }
        case Step.SUMMARY:
            return _summary(aid, answers, options, pack)
        case _:
            return {}


def _situations(answers: Answers) -> list[Choice]:
    labels = {
        "exploring": _("I am looking around"),
        "in-care": _("I am in care, and thinking about ketamine"),
        "carer": _("I am helping someone else"),
    }
    return [Choice(key, label, key == answers.situation) for key, label in labels.items()]


def _value(aid: DecisionAid, answers: Answers, question: ValueQuestion) -> Question:
    said = answers.values.get(question.id)
    words = step_words(aid, question)
    return Question(
        f"values.{question.id}",
        question.title,
        question.ask_carer if answers.is_carer else question.ask,
        tuple(Choice(step, words[step], step == said) for step in VALUE_STEPS),
        words[VALUE_STEPS[0]],
        words[VALUE_STEPS[-2]],
    )


def step_words(aid: DecisionAid, question: ValueQuestion) -> dict[str, str]:
    """What each of the five steps means, in words."""
    ends = aid.questions.value_answers
    low, high = question.low or ends.low, question.high or ends.high
    if question.low:
        between = (_("Closer to the first"), _("In between"), _("Closer to the second"))
    else:
        between = (_("It matters a little"), _("It matters somewhat"), _("It matters a lot"))
    return dict(zip(VALUE_STEPS, (low, *between, high, ends.dont_know), strict=True))


def _knowledge(aid: DecisionAid, answers: Answers) -> list[Question]:
    labels = {
        "true": _("True"),
        "false": _("Not true"),
        "dont-know": aid.questions.value_answers.dont_know,
    }
    return [
        Question(
            f"knowledge.{check.id}",
            check.statement,
            "",
            tuple(
                Choice(k, label, answers.knowledge.get(check.id) == k)
                for k, label in labels.items()
            ),
        )
        for check in aid.questions.knowledge
    ]


def _explained(aid: DecisionAid, answers: Answers) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Each statement, whether it is so, and why. Nothing is counted, and nobody is told that they were wrong."""
    told = []
    for check in aid.questions.knowledge:
        so = _("This is true.") if check.is_true else _("This is not so.")
        agrees = answers.knowledge.get(check.id) == ("true" if check.is_true else "false")
        told.append(
            (
                check.statement,
                _("You had this. ") + so if agrees else so,
                check.feedback,
                check.cites,
            )
        )
    return told


def pack_for(answers: Answers) -> TextPack | None:
    """SURE's wording, which speaks to the person who chooses: a carer is asked our own questions."""
    return None if answers.is_carer else sure_pack()


def _sure_questions(pack: TextPack, said: Mapping[str, str], when: str) -> list[Question]:
    return [
        Question(
            f"{when}.sure-{item.number}",
            item.text,
            "",
            tuple(
                Choice(o.code, o.text, said.get(f"sure-{item.number}") == o.code)
                for o in item.options
            ),
        )
        for item in pack.items
    ]


def _confidence(
    aid: DecisionAid, answers: Answers, when: str, pack: TextPack | None
) -> list[Question]:
    if pack is not None:
        kept = answers.sure_before if when == "sure_before" else answers.sure_after
        return _sure_questions(pack, kept, when)
    words = aid.questions.confidence_answers
    labels = {"yes": words.yes, "partly": words.partly, "no": words.no}
    said = answers.sure_before if when == "sure_before" else answers.sure_after
    return [
        Question(
            f"{when}.{question.id}",
            question.ask_carer if answers.is_carer else question.ask,
            "",
            tuple(Choice(k, label, said.get(question.id) == k) for k, label in labels.items()),
        )
        for question in aid.questions.confidence
    ]


def _summary(
    aid: DecisionAid, answers: Answers, options: tuple[Option, ...], pack: TextPack | None
) -> dict[str, object]:
    by_id = {question.id: question for question in aid.questions.values}
    ordered = by_weight(answers.values, tuple(by_id))
    silent = [key for key in by_id if key not in ordered]
    in_words = [_in_words(aid, answers, by_id[key], options) for key in ordered]
    told = [text for _row, cells in _rows_of(in_words) for _option, text in cells]
    return {
        "in_words": in_words,
        "silent": [by_id[key].title for key in silent],
        "options": options,
        "sources": sources_of(told),
        "sure": sure_words(aid, answers, pack),
        "ask_a_clinic": aid.questions.ask_a_clinic,
        "clinics_asked": clinics_asked(aid, answers),
        "sure_pack": pack,
    }


@dataclass(frozen=True)
class ClinicAsked:
    """A clinic that somebody asked, and what it answered. `name` is empty when it left the directory."""

    name: str
    answers: tuple[tuple[str, str], ...]


def clinics_asked(aid: DecisionAid, answers: Answers) -> list[ClinicAsked]:
    """What clinics answered, in the order they were put beside each other."""
    if not answers.clinics:
        return []
    names = {one.listing.slug: one.listing.name for one in listings_by_slug(answers.clinics)}
    asks = {question.id: question.ask for question in aid.questions.ask_a_clinic}
    return [
        ClinicAsked(
            names.get(slug, slug.replace("-", " ")),
            tuple((asks[key], text) for key, text in told.items() if key in asks),
        )
        for slug, told in answers.clinics.items()
    ]


def _rows_of(in_words: list[InWords]) -> list[tuple[Row, tuple[tuple[Option, str], ...]]]:
    return [row for value in in_words for row in value.rows]


def _in_words(
    aid: DecisionAid, answers: Answers, question: ValueQuestion, options: tuple[Option, ...]
) -> InWords:
    rows = [row for row in aid.rows if row.id in ROWS_OF_VALUE[question.id]]
    said = step_words(aid, question)[answers.values[question.id]]
    return InWords(
        question.title,
        said,
        tuple((row, tuple((o, o.answer(row.id)) for o in options)) for row in rows),
    )


def sure_words(
    aid: DecisionAid, answers: Answers, pack: TextPack | None
) -> list[tuple[str, str, str]]:
    """Each question, and the answers before and after."""
    if pack is not None:
        return _sure_in_words(pack, answers)
    words = aid.questions.confidence_answers
    labels = {"yes": words.yes, "partly": words.partly, "no": words.no}
    silent = _("you did not say")
    return [
        (
            question.ask_carer if answers.is_carer else question.ask,
            labels.get(answers.sure_before.get(question.id, ""), silent),
            labels.get(answers.sure_after.get(question.id, ""), silent),
        )
        for question in aid.questions.confidence
    ]


def _sure_in_words(pack: TextPack, answers: Answers) -> list[tuple[str, str, str]]:
    silent, told = _("you did not say"), []
    for item in pack.items:
        words = {option.code: option.text for option in item.options}
        name = f"sure-{item.number}"
        before, after = (
            words.get(said.get(name, ""), silent)
            for said in (answers.sure_before, answers.sure_after)
        )
        told.append((item.text, before, after))
    return told
