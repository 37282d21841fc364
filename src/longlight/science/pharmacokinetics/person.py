"""From a published model to the numbers of one person, or of many."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from longlight.science.pharmacokinetics.expression import PerPerson, Values, formula
from longlight.science.pharmacokinetics.published import Covariate, PublishedModel, Variability
from longlight.science.pharmacokinetics.refusals import CannotCompute


@dataclass(frozen=True)
class Person:
    """Who the curve is for, as the model sees them, and what had to be assumed about them."""

    covariates: Mapping[str, float]
    assumed: tuple[str, ...]


def describe_person(
    model: PublishedModel, weight_kg: float | None, given: Mapping[str, float]
) -> Person:
    """Check what is known of a person against what the model asks; fill in its reference values."""
    weight_kg, given = _weight_apart(model, weight_kg, given)
    _must_be_a_weight(weight_kg)
    for name, number in given.items():
        _must_be_known(model, name, number)
    traits = dict(given)
    for name in given:
        _imply(model.covariates[name], traits)
    if weight_kg is not None and "weight" in model.covariates:
        traits["weight"] = weight_kg
    assumed = tuple(
        f"{covariate.name} not given: {covariate.reference:g} {covariate.unit} assumed"
        for covariate in model.covariates.values()
        if covariate.name not in traits and not covariate.choices
    )
    if weight_kg is not None and "weight" not in model.covariates:
        assumed += (f"weight does not enter {model.id}",)
    full = {c.name: float(traits.get(c.name, c.reference)) for c in model.covariates.values()}
    return Person(full, assumed)


def _weight_apart(
    model: PublishedModel, weight_kg: float | None, given: Mapping[str, float]
) -> tuple[float | None, Mapping[str, float]]:
    """The weight, which may stand among the covariates that the model lists."""
    if "weight" not in given or "weight" not in model.covariates:
        return weight_kg, given
    if weight_kg is not None:
        raise CannotCompute("The weight was given twice: give it once.")
    others = dict(given)
    return others.pop("weight"), others


def _must_be_a_weight(weight_kg: float | None) -> None:
    if weight_kg is not None and not 0.1 <= weight_kg < 700:
        raise CannotCompute(
            f"A weight of {weight_kg:g} kg cannot be: give one from 0.1 up and below 700."
        )


def _must_be_known(model: PublishedModel, name: str, number: float) -> None:
    covariate = model.covariates.get(name)
    if covariate is None:
        has = ", ".join(c for c in model.covariates if c != "weight") or "none besides weight"
        raise CannotCompute(f"{model.id} has no covariate '{name}': it has {has}.")
    if covariate.choices and number not in covariate.choices:
        allowed = " or ".join(f"{c:g}" for c in covariate.choices)
        raise CannotCompute(f"{name} = {number:g} cannot be: give {allowed}.")
    lowest = 0.0 if covariate.lowest is None else covariate.lowest
    highest = np.inf if covariate.highest is None else covariate.highest
    if not (np.isfinite(number) and lowest <= number <= highest):
        raise CannotCompute(
            f"{name} = {number:g} cannot be: {model.id} takes {lowest:g} to {highest:g} "
            f"{covariate.unit}."
        )


def _imply(covariate: Covariate, traits: dict[str, float]) -> None:
    """Someone who is Japanese is Asian too: the two factors of the paper go together."""
    if traits[covariate.name] != 1:
        return
    for implied in covariate.implies:
        if traits.setdefault(implied, 1.0) != 1:
            raise CannotCompute(
                f"{covariate.name}=1 goes with {implied}=1 in this model: leave {implied} out or give 1."
            )


def person_values(
    model: PublishedModel, person: Person, deviations: Mapping[str, PerPerson] | None = None
) -> dict[str, PerPerson]:
    """Every name of the model with its number for this person.

    `deviations` are the random effects (eta) by parameter, one number for each person. An effect
    acts on the last definition of its name, so a covariate changes the typical person first.
    """
    etas = deviations or {}
    values: dict[str, PerPerson] = {n: float(p.value) for n, p in model.parameters.items()}
    values.update(person.covariates)
    for name in model.variability:
        if name not in model.individual:
            values[name] = _vary(model, name, values, etas)
    for name, text in model.individual.items():
        values[name] = formula(text)(values)
        if name in model.variability:
            values[name] = _vary(model, name, values, etas)
    return values


def _vary(
    model: PublishedModel, name: str, values: Values, etas: Mapping[str, PerPerson]
) -> PerPerson:
    eta = etas.get(name)
    return values[name] if eta is None else _apply(model.variability[name], values[name], eta)


def _apply(variability: Variability, typical: PerPerson, eta: PerPerson) -> PerPerson:
    if variability.kind == "logit":
        odds = typical / (1 - typical) * np.exp(eta)
        share: PerPerson = odds / (1 + odds)
        return share
    varied: PerPerson = typical * np.exp(eta)
    return varied
