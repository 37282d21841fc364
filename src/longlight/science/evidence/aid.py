"""The decision aid's content: options in equal rows, benefits and harms of 100, what the article claims, what is asked.

Content only. It never picks, never scores, and holds no number of its own: numbers are references into the evidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from longlight.science.evidence import loading
from longlight.science.evidence.model import EvidenceRecord, Number
from longlight.science.evidence.queries import Interval, interval_of
from longlight.science.tables import build, read_toml, toml_files

PACKAGE = "longlight.science.evidence"


@dataclass(frozen=True, slots=True)
class Row:
    """One question that every option answers."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Option:
    """A way to go: the answers stand in the order of the aid's rows."""

    id: str
    title: str
    line: str
    answers: tuple[tuple[str, str], ...]

    def answer(self, row_id: str) -> str:
        return dict(self.answers)[row_id]


@dataclass(frozen=True, slots=True)
class OutcomeCell:
    """One option's answer to an outcome: a number that was read, or the reason why there is none."""

    number: str | None = None
    people: str | None = None
    note: str | None = None
    unknown: str | None = None

    @property
    def found(self) -> tuple[EvidenceRecord, Number] | None:
        return loading.get_number(self.number) if self.number else None

    @property
    def interval(self) -> Interval | None:
        """None beside a number means: how far it could be off is not known, and the page says so."""
        if self.found is None:
            return None
        number = self.found[1]
        scored = loading.get_number(self.people)[1].value if self.people else None
        if number.n is None and number.of is None and number.interval is None and scored:
            number = replace(number, n=int(scored))
        return interval_of(number)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A benefit or a harm counted in 100, for every option over the same period."""

    id: str
    kind: str
    question: str
    of: str
    counted: str
    not_counted: str
    about: str
    cells: tuple[tuple[str, OutcomeCell], ...]
    time_days: int | None = None

    def cell(self, option_id: str) -> OutcomeCell:
        return dict(self.cells)[option_id]


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that the article says, what was found, how far it spreads, and how sure it is."""

    id: str
    title: str
    says: str
    found: str
    spread: str
    certainty: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that the article names, with what is known."""

    id: str
    title: str
    text: str
    certainty: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueQuestion:
    """Something that may matter to a person. Answered in five steps, or "I do not know"."""

    id: str
    title: str
    ask: str
    ask_carer: str
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True, slots=True)
class KnowledgeCheck:
    """A statement that is true or not, with a gentle explanation."""

    id: str
    statement: str
    is_true: bool
    feedback: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConfidenceQuestion:
    """One of our own four questions. Never scored, and never called SURE."""

    id: str
    ask: str
    ask_carer: str


@dataclass(frozen=True, slots=True)
class ClinicQuestion:
    """Something to ask a clinic."""

    id: str
    ask: str


@dataclass(frozen=True, slots=True)
class ValueAnswers:
    """The words at the ends of the five steps, where a question has none of its own."""

    low: str
    high: str
    dont_know: str


@dataclass(frozen=True, slots=True)
class ConfidenceAnswers:
    yes: str
    partly: str
    no: str


@dataclass(frozen=True, slots=True)
class Questions:
    """Everything that the aid asks."""

    version: str
    values: tuple[ValueQuestion, ...]
    value_answers: ValueAnswers
    knowledge: tuple[KnowledgeCheck, ...]
    confidence: tuple[ConfidenceQuestion, ...]
    confidence_answers: ConfidenceAnswers
    ask_a_clinic: tuple[ClinicQuestion, ...]


@dataclass(frozen=True, slots=True)
class DecisionAid:
    """One version of the aid. `version` and `evidence_read_until` are kept with a decision made by it."""

    version: str
    written: date
    evidence_read_until: date
    review_by: date
    asked_again_at_treatment: int
    condition: str
    decision: str
    decision_carer: str
    natural_course: str
    comparison: str
    uncertainty: str
    evidence_chosen: str
    update_policy: str
    funding: str
    authors: str
    conflicts: str
    reviewed_by: str
    crisis: str
    option_order_note: str
    rows: tuple[Row, ...]
    options: tuple[Option, ...]
    outcomes: tuple[Outcome, ...]
    no_study: str
    claims: tuple[Claim, ...]
    conditions: tuple[Condition, ...]
    questions: Questions
    ipdas: tuple[tuple[str, str], ...]

    def is_overdue(self, today: date) -> bool:
        """Past its date the page says that its review is late."""
        return today > self.review_by

    def option(self, option_id: str) -> Option:
        return next(option for option in self.options if option.id == option_id)

    def in_order(self, turn: int) -> tuple[Option, ...]:
        """The options for one viewer: each `turn` starts at another, so that none is always first."""
        start = turn % len(self.options)
        return self.options[start:] + self.options[:start]


@cache
def decision_aid() -> DecisionAid:
    """The aid in its newest version."""
    table = read_toml(files(PACKAGE) / "aid_texts" / "aid.toml")
    questions = read_toml(files(PACKAGE) / "aid_texts" / "questions.toml")
    outcomes = read_toml(files(PACKAGE) / "aid_texts" / "outcomes.toml")
    rows = tuple(build(Row, row) for row in table.pop("rows"))
    option_ids = tuple(table.pop("options"))
    by_id = {option.id: option for option in (_option(t, rows) for t in _folder("options"))}
    return DecisionAid(
        **(table | {"ipdas": tuple(table["ipdas"].items())}),
        rows=rows,
        options=tuple(by_id[option_id] for option_id in option_ids),
        outcomes=tuple(_outcome(row, option_ids) for row in outcomes["outcomes"]),
        no_study=outcomes["no_study"],
        claims=tuple(build(Claim, claim) for claim in _folder("claims")),
        conditions=tuple(build(Condition, condition) for condition in _folder("conditions")),
        questions=build(Questions, questions),
    )


def texts(aid: DecisionAid) -> dict[str, str]:
    """Every text that a reader meets, under the place where it stands."""
    found = {name: getattr(aid, name) for name in _FACTS}
    for option in aid.options:
        found[f"{option.id}.line"] = option.line
        found |= {f"{option.id}.{row}": text for row, text in option.answers}
    for outcome in aid.outcomes:
        found |= {f"{outcome.id}.question": outcome.question, f"{outcome.id}.about": outcome.about}
        for option_id, cell in outcome.cells:
            told = {"note": cell.note, "unknown": cell.unknown}
            found |= {f"{outcome.id}.{option_id}.{k}": v for k, v in told.items() if v}
    for claim in aid.claims:
        parts = {"says": claim.says, "found": claim.found, "spread": claim.spread}
        found |= {f"{claim.id}.{name}": text for name, text in parts.items()}
    found |= {f"{condition.id}.text": condition.text for condition in aid.conditions}
    return found | _question_texts(aid.questions)


def _question_texts(questions: Questions) -> dict[str, str]:
    found: dict[str, str] = {}
    asked: tuple[ValueQuestion | ConfidenceQuestion, ...] = (
        *questions.values,
        *questions.confidence,
    )
    for question in asked:
        found[f"{question.id}.ask"] = question.ask
        found[f"{question.id}.ask_carer"] = question.ask_carer
    for check in questions.knowledge:
        found |= {f"{check.id}.statement": check.statement, f"{check.id}.feedback": check.feedback}
    return found | {f"ask.{to_ask.id}": to_ask.ask for to_ask in questions.ask_a_clinic}


_FACTS = (
    "condition",
    "decision",
    "decision_carer",
    "natural_course",
    "comparison",
    "uncertainty",
    "evidence_chosen",
    "update_policy",
    "funding",
    "reviewed_by",
    "crisis",
    "option_order_note",
)


def _option(table: Mapping[str, Any], rows: tuple[Row, ...]) -> Option:
    answers = table["rows"]
    order = [row.id for row in rows]
    if set(answers) != set(order):
        wrong = ", ".join(sorted(set(answers) ^ set(order)))
        raise ValueError(f"Option '{table['id']}' and the aid differ in the rows: {wrong}.")
    named = tuple((row_id, answers[row_id]) for row_id in order)
    return Option(table["id"], table["title"], table["line"], named)


def _outcome(table: Mapping[str, Any], option_ids: tuple[str, ...]) -> Outcome:
    own = {key: value for key, value in table.items() if key not in option_ids}
    cells = tuple((i, build(OutcomeCell, table[i], f"{table['id']}.{i}")) for i in option_ids)
    return Outcome(**own, cells=cells)


def _folder(name: str) -> list[dict[str, Any]]:
    return [read_toml(path) for path in toml_files(PACKAGE, f"aid_texts/{name}")]
