"""What a person answers in the decision aid: read, checked, carried in the page's own form. No database, no clock."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Step(StrEnum):
    """The eight short pages, in their order."""

    START = "start"
    WHERE = "where"
    SAFETY = "safety"
    VALUES = "values"
    OPTIONS = "options"
    CHECK = "check"
    SURE = "sure"
    SUMMARY = "summary"


STEPS = tuple(Step)
SITUATIONS = ("exploring", "in-care", "carer")
VALUE_STEPS = ("1", "2", "3", "4", "5", "dont-know")
CONFIDENCE = ("yes", "partly", "no")
TRUE_FALSE = ("true", "false", "dont-know")
MOST_CHARACTERS = 1000
# Which rows of the options speak to what matters to a person.
ROWS_OF_VALUE: dict[str, tuple[str, ...]] = {
    "effect": ("chance",),
    "way-it-is-given": ("given",),
    "side-effects": ("harms",),
    "work-and-driving": ("daily",),
    "speed-and-upkeep": ("visits", "lasts"),
    "cost": ("cost",),
    "altered-states": ("intensity",),
    "therapist-in-the-room": ("room",),
}


@dataclass(frozen=True)
class Asked:
    """What this version of the aid asks: ids only, so that an answer can be checked against them."""

    values: tuple[str, ...]
    knowledge: tuple[str, ...]
    confidence: tuple[str, ...]
    cautions: tuple[str, ...]
    options: tuple[str, ...]
    clinic_questions: tuple[str, ...] = ()
    sure: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # each item, and its answers


@dataclass(frozen=True)
class Answers:
    """Everything a person has said so far. Nothing is required, and nothing is counted into a score."""

    turn: int = 0
    situation: str = ""
    cautions: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    knowledge: Mapping[str, str] = field(default_factory=dict)
    sure_before: Mapping[str, str] = field(default_factory=dict)
    sure_after: Mapping[str, str] = field(default_factory=dict)
    sure_text: str = ""  # which wording of SURE was shown, by its hash; empty: our own questions
    leaning: str = ""
    worries: str = ""
    questions: str = ""
    clinic_answers: str = ""
    # By the clinic's name in the directory's addresses: what it answered to each question.
    clinics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_carer(self) -> bool:
        return self.situation == "carer"

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"cautions": list(self.cautions)}


def read_answers(said: Mapping[str, object], asked: Asked) -> Answers:
    """Answers from what a form carried. What this version of the aid does not ask is left out, never an error."""
    turn = said.get("turn")
    chosen = said.get("cautions")
    return Answers(
        turn=turn % len(asked.options) if isinstance(turn, int) else 0,
        situation=_one(said.get("situation"), SITUATIONS),
        cautions=tuple(c for c in asked.cautions if isinstance(chosen, list) and c in chosen),
        values=_each(said.get("values"), asked.values, VALUE_STEPS),
        knowledge=_each(said.get("knowledge"), asked.knowledge, TRUE_FALSE),
        sure_before=_confidence(said.get("sure_before"), asked),
        sure_after=_confidence(said.get("sure_after"), asked),
        sure_text=_hash(said.get("sure_text")),
        clinics=_clinics(said.get("clinics"), asked.clinic_questions),
        **{name: _text(said.get(name)) for name in TEXTS},
    )


def _clinics(said: object, questions: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """What clinics answered: three of them at most, the ones asked last."""
    if not isinstance(said, Mapping):
        return {}
    told = {}
    for slug, answers in said.items():
        if isinstance(slug, str) and SLUG.fullmatch(slug) and isinstance(answers, Mapping):
            texts = {name: _text(answers.get(name)) for name in questions}
            told[slug] = {name: text[:MOST_IN_A_CELL] for name, text in texts.items() if text}
    return dict(list(told.items())[-MOST_CLINICS:])


SLUG = re.compile(r"[a-z0-9-]{1,80}")
MOST_CLINICS = 3
MOST_IN_A_CELL = 300
TEXTS = ("leaning", "worries", "questions", "clinic_answers")


def neighbor(step: Step, by: int) -> Step:
    """The page after, or before; the first and the last stay."""
    place = STEPS.index(step) + by
    return STEPS[max(0, min(place, len(STEPS) - 1))]


def by_weight(values: Mapping[str, str], order: tuple[str, ...]) -> tuple[str, ...]:
    """What matters to the person, the strongest answers first; equal ones in the aid's order; unanswered left out.

    For questions between two poles both ends are strong: a firm "avoid" weighs as much as a firm "seek".
    """
    said = [name for name in order if values.get(name, "dont-know") != "dont-know"]
    return tuple(sorted(said, key=lambda name: -_weight(name, values[name])))


TWO_POLES = frozenset({"altered-states", "therapist-in-the-room"})


def _weight(name: str, step: str) -> float:
    middle = 3
    return middle + abs(int(step) - middle) if name in TWO_POLES else int(step)


def _one(said: object, allowed: tuple[str, ...]) -> str:
    return said if isinstance(said, str) and said in allowed else ""


def _each(said: object, names: tuple[str, ...], allowed: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(said, Mapping):
        return {}
    return {name: said[name] for name in names if said.get(name) in allowed}


def _confidence(said: object, asked: Asked) -> dict[str, str]:
    """Answers to our own questions, or to SURE's: by their names, they never mix."""
    own = _each(said, asked.confidence, CONFIDENCE)
    for name, answers in asked.sure.items():
        own |= _each(said, (name,), answers)
    return own


def _hash(said: object) -> str:
    return said if isinstance(said, str) and re.fullmatch(r"[0-9a-f]{64}", said) else ""


def _text(said: object) -> str:
    return said.strip()[:MOST_CHARACTERS] if isinstance(said, str) else ""


TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 random bits


class CannotKeep(Exception):
    """It is not kept; the sentence says what to do."""


def is_token(token: str) -> bool:
    return TOKEN.fullmatch(token) is not None
