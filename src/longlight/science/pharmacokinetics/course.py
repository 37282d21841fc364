"""A course of doses turned into events on the compartments: jumps, and inputs that start and end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from longlight.science.pharmacokinetics.absorption import Absorption
from longlight.science.pharmacokinetics.dosing import Dose
from longlight.science.pharmacokinetics.expression import PerPerson, Values, formula
from longlight.science.pharmacokinetics.published import (
    ROUTES,
    PublishedModel,
    Route,
    RouteInput,
)
from longlight.science.pharmacokinetics.refusals import CannotCompute
from longlight.science.pharmacokinetics.system import MINUTES, Array, Structure, depot_name

# Routes for which an absorption file may stand in.
ASSUMABLE = ("im", "sc", "sl", "po")


@dataclass(frozen=True)
class Entry:
    """Part of one dose entering one compartment: all at once, or evenly over `over_min`."""

    into: str
    start_min: float
    amount_mg: PerPerson
    over_min: PerPerson | None


@dataclass(frozen=True)
class Events:
    """Each person's events in order of time: when, the jump in mg, the change of input in mg/min."""

    times_min: Array
    jump_mg: Array
    rate_mg_per_min: Array
    # All that ever enters each compartment.
    total_mg: Array
    # Whether any input runs after the event: where none does, rounding must not leave one.
    running: np.ndarray


def check_routes(
    model: PublishedModel, doses: Sequence[Dose], absorptions: Sequence[Absorption]
) -> None:
    """Refuse what the model cannot do, naming what it can."""
    if not model.complete:
        raise CannotCompute(
            f"{model.id} cannot run, since its parameters could not be had: missing "
            f"{'; '.join(model.missing)}."
        )
    if not doses:
        raise CannotCompute("No dose was given: give at least one.")
    for absorption in absorptions:
        if absorption.route in model.routes:
            raise CannotCompute(
                f"{model.id} has its own absorption for {absorption.route}: leave {absorption.id} out."
            )
        if all(dose.route != absorption.route for dose in doses):
            raise CannotCompute(
                f"The absorption {absorption.id} is for the route {absorption.route}, "
                "which no dose uses."
            )
    covered = {absorption.route for absorption in absorptions}
    for dose in doses:
        if dose.route not in model.routes and dose.route not in covered:
            raise CannotCompute(_why_no_route(model, dose.route))


def _why_no_route(model: PublishedModel, route: str) -> str:
    text = f"{model.id} has no route {route} ({ROUTES[route]}): it has {', '.join(model.routes)}"
    if route in ASSUMABLE:
        return text + f"; name an absorption file for {route} to assume one."
    return text + "."


def entries(
    model: PublishedModel,
    doses: Sequence[Dose],
    absorptions: Sequence[Absorption],
    values: Values,
) -> list[Entry]:
    """Where every dose goes, for everyone."""
    assumed = {absorption.route: absorption for absorption in absorptions}
    found: list[Entry] = []
    for place, dose in enumerate(doses):
        absorption = assumed.get(dose.route)
        if absorption is not None:
            amount_mg = dose.mg * absorption.bioavailability_share
            found.append(Entry(depot_name(absorption), dose.start_min, amount_mg, None))
            continue
        route = model.routes[dose.route]
        of_dose = _values_of_dose(route, dose, _earlier_mg(route, doses, place), values)
        found.extend(_entry(model, each, dose, of_dose) for each in route.inputs)
    return found


def _earlier_mg(route: Route, doses: Sequence[Dose], place: int) -> float:
    """What went in by this route before, in the same session: the second device is not the first."""
    dose = doses[place]
    return sum(
        other.mg
        for i, other in enumerate(doses)
        if other.route == dose.route
        and (other.start_min, i) < (dose.start_min, place)
        and dose.start_min - other.start_min < route.session_min
    )


def _values_of_dose(
    route: Route, dose: Dose, earlier_mg: float, values: Values
) -> Mapping[str, PerPerson]:
    if not route.of_dose:
        return values
    full: dict[str, PerPerson] = {**values, "mg": dose.mg, "earlier_mg": earlier_mg}
    for name, text in route.of_dose.items():
        full[name] = formula(text)(full)
    return full


def _entry(model: PublishedModel, each: RouteInput, dose: Dose, values: Values) -> Entry:
    over_min: PerPerson | None = None
    if each.over is not None:
        over_min = formula(each.over)(values) * MINUTES[model.time_unit]
    elif dose.duration_min > 0:
        over_min = dose.duration_min
    return Entry(each.into, dose.start_min, formula(each.fraction)(values) * dose.mg, over_min)


@dataclass(frozen=True)
class _Change:
    """One thing that happens to a compartment: a jump in mg, or a change of its input in mg/min."""

    time_min: PerPerson
    place: int
    jump_mg: PerPerson = 0.0
    rate_mg_per_min: PerPerson = 0.0
    running: int = 0


def _changes(shape: Structure, kept: Sequence[Entry]) -> list[_Change]:
    found = []
    for entry in kept:
        place = shape.index[entry.into]
        if entry.over_min is None:
            found.append(_Change(entry.start_min, place, jump_mg=entry.amount_mg))
            continue
        rate = entry.amount_mg / entry.over_min
        found.append(_Change(entry.start_min, place, rate_mg_per_min=rate, running=1))
        end_min = entry.start_min + entry.over_min
        found.append(_Change(end_min, place, rate_mg_per_min=-rate, running=-1))
    return found


def _first(number: PerPerson) -> float:
    return float(number[0]) if isinstance(number, np.ndarray) and number.ndim else float(number)


def events(shape: Structure, found: Sequence[Entry], people: int) -> Events:
    """The entries as events in time, each person's own order, from a first event at zero."""
    kept = [entry for entry in found if entry.into in shape.index]
    changes = _changes(shape, kept)
    if people == 1:
        changes.sort(key=lambda change: _first(change.time_min))
    count, n = 1 + len(changes), len(shape.compartments)
    times, running = np.zeros((people, count)), np.zeros(count, dtype=np.int64)
    jump, rate = np.zeros((people, count, n)), np.zeros((people, count, n))
    for at, change in enumerate(changes, start=1):
        times[:, at] = change.time_min
        jump[:, at, change.place] = change.jump_mg
        rate[:, at, change.place] = change.rate_mg_per_min
        running[at] = change.running
    total = np.zeros((people, n))
    for entry in kept:
        total[:, shape.index[entry.into]] += entry.amount_mg
    if people == 1:
        return Events(times, jump, rate, total, np.cumsum(running)[None] > 0)
    order = np.argsort(times, axis=1, kind="stable")
    each = order[:, :, None]
    return Events(
        times_min=np.take_along_axis(times, order, axis=1),
        jump_mg=np.take_along_axis(jump, each, axis=1),
        rate_mg_per_min=np.take_along_axis(rate, each, axis=1),
        total_mg=total,
        running=np.cumsum(running[order], axis=1) > 0,
    )
