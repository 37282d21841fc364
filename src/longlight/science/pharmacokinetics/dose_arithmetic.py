"""From mg/kg to mg, to millilitres of a named vial, to a pump rate; with caps and warnings as data.

Arithmetic with its limits, not advice: a person orders, a second person checks. Nothing here turns
a dose of one route into a dose of another.
"""

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import Any

from longlight.science.marks import Mark
from longlight.science.pharmacokinetics.published import ROUTES
from longlight.science.pharmacokinetics.refusals import CannotCompute

_HOME = files("longlight.science.pharmacokinetics")
INJECTED = ("iv", "iv-bolus", "im", "sc")


@dataclass(frozen=True)
class DoseRule:
    """A limit on mg/kg by some routes; with `per_min`, on how fast it goes in."""

    routes: tuple[str, ...]
    action: str
    sentence: str
    mark: Mark
    above_mg_per_kg: float | None = None
    at_least_mg_per_kg: float | None = None
    per_min: float | None = None

    def applies(self, route: str, mg_per_kg: float, duration_min: float | None) -> bool:
        """Whether a dose meets this rule. A bolus takes no time, so any rate limit is passed."""
        if route not in self.routes:
            return False
        if self.per_min is not None:
            limit = (self.above_mg_per_kg or 0.0) / self.per_min
            return not duration_min or mg_per_kg / duration_min > limit * (1 + 1e-12)
        if self.at_least_mg_per_kg is not None:
            return mg_per_kg >= self.at_least_mg_per_kg
        return mg_per_kg > (self.above_mg_per_kg or 0.0)


@dataclass(frozen=True)
class Vial:
    id: str
    title: str
    mg_per_ml: float
    volume_ml: float
    drug: str
    dilute_for: tuple[str, ...]


@dataclass(frozen=True)
class PreparedDose:
    """What to give, what to draw up, how fast to run it, and what a human must decide first."""

    route: str
    mg_per_kg: float
    weight_kg: float
    dose_mg: float
    vial: Vial | None
    draw_up_ml: float | None
    vials_needed: int | None
    infused_ml: float | None
    pump_rate_ml_per_h: float | None
    warnings: tuple[str, ...]
    overrides: tuple[str, ...]
    rule_mark: Mark

    def as_json(self) -> dict[str, Any]:
        return {
            "route": self.route,
            "mg_per_kg": self.mg_per_kg,
            "weight_kg": self.weight_kg,
            "dose_mg": self.dose_mg,
            "vial": None if self.vial is None else self.vial.id,
            "mg_per_ml": None if self.vial is None else self.vial.mg_per_ml,
            "draw_up_ml": self.draw_up_ml,
            "vials_needed": self.vials_needed,
            "infused_ml": self.infused_ml,
            "pump_rate_ml_per_h": self.pump_rate_ml_per_h,
            "warnings": list(self.warnings),
            "needs_override": bool(self.overrides),
            "overrides": list(self.overrides),
            "rules_mark": self.rule_mark.value,
        }


@cache
def dose_rules() -> tuple[DoseRule, ...]:
    """The caps and warnings, as their file says them."""
    raw = loads((_HOME / "dose_rules.toml").read_text(encoding="utf-8"))
    mark = Mark(raw["mark"])
    return tuple(
        DoseRule(mark=mark, **{**rule, "routes": tuple(rule["routes"])}) for rule in raw["rules"]
    )


@cache
def vials() -> dict[str, Vial]:
    """Vials by id."""
    raw = loads((_HOME / "vials.toml").read_text(encoding="utf-8"))["vials"]
    return {
        name: Vial(
            name,
            v["title"],
            float(v["mg_per_ml"]),
            float(v["volume_ml"]),
            v["drug"],
            tuple(v.get("dilute_for", ())),
        )
        for name, v in raw.items()
    }


def prepare_dose(
    *,
    route: str,
    mg_per_kg: float,
    weight_kg: float,
    duration_min: float | None = None,
    vial: str | None = None,
    bag_ml: float | None = None,
) -> PreparedDose:
    """The arithmetic of one dose, or a refusal where a cap forbids it."""
    _check(route, mg_per_kg, weight_kg, duration_min, bag_ml)
    met = [r for r in dose_rules() if r.applies(route, mg_per_kg, duration_min)]
    refused = [rule.sentence for rule in met if rule.action == "refuse"]
    if refused:
        raise CannotCompute(f"{mg_per_kg:g} mg/kg {route} is refused. {refused[0]}")
    bottle = None if vial is None else _vial(vial)
    dose_mg = mg_per_kg * weight_kg
    draw_up_ml = None if bottle is None else dose_mg / bottle.mg_per_ml
    infused_ml = bag_ml if bag_ml is not None else (draw_up_ml if route == "iv" else None)
    warnings = [rule.sentence for rule in met if rule.action == "warn"]
    if bottle is not None and route in bottle.dilute_for and bag_ml is None:
        warnings.append(f"{bottle.title}.")
    if bag_ml is not None and draw_up_ml is not None and draw_up_ml > bag_ml:
        raise CannotCompute(
            f"{draw_up_ml:g} mL of drug do not fit into {bag_ml:g} mL: give the whole volume."
        )
    return PreparedDose(
        route=route,
        mg_per_kg=mg_per_kg,
        weight_kg=weight_kg,
        dose_mg=dose_mg,
        vial=bottle,
        draw_up_ml=draw_up_ml,
        vials_needed=_vials_needed(draw_up_ml, bottle),
        infused_ml=infused_ml,
        pump_rate_ml_per_h=_pump_rate(route, infused_ml, duration_min),
        warnings=tuple(warnings),
        overrides=tuple(rule.sentence for rule in met if rule.action == "override"),
        rule_mark=dose_rules()[0].mark,
    )


def _check(
    route: str,
    mg_per_kg: float,
    weight_kg: float,
    duration_min: float | None,
    bag_ml: float | None,
) -> None:
    if route not in ROUTES:
        raise CannotCompute(f"There is no route '{route}': choose one of {', '.join(ROUTES)}.")
    if not (math.isfinite(mg_per_kg) and mg_per_kg > 0):
        raise CannotCompute(f"A dose of {mg_per_kg:g} mg/kg cannot be: give more than 0.")
    if not 0 < weight_kg < 700:
        raise CannotCompute(
            f"A weight of {weight_kg:g} kg cannot be: give one above 0 and below 700."
        )
    if route == "iv" and (duration_min is None or not 0 < duration_min < math.inf):
        raise CannotCompute("An infusion needs a duration in minutes, above 0.")
    if route != "iv" and (duration_min is not None or bag_ml is not None):
        raise CannotCompute(
            f"A duration and a bag belong to an infusion (iv), not to the route {route}."
        )
    if bag_ml is not None and not 0 < bag_ml < math.inf:
        raise CannotCompute(f"A bag of {bag_ml:g} mL cannot be: give more than 0.")


def _vial(name: str) -> Vial:
    if name not in vials():
        raise CannotCompute(f"There is no vial '{name}': choose one of {', '.join(vials())}.")
    return vials()[name]


def _vials_needed(draw_up_ml: float | None, vial: Vial | None) -> int | None:
    if draw_up_ml is None or vial is None:
        return None
    return math.ceil(draw_up_ml / vial.volume_ml - 1e-12)


def _pump_rate(route: str, infused_ml: float | None, duration_min: float | None) -> float | None:
    if route != "iv" or infused_ml is None or duration_min is None:
        return None
    return infused_ml / duration_min * 60.0
