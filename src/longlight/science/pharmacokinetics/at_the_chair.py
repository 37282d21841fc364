"""The concentration that a dosing-day monitor draws under the signs: a line, a band, and what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

import numpy as np

from longlight.science.marks import Mark
from longlight.science.pharmacokinetics.bands import band
from longlight.science.pharmacokinetics.curves import curve
from longlight.science.pharmacokinetics.dosing import Dose
from longlight.science.pharmacokinetics.library import absorption, published_model
from longlight.science.pharmacokinetics.person import describe_person
from longlight.science.pharmacokinetics.published import SamplingSite
from longlight.science.pharmacokinetics.refusals import CannotCompute
from longlight.science.pharmacokinetics.scenario import Scenario
from longlight.science.pharmacokinetics.system import Array
from longlight.science.sentences import Sentence
from longlight.science.sentences import Sentence as _
from longlight.science.tables import build, read_toml

SIMULATED = 400  # people behind a band: enough for its edges on a screen, and drawn in an instant


SITES = {
    SamplingSite.ARTERIAL: _("arterial"),
    SamplingSite.VENOUS: _("venous"),
    SamplingSite.MIXED: _("mixed"),
}


@dataclass(frozen=True, slots=True)
class Member:
    model: str
    absorption: str | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Which models are drawn for a drug by a route; the first is the line."""

    drug: str
    route: str
    pk_route: str
    members: tuple[Member, ...]
    why: str
    mark: Mark
    people_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Drawings:
    drawings: tuple[Drawing, ...]


@dataclass(frozen=True)
class Predicted:
    """A model's answer, not a measurement. `said` is what has to stand beside it."""

    model_id: str
    t_min: Array
    line_ng_per_ml: Array
    low_ng_per_ml: Array
    high_ng_per_ml: Array
    said: Sentence
    band_said: Sentence
    why: str


@cache
def drawings() -> tuple[Drawing, ...]:
    home = files("longlight.science.pharmacokinetics")
    return build(_Drawings, read_toml(home / "at_the_chair.toml")).drawings


def drawing_for(drug: str, route: str) -> Drawing:
    """What is drawn for a drug by a route, or `CannotCompute` where no published model serves."""
    for each in drawings():
        if (each.drug, each.route) == (drug, route):
            return each
    raise CannotCompute(
        _("There is no published model here of {drug}, {route}.", drug=drug, route=route)
    )


def predicted(
    drawing: Drawing, doses: Sequence[Dose], at_min: Sequence[float], *, weight_kg: float | None
) -> Predicted:
    """Line and band at the given minutes. Raises `CannotCompute` where a model cannot answer."""
    scenarios = [_scenario(member, doses, weight_kg) for member in drawing.members]
    curves = [curve(scenario, at_min) for scenario in scenarios]
    first = curves[0]
    if drawing.people_share is not None:
        share = float(drawing.people_share)
        people = band(scenarios[0], at_min, level=share, people=SIMULATED)
        low, high, band_said = people.low_ng_per_ml, people.high_ng_per_ml, people.meaning
    else:
        every = np.stack([each.plasma_ng_per_ml for each in curves])
        low, high = every.min(axis=0), every.max(axis=0)
        names = ", ".join(f"{s.model.id} ({_site(s)})" for s in scenarios)
        band_said = _(
            "Band: lowest to highest of {models}. People differ more than that.", models=names
        )
    model = first.scenario.model
    said = _(
        "{model}: {site} plasma; made from {people}.",
        model=model.title, site=_site(scenarios[0]), people=model.population,
    )  # fmt: skip
    assumed = first.scenario.assumption
    return Predicted(
        model.id,
        first.t_min,
        first.plasma_ng_per_ml,
        low,
        high,
        _("{said} {assumed}", said=said, assumed=assumed) if assumed else said,
        band_said,
        drawing.why,
    )


def _site(scenario: Scenario) -> Sentence:
    model = scenario.model
    checked = model.sampling_mark.may_be_shown_as_fact
    site = SITES[model.sampling_site]
    return site if checked else _("{site}, not checked", site=site)


def _scenario(member: Member, doses: Sequence[Dose], weight_kg: float | None) -> Scenario:
    model = published_model(member.model)
    taken = (absorption(member.absorption),) if member.absorption else ()
    return Scenario(model, describe_person(model, weight_kg, {}), tuple(doses), taken)
