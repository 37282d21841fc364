"""Sources of a page: every publication that its texts rest on, numbered as they first appear, each number spelled out.

    sources = sources_of([option.answer(row.id) for row in aid.rows])

`{% said text sources %}` then prints a text with its numbers and footnotes, and `{% sourcelist sources %}` the list.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from longlight.science.evidence import (
    BrokenReference,
    EvidenceRecord,
    NumberPiece,
    pieces,
    shown_on_public_pages,
)

# How the records abbreviate who was studied; a reader is told in full.
_SHORT = {
    r"\bTRD\b": "depression that treatment had not eased",
    r"\bMDD\b": "depression",
    r"\bBD\b": "bipolar depression",
    r"\bunipolar\b": "not bipolar:",
}


@dataclass(frozen=True)
class Source:
    """One publication behind a page, and the numbers that the page takes from it."""

    place: int
    record: EvidenceRecord
    numbers: tuple[NumberPiece, ...]

    @property
    def anchor(self) -> str:
        return f"s{self.place}"

    @property
    def is_abstract_only(self) -> bool:
        return all("abstract" in source.read for source in self.record.sources)

    @property
    def studied_in(self) -> str:
        who = self.record.population.who
        for short, full in _SHORT.items():
            who = re.sub(short, full, who)
        return who


@dataclass(frozen=True)
class Sources:
    """The publications behind one page, in the order of its texts."""

    listed: tuple[Source, ...]

    def place_of(self, record_id: str) -> int:
        for source in self.listed:
            if source.record.id == record_id:
                return source.place
        raise BrokenReference(f"'{record_id}' is printed on a page that does not list it.")


def sources_of(texts: Iterable[str], *, also: Iterable[str] = ()) -> Sources:
    """Numbers the publications behind these texts; `also` names records cited beside them."""
    records: dict[str, EvidenceRecord] = {}
    numbers: dict[str, dict[str, NumberPiece]] = {}
    for text in [*texts, *(f"{{cite:{record_id}}}" for record_id in also)]:
        for piece in pieces(text):
            if isinstance(piece, str):
                continue
            records.setdefault(piece.record.id, piece.record)
            if isinstance(piece, NumberPiece):
                of_record = numbers.setdefault(piece.record.id, {})
                of_record.setdefault(public(piece).reference, piece)
    return Sources(
        tuple(
            Source(place, record, tuple(numbers.get(record.id, {}).values()))
            for place, record in enumerate(records.values(), start=1)
        )
    )


def public(piece: NumberPiece) -> NumberPiece:
    """The piece, if its number may stand on a public page. Only what was read in its own source may."""
    if not shown_on_public_pages(piece.number):
        raise BrokenReference(f"'{piece.reference}' was not read in its source: it is not public.")
    return piece


def period_of(piece: NumberPiece) -> str:
    """When the number was counted, from its own beginning; empty where it is no count in time."""
    number = piece.number
    if number.time_days is None or not number.clock:
        return ""
    days = int(number.time_days)
    if days == 0:
        return _("on the day of the dose")
    since = re.sub(r"^days (since|after) ", "", number.clock)
    return ngettext(
        "%(days)s day after the %(since)s", "%(days)s days after the %(since)s", days
    ) % {"days": days, "since": since}


def range_of(piece: NumberPiece) -> str:
    """How far a share of people could be off, in words; empty where the number is no share."""
    found = piece.interval
    if found is None:
        return ""
    said = _("likely between %(low)s and %(high)s of 100") % {
        "low": round(found.low),
        "high": round(found.high),
    }
    return f"{said}, {_('our calculation')}" if found.is_our_calculation else said
