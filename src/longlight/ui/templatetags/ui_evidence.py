"""`{% load ui_evidence %}`: the only way a clinical number comes to a public page, with its citation beside it.

    {% said text sources %}       a text; its numbers are printed here and nowhere else
    {% counted cell sources %}    a number of 100 people, how far it could be off, who it is from
    {% sourcelist sources %}      the list that the footnotes lead to: who, when, "from the abstract"

A number that was not read in its own source raises an error instead of being shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from longlight.science.evidence import NumberPiece, of_100, pieces
from longlight.science.evidence.aid import Option, OutcomeCell
from longlight.science.evidence.phrases import CitationPiece
from longlight.ui.cited import Sources, period_of, public, range_of, sources_of

register = template.Library()

FINDINGS = frozenset({"of-100", "count"})


@register.simple_tag
def said(text: str, sources: Sources) -> SafeString:
    """A text of the evidence. A footnote follows each number, or the last of several from one source."""
    marked = [part for part in pieces(text) if not isinstance(part, str)]
    places = tuple(sources.place_of(part.record.id) for part in marked)
    return _said(text, places, get_language())


# The same words stand on many pages. What differs are the footnotes' places, and the language.
@lru_cache(maxsize=2048)
def _said(text: str, places: tuple[int, ...], language: str | None) -> SafeString:
    parts = pieces(text)
    marked = [part for part in parts if not isinstance(part, str)]
    last_of_run = {id(part) for part in marked[-1:]} | {
        id(part) for part, after in pairwise(marked) if after.record.id != part.record.id
    }
    place = iter(places)
    return format_html_join(
        "",
        "{}",
        (
            (
                part
                if isinstance(part, str)
                else _printed(part, next(place), id(part) in last_of_run),
            )
            for part in parts
        ),
    )


@register.simple_tag
def said_by_each(cells: Sequence[tuple[Option, str]], sources: Sources) -> SafeString:
    """What each option has to say, one after the other: its title, and the text as `said` prints it."""
    return _said_by_each(tuple((option.title, said(text, sources)) for option, text in cells))


@lru_cache(maxsize=2048)
def _said_by_each(cells: tuple[tuple[str, SafeString], ...]) -> SafeString:
    return format_html_join("", '<li class="option"><h4>{}</h4><p class="say">{}</p></li>', cells)


def _printed(piece: NumberPiece | CitationPiece, place: int, has_mark: bool) -> str:
    mark = _footnote(place, piece.record.citation.label)
    if isinstance(piece, CitationPiece):
        return mark
    element = "strong" if piece.style in FINDINGS else "span"
    return format_html(
        '<{0} class="ev">{1}</{0}>{2}', element, public(piece).printed, mark if has_mark else ""
    )


def _footnote(place: int, label: str) -> SafeString:
    return format_html(
        '<a class="ref ev" href="#s{0}"><span class="vh">{1}: {2} </span>{0}</a>',
        place, _("source"), label,
    )  # fmt: skip


@register.simple_tag
def cited(record_id: str, sources: Sources) -> SafeString:
    """A footnote by itself, for a finding told in words."""
    record = next(s.record for s in sources.listed if s.record.id == record_id)
    return _footnote(sources.place_of(record_id), record.citation.label)


@register.inclusion_tag("ui/parts/counted.html")
def counted(
    cell: OutcomeCell, sources: Sources, nothing: str, *, worse: bool = False
) -> dict[str, object]:
    """One option's answer to an outcome, in the same space whether there is a number or not."""
    told = {"cell": cell, "sources": sources, "nothing": nothing, "worse": worse}
    if cell.found is None:
        return told
    record, number = cell.found
    piece = sources_of([f"{{ev:{cell.number}|of-100}}"]).listed[0].numbers[0]
    return told | {
        "marked": of_100(number),
        "label": _("{people} of 100").format(people=of_100(number)),
        "interval": cell.interval,
        "period": period_of(piece),
        "is_abstract": number.is_from_abstract,
        "record": record,
    }


@register.simple_tag
def sourcelist(sources: Sources) -> SafeString:
    """Where each number comes from."""
    key = tuple(
        (source.record.id, tuple((n.reference, n.style) for n in source.numbers))
        for source in sources.listed
    )
    return _sourcelist(_Keyed(key, sources), get_language())


@dataclass(frozen=True)
class _Keyed:
    """Sources, told apart by what they name: the records themselves are of this release, and do not change."""

    key: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    sources: Sources = field(compare=False)


@lru_cache(maxsize=512)
def _sourcelist(keyed: _Keyed, language: str | None) -> SafeString:
    listed = keyed.sources.listed
    rows = [(source, [_detail(n) for n in source.numbers]) for source in listed]
    return render_to_string("ui/parts/sourcelist.html", {"rows": rows})


def _detail(piece: NumberPiece) -> tuple[str, str]:
    told = [period_of(piece), range_of(piece) if piece.style == "of-100" else ""]
    if piece.number.is_from_abstract:
        told.append(_("from the abstract"))
    unit = piece.number.unit if piece.style in {"value", "range"} else None
    shown = f"{piece.printed} {unit.replace('-', ' ')}" if unit else piece.printed
    return shown, "; ".join(part for part in told if part)
