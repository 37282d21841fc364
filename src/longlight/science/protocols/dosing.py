"""How much to give, and what to say before giving it. Arithmetic on a protocol's dose rule; no clinical constants."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from longlight.science.marks import Mark
from longlight.science.protocols.model import DoseRule, Route, Sourced
from longlight.science.sentences import Sentence
from longlight.science.sentences import Sentence as _


class ConcernLevel(StrEnum):
    WARN = "warn"
    OVERRIDE = "override"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class DoseConcern:
    """One thing to say about a dose, with what it rests on."""

    level: ConcernLevel
    reason: Sentence
    source: str
    mark: Mark


def is_by_weight(rule: DoseRule) -> bool:
    return rule.start.unit == "mg/kg"


def starting_dose_mg(rule: DoseRule, weight_kg: Decimal | None = None) -> Decimal:
    """The first dose in mg, to a tenth. A rule by weight needs the weight of today."""
    if not is_by_weight(rule):
        return rule.start.value
    if not _is_amount(weight_kg):
        raise ValueError("This dose goes by weight: give the weight of today in kg.")
    assert weight_kg is not None
    return (rule.start.value * weight_kg).quantize(Decimal("0.1"), ROUND_HALF_UP)


def dose_concerns(
    rule: DoseRule, *, route: Route, dose_mg: Decimal, weight_kg: Decimal | None = None
) -> tuple[DoseConcern, ...]:
    """Every reason to warn, to ask for an override, or to refuse this dose."""
    if not _is_amount(dose_mg):
        nothing = _("'{dose}' mg is not a dose.", dose=dose_mg)
        return (DoseConcern(ConcernLevel.REFUSE, nothing, rule.start.source, Mark.CHOICE),)
    concerns = []
    if route is not rule.route:
        concerns.append(_other_route(rule, route))
    if rule.allowed and dose_mg not in [amount.value for amount in rule.allowed]:
        concerns.append(_not_allowed(rule))
    if is_by_weight(rule) and not _is_amount(weight_kg):
        unknown = _("The weight of today is not known, so the dose cannot be checked.")
        return (
            *concerns,
            DoseConcern(ConcernLevel.REFUSE, unknown, rule.start.source, Mark.CHOICE),
        )
    amount = dose_mg / weight_kg if is_by_weight(rule) and weight_kg else dose_mg
    return (*concerns, *_threshold_concerns(rule, amount))


def _is_amount(amount: Decimal | None) -> bool:
    return amount is not None and amount.is_finite() and amount > 0


def _threshold_concerns(rule: DoseRule, amount: Decimal) -> list[DoseConcern]:
    limits = (
        (rule.warn_above, ConcernLevel.WARN, False),
        (rule.override_above, ConcernLevel.OVERRIDE, False),
        (rule.override_from, ConcernLevel.OVERRIDE, True),
        (rule.refuse_above, ConcernLevel.REFUSE, False),
    )
    return [
        _over(limit, level, amount, reaches)
        for limit, level, reaches in limits
        if limit is not None and (amount > limit.value or (reaches and amount == limit.value))
    ]


def _over(limit: Sourced, level: ConcernLevel, amount: Decimal, reaches: bool) -> DoseConcern:
    shown = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    told = {"amount": shown, "unit": limit.unit, "limit": limit.value}
    reason = _("{amount} {unit} is above {limit} {unit}.", **told)
    if reaches:
        reason = _("{amount} {unit} reaches {limit} {unit}.", **told)
    return DoseConcern(level, reason, limit.source, limit.mark)


def _other_route(rule: DoseRule, route: Route) -> DoseConcern:
    reason = _(
        "This dose is for {rule}, not {route}: doses are never converted between routes.",
        rule=rule.route, route=route,
    )  # fmt: skip
    return DoseConcern(ConcernLevel.REFUSE, reason, "safety caps of this project", Mark.CHOICE)


def _not_allowed(rule: DoseRule) -> DoseConcern:
    amounts = ", ".join(f"{a.value} {a.unit}" for a in rule.allowed)
    reason = _("This drug is given as one of: {amounts}.", amounts=amounts)
    return DoseConcern(ConcernLevel.REFUSE, reason, rule.allowed[0].source, rule.allowed[0].mark)
