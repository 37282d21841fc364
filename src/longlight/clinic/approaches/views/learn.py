"""What each approach is like, side by side, and what the article claims. Everything clinical comes from the evidence."""

from dataclasses import dataclass
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from longlight.clinic.people.access import public
from longlight.science.evidence import DecisionAid, decision_aid, response_rate_spread
from longlight.science.evidence.aid import Option, Outcome, OutcomeCell, Row
from longlight.ui.cited import Sources, sources_of
from longlight.ui.figures.spread import spread_chart
from longlight.ui.figures.theme import DESK, PHONE, drawn_svg
from longlight.ui.parts import Column, Table
from longlight.ui.shelf import drawn, same_for_everyone


@dataclass(frozen=True)
class RowAcross:
    """One question, and every option's answer to it."""

    row: Row
    answers: tuple[tuple[Option, str], ...]


@dataclass(frozen=True)
class OutcomeAcross:
    """One benefit or harm of 100, for every option in the same space."""

    outcome: Outcome
    cells: tuple[tuple[Option, OutcomeCell], ...]

    @property
    def is_harm(self) -> bool:
        return self.outcome.kind == "harm"


def rows_across(aid: DecisionAid, options: tuple[Option, ...]) -> list[RowAcross]:
    return [
        RowAcross(row, tuple((option, option.answer(row.id)) for option in options))
        for row in aid.rows
    ]


def outcomes_across(aid: DecisionAid, options: tuple[Option, ...]) -> list[OutcomeAcross]:
    return [
        OutcomeAcross(outcome, tuple((option, outcome.cell(option.id)) for option in options))
        for outcome in aid.outcomes
    ]


def outcome_texts(outcome: Outcome, options: tuple[Option, ...]) -> list[str]:
    """Every text of an outcome, and its numbers, for the list of sources."""
    found = [outcome.question, outcome.about]
    for option in options:
        cell = outcome.cell(option.id)
        found += [text for text in (cell.note, cell.unknown) if text]
        found += [f"{{ev:{cell.number}|of-100}}"] if cell.number else []
    return found


@cache
def comparison_sources() -> Sources:
    """Of the page that sets all options side by side, in the aid's own order."""
    aid = decision_aid()
    texts = [text for outcome in aid.outcomes for text in outcome_texts(outcome, aid.options)]
    texts += [option.answer(row.id) for row in aid.rows for option in aid.options]
    return sources_of(texts)


@public
@require_safe
@same_for_everyone()
def compare(request: HttpRequest) -> HttpResponse:
    """Every option answers the same questions, side by side."""
    aid = decision_aid()
    options = aid.in_order(drawn(request, len(aid.options)))
    return render(
        request,
        "approaches/compare.html",
        {
            "aid": aid,
            "options": options,
            "outcomes": outcomes_across(aid, options),
            "rows": rows_across(aid, options),
            "sources": comparison_sources(),
        },
    )


@public
@require_safe
@same_for_everyone()
def option(request: HttpRequest, option_id: str) -> HttpResponse:
    """One way to go, told in the same rows and about the same number of words as every other."""
    aid = decision_aid()
    if option_id not in {known.id for known in aid.options}:
        raise Http404
    found = aid.option(option_id)
    texts = [found.answer(row.id) for row in aid.rows]
    texts += [text for outcome in aid.outcomes for text in outcome_texts(outcome, (found,))]
    return render(
        request,
        "approaches/option.html",
        {
            "aid": aid,
            "option": found,
            "others": [other for other in aid.options if other.id != option_id],
            "answers": [(row, found.answer(row.id)) for row in aid.rows],
            "outcomes": outcomes_across(aid, (found,)),
            "sources": sources_of(texts),
        },
    )


@public
@require_safe
@same_for_everyone()
def claims(request: HttpRequest) -> HttpResponse:
    """What the article says, what was found, and how far it spreads."""
    aid = decision_aid()
    texts = [text for claim in aid.claims for text in (claim.says, claim.found, claim.spread)]
    also = [cited for claim in aid.claims for cited in claim.cites]
    also += [rate.record.id for rate in response_rate_spread()]
    phone, desk = _spread_drawn()
    return render(
        request,
        "approaches/claims.html",
        {
            "aid": aid,
            "sources": sources_of(texts, also=also),
            "phone": phone,
            "desk": desk,
            "table": _spread_table(),
            "reasons": dict.fromkeys(rate.reason for rate in response_rate_spread()),
        },
    )


@cache
def _spread_drawn() -> tuple[str, str]:
    # The same for everyone, and drawn from files that do not change while the server runs.
    rates = response_rate_spread()
    phone, desk = (
        drawn_svg(spread_chart(rates, size, gettext=str).to_json()) for size in (PHONE, DESK)
    )
    return phone, desk


def _spread_table() -> Table:
    rows = []
    for rate in response_rate_spread():
        told = rate.interval
        off = f"{round(told.low)}-{round(told.high)}" if told else _("not known")
        rows.append(
            (rate.record.citation.label, str(round(rate.number.value or 0)), off, rate.reason)
        )
    columns = (
        Column(_("Study")),
        Column(_("Of 100"), is_number=True),
        Column(_("Likely between"), is_number=True),
        Column(_("Why it lies there")),
    )
    return Table(_("Response rates, lowest first"), columns, rows)


@public
@require_safe
@same_for_everyone()
def conditions(request: HttpRequest) -> HttpResponse:
    """The conditions that the article names, each with what is known."""
    aid = decision_aid()
    texts = [condition.text for condition in aid.conditions]
    also = [cited for condition in aid.conditions for cited in condition.cites]
    return render(
        request, "approaches/conditions.html", {"aid": aid, "sources": sources_of(texts, also=also)}
    )
