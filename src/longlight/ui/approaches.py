"""What the public home says of the three approaches: words and numbers of the decision aid, in the same few rows each.

Nothing clinical is written here: `science.evidence` holds the text, every number in it is a reference, and this module
only picks rows, numbers the sources in a fixed order, and cuts the text into what a template can print.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from longlight.science.evidence import (
    CitationPiece,
    EvidenceRecord,
    NumberPiece,
    decision_aid,
    pieces,
)
from longlight.science.evidence.aid import Option

SHOWN = ("medicine", "talk-therapy", "experience")
ROWS = ("given", "visits", "studied", "chance", "harms", "unknown", "cost", "legal")

FINDINGS = frozenset({"of-100", "count"})


@dataclass(frozen=True)
class Source:
    """A publication behind something on the page, numbered as it first appears in the aid's own order."""

    number: int
    record: EvidenceRecord
    is_abstract_only: bool

    @property
    def anchor(self) -> str:
        return f"s{self.number}"


@dataclass(frozen=True)
class Said:
    """A stretch of text, or a number in it; a finding is a number counted in people."""

    text: str
    is_number: bool = False
    is_finding: bool = False


@dataclass(frozen=True)
class Answer:
    """One approach's answer to one question, with the sources of what it says."""

    question: str
    text: tuple[Said, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Approach:
    """A way to work with ketamine, as the home shows it."""

    key: str
    title: str
    line: str
    answers: tuple[Answer, ...]

    @property
    def art(self) -> str:
        return f"ui/art/approach-{self.key}.html"


@cache
def sources() -> tuple[Source, ...]:
    """Every publication that the home rests on."""
    found: dict[str, EvidenceRecord] = {}
    more_than_abstract: set[str] = set()
    for piece in _all_pieces():
        if isinstance(piece, str):
            continue
        found.setdefault(piece.record.id, piece.record)
        if not _is_abstract_only(piece):
            more_than_abstract.add(piece.record.id)
    return tuple(
        Source(number, record, record.id not in more_than_abstract)
        for number, record in enumerate(found.values(), start=1)
    )


@cache
def approaches() -> tuple[Approach, ...]:
    """The three approaches. Their order on the page is the visit's own."""
    return tuple(
        Approach(option.id, option.title, option.line, tuple(_answers(option)))
        for option in _options()
    )


def _options() -> list[Option]:
    return [option for option in decision_aid().options if option.id in SHOWN]


def _all_pieces() -> Iterator[str | NumberPiece | CitationPiece]:
    for option in _options():
        for row in ROWS:
            yield from pieces(option.answer(row))


def _is_abstract_only(piece: NumberPiece | CitationPiece) -> bool:
    if isinstance(piece, CitationPiece):
        return all("abstract" in source.read for source in piece.record.sources)
    return piece.number.read_in.is_abstract_only


def _answers(option: Option) -> Iterator[Answer]:
    labels = {row.id: row.label for row in decision_aid().rows}
    known = {source.record.id: source for source in sources()}
    for row in ROWS:
        parts = pieces(option.answer(row))
        cited = dict.fromkeys(part.record.id for part in parts if not isinstance(part, str))
        text = tuple(
            Said(part)
            if isinstance(part, str)
            else Said(part.printed, is_number=True, is_finding=part.style in FINDINGS)
            for part in parts
            if not isinstance(part, CitationPiece)
        )
        yield Answer(labels[row], text, tuple(known[record_id] for record_id in cited))
