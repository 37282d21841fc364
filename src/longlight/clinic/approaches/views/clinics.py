"""The directory of clinics: search, one clinic, up to three side by side, and what to ask them."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from longlight.clinic.approaches.forms import fresh_place, place_in, with_clinics
from longlight.clinic.approaches.queries.listings import (
    FoundListing,
    Search,
    front_page,
    listing_by_slug,
    listings_by_slug,
    search,
)
from longlight.clinic.approaches.rules.choosing import Answers
from longlight.clinic.approaches.rules.gazetteer import Place, is_zip, meant
from longlight.clinic.approaches.rules.listing import APPROACHES, MOST_COMPARED
from longlight.clinic.people.access import public
from longlight.science.evidence import decision_aid
from longlight.science.evidence.aid import ClinicQuestion
from longlight.ui.parts import Fact
from longlight.ui.shelf import same_for_everyone

WITHIN_MILES = (25, 50, 100, 250)
MOST_CHARACTERS = 80
_FACTS = (
    ("who_is_there", gettext_lazy("Who is in the room")),
    ("training", gettext_lazy("How they were trained")),
    ("monitoring", gettext_lazy("What is watched")),
    ("setting", gettext_lazy("The place")),
    ("preparation", gettext_lazy("Before the first dose")),
    ("integration", gettext_lazy("After a dose")),
    ("insurance", gettext_lazy("Insurance")),
)

_BRIEF = (
    gettext_lazy("Who is in the room"),
    gettext_lazy("What is watched"),
    gettext_lazy("Price of a visit, as published"),
    gettext_lazy("Step-free"),
)


@dataclass(frozen=True)
class Shown:
    """A clinic as a page shows it: what is not stated says so."""

    found: FoundListing
    approaches: tuple[str, ...]
    facts: tuple[Fact, ...]

    @property
    def brief(self) -> tuple[Fact, ...]:
        """The facts that a line of the list has room for."""
        return tuple(fact for fact in self.facts if fact.term in {str(term) for term in _BRIEF})


# Exempt on purpose: with the aid in hand these pages are asked for by POST, and only pass on what came. They write nothing.
@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
@same_for_everyone(front_page)
def clinics(request: HttpRequest) -> HttpResponse:
    """Listed by distance. Nobody can pay to be higher."""
    said = request.POST if request.method == "POST" else request.GET
    carried = place_in(request.POST)
    place_text = (said.get("meant") or said.get("place", "")).strip()[:MOST_CHARACTERS]
    places = meant(place_text) if place_text else ()
    looked_for = Search(
        place=places[0] if places else None,
        within_miles=_within(said.get("within", "")),
        approaches=tuple(a for a in APPROACHES if a in said.getlist("approach")),
        language=said.get("language", "").replace("\x00", "").strip().strip(";")[:40],
        step_free="step_free" in said,
        video_visits="video" in said,
    )
    is_unknown = bool(place_text) and not places
    found = [] if is_unknown else search(looked_for)
    return render(
        request,
        "approaches/clinics.html",
        {
            "looked_for": looked_for,
            "place_text": place_text,
            "is_unknown": is_unknown,
            "is_zip": is_zip(place_text),
            "others": _others(places, request),
            "carried": carried.sealed if carried else "",
            "shown": [shown(one) for one in found],
            "within_choices": WITHIN_MILES,
            "approach_choices": [(a, _title(a), a in looked_for.approaches) for a in APPROACHES],
            "has_wishes": looked_for
            != Search(place=looked_for.place, within_miles=looked_for.within_miles),
        },
        status=422 if is_unknown else 200,
    )


@public
@require_safe
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """One clinic: what it states, what it does not, and what to ask it."""
    found = listing_by_slug(slug)
    if found is None:
        raise Http404
    values = {"one": shown(found), "questions": decision_aid().questions.ask_a_clinic}
    return render(request, "approaches/clinic.html", values)


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def compare_clinics(request: HttpRequest) -> HttpResponse:
    """Up to three clinics in the same rows, and what they answered beside each question, in this page's own form."""
    said = request.POST if request.method == "POST" else request.GET
    place = place_in(request.POST) or fresh_place()
    found = listings_by_slug(_slugs(said) or list(place.answers.clinics))
    place = with_clinics(place, [one.listing.slug for one in found])
    chosen = [shown(one) for one in found]
    terms = [fact.term for fact in chosen[0].facts] if chosen else []
    rows = [(term, [(one, one.facts[at]) for one in chosen]) for at, term in enumerate(terms)]
    values = {
        "chosen": chosen,
        "rows": rows,
        "cells": _cells(chosen, place.answers),
        "written": {question for told in place.answers.clinics.values() for question in told},
        "carried": place.sealed,
        "is_over": len(_slugs(said)) > MOST_COMPARED,
    }
    return render(request, "approaches/compare-clinics.html", values)


def _cells(
    chosen: list[Shown], answers: Answers
) -> list[tuple[ClinicQuestion, list[tuple[Shown, str, str]]]]:
    """Each question, and for each clinic the name of its box and what was written into it so far."""
    told = []
    for question in decision_aid().questions.ask_a_clinic:
        boxes = []
        for one in chosen:
            slug = one.found.listing.slug
            text = answers.clinics.get(slug, {}).get(question.id, "")
            boxes.append((one, f"ask.{slug}.{question.id}", text))
        told.append((question, boxes))
    return told


def _slugs(said: QueryDict) -> list[str]:
    # PostgreSQL refuses a text with a null in it; no slug has one.
    return [slug for slug in dict.fromkeys(said.getlist("clinic")) if "\x00" not in slug]


def shown(found: FoundListing) -> Shown:
    row = found.listing
    not_stated = _("Not stated")
    yes_no = {True: _("Yes"), False: _("No"), None: not_stated}
    facts = [Fact(str(term), getattr(row, name) or not_stated) for name, term in _FACTS]
    facts += [
        Fact(_("Languages"), ", ".join(row.language_names) or not_stated),
        Fact(_("Step-free"), yes_no[row.step_free]),
        Fact(_("Some visits by video"), yes_no[row.video_visits]),
        Fact(_("Price of a visit, as published"), _price(found) or not_stated),
        Fact(_("Phone"), row.phone or not_stated),
    ]
    titles = tuple(_title(approach) for approach in found.approaches)
    return Shown(found, titles, tuple(facts))


def _price(found: FoundListing) -> str:
    low, high = found.listing.price_low_usd, found.listing.price_high_usd
    stated = [f"${price:,}" for price in (low, high) if price is not None]
    return _(" to ").join(dict.fromkeys(stated))


def _title(approach_id: str) -> str:
    return decision_aid().option(approach_id).title


def _within(text: str) -> int:
    wide = {str(miles): miles for miles in WITHIN_MILES}
    return wide.get(text, Search.within_miles)


def _others(places: tuple[Place, ...], request: HttpRequest) -> list[tuple[Place, str]]:
    """Other places of the same name, each with the same search there."""
    told = []
    for place in places[1:8]:
        there = request.GET.copy()
        there["place"] = str(place)
        told.append((place, there.urlencode()))
    return told
