"""Text with references in it: `{ev:record.number|style}` and `{cite:record}` become pieces that a page can print.

No clinical number is ever written as digits in a text. It stands as a reference, so that it is printed with its citation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from longlight.science.evidence import loading
from longlight.science.evidence.model import EvidenceRecord, Number
from longlight.science.evidence.queries import Interval, interval_of, of_100

REFERENCE = re.compile(r"\{(ev|cite):([^}|]+)(?:\|([a-z0-9-]+))?\}")
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class NumberPiece:
    """A number of the text, as printed, with what its tag needs."""

    printed: str
    record: EvidenceRecord
    number: Number
    style: str
    interval: Interval | None

    @property
    def reference(self) -> str:
        return f"{self.record.id}.{self.number.id}"


@dataclass(frozen=True, slots=True)
class CitationPiece:
    """A citation in the text, for a finding told in words."""

    record: EvidenceRecord


Piece = str | NumberPiece | CitationPiece


class BrokenReference(ValueError):
    """A text names a number that is not there, or asks for it in a way that it cannot be printed."""


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[Piece, ...]:
    """The text cut at its references.

    >>> [piece.printed for piece in pieces("{ev:mcinnes-2022.people} people") if not isinstance(piece, str)]
    ['537']
    """
    return tuple(piece for piece in _cut(text) if piece != "")


def plain_text(text: str) -> str:
    """The text as a reader hears it: numbers printed, citations left out."""
    printed = (_spoken(piece) for piece in pieces(text))
    return re.sub(r"\s+", " ", "".join(printed)).strip()


def references(text: str) -> tuple[NumberPiece, ...]:
    return tuple(piece for piece in pieces(text) if isinstance(piece, NumberPiece))


def printed(number: Number, style: str) -> str:
    """A number in one of the styles: value, of-100, range, count, people, weeks, days."""
    how = STYLES.get(style)
    if how is None:
        raise BrokenReference(f"There is no style '{style}': use {', '.join(STYLES)}.")
    try:
        return how(number)
    except (ValueError, TypeError, AttributeError) as fault:
        raise BrokenReference(f"'{number.id}' cannot be printed as {style}.") from fault


def _cut(text: str) -> Iterator[Piece]:
    end = 0
    for found in REFERENCE.finditer(text):
        yield text[end : found.start()]
        end = found.end()
        kind, target, style = found.groups()
        yield CitationPiece(loading.get(target)) if kind == "cite" else _number(target, style)
    rest = text[end:]
    if "{" in rest or "}" in rest:
        raise BrokenReference(f"A reference is not closed, or misspelled: {rest}")
    yield rest


def _number(target: str, style: str | None) -> NumberPiece:
    record, number = loading.get_number(target)
    how = style or "value"
    return NumberPiece(printed(number, how), record, number, how, interval_of(number))


def _spoken(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    return piece.printed if isinstance(piece, NumberPiece) else ""


def _whole(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:,f}"


def _value(number: Number) -> str:
    if number.value is None:
        raise ValueError(number.id)
    return _whole(number.value)


def _range(number: Number) -> str:
    if number.low is None or number.high is None:
        raise ValueError(number.id)
    return f"{_whole(number.low)} to {_whole(number.high)}"


def _count(number: Number) -> str:
    if number.count is None or number.of is None:
        raise ValueError(number.id)
    return f"{number.count} of {number.of}"


def _people(number: Number) -> str:
    if number.n is None:
        raise ValueError(number.id)
    return str(number.n)


def _weeks(number: Number) -> str:
    if number.time_days is None:
        raise ValueError(number.id)
    return str((number.time_days / DAYS_A_WEEK).quantize(Decimal(1), ROUND_HALF_UP))


def _days(number: Number) -> str:
    if number.time_days is None:
        raise ValueError(number.id)
    return _whole(number.time_days)


STYLES = {
    "value": _value,
    "of-100": lambda number: f"{of_100(number)} of 100",
    "range": _range,
    "count": _count,
    "people": _people,
    "weeks": _weeks,
    "days": _days,
}
