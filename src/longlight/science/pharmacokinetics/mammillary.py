"""Compiled answers for one to three compartments with doses into the central one.

Everything that is the same for all patients (the order of events, the few distinct step lengths) is
worked out once here; the kernels then only multiply and add.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from longlight.science.pharmacokinetics.dosing import Dose
from longlight.science.pharmacokinetics.expression import Values, formula
from longlight.science.pharmacokinetics.mammillary_kernels import (
    LANES,
    grid_block,
    summary_block,
)
from longlight.science.pharmacokinetics.scenario import Scenario
from longlight.science.pharmacokinetics.system import Array, Structure

_MOST_COMPARTMENTS = 3


@dataclass(frozen=True)
class Steps:
    """A course and the asked times as steps: how long, at which pump rate, then which bolus."""

    spans: Array
    fed: Array
    span_of: np.ndarray
    rate_mg_per_min: Array
    bolus_mg: Array
    at_min: Array
    slot: np.ndarray
    total_mg: float


def plan_steps(doses: Sequence[Dose], times_min: Sequence[float] | Array = ()) -> Steps:
    """Steps between all events and asked times; every time has its own slot in the answer."""
    asked = np.asarray(times_min, dtype=float)
    ends = [d.start_min + d.duration_min for d in doses]
    stops = np.unique(np.concatenate([[0.0], [d.start_min for d in doses], ends, asked]))
    lengths = np.diff(stops, prepend=0.0)
    middle = stops - lengths / 2
    rate = np.zeros(len(stops))
    bolus = np.zeros(len(stops))
    for dose, end in zip(doses, ends, strict=True):
        if dose.duration_min > 0:
            rate += np.where(
                (middle > dose.start_min) & (middle < end), dose.mg / dose.duration_min, 0
            )
        else:
            bolus[np.searchsorted(stops, dose.start_min)] += dose.mg
    slot = np.full(len(stops), -1, dtype=np.int64)
    slot[np.searchsorted(stops, asked)] = np.arange(len(asked))
    # Rounding makes one step length into several; what is the same to the last bit of a time is one.
    grain = float(np.spacing(max(float(stops[-1]), 1.0)))
    rounded = np.round(lengths / grain) * grain
    _, first, span_of = np.unique(rounded, return_index=True, return_inverse=True)
    spans = lengths[first]
    fed = np.array([float(rate[span_of == d].any()) for d in range(len(spans))])
    total = float(sum(dose.mg for dose in doses))
    return Steps(spans, fed, span_of.astype(np.int64), rate, bolus, stops, slot, total)


@dataclass(frozen=True)
class CentralSystem:
    """Where the rates of a one-to-three-compartment system are found in a model's flows."""

    out: tuple[str, ...]
    exchange: tuple[tuple[str, str], ...]
    volume: str
    minutes_per_unit: float

    @property
    def compartments(self) -> int:
        return 1 + len(self.exchange)

    def rates(self, values: Values, people: int) -> tuple[Array, Array]:
        """Rates per minute (5, people) and the central volume (people)."""
        rates = np.ones((5, people))
        rates[0] = sum((formula(text)(values) for text in self.out), start=0.0)
        for i, (away, back) in enumerate(self.exchange):
            rates[1 + 2 * i] = formula(away)(values)
            rates[2 + 2 * i] = formula(back)(values)
        rates /= self.minutes_per_unit
        volume = np.empty(people)
        volume[:] = formula(self.volume)(values)
        return rates, volume


def central_system(scenario: Scenario) -> CentralSystem | None:
    """The scenario's plasma as one to three compartments, or None where it is something else."""
    shape: Structure = scenario.structure((scenario.plasma,))
    center = scenario.plasma.compartment
    kept = [f for f in shape.flows if f.origin == center and not f.copies]
    star = len(kept) == len([f for f in shape.flows if not f.copies])
    if scenario.absorptions or not star or len(shape.compartments) > _MOST_COMPARTMENTS:
        return None
    if any(
        route.into != center or route.fraction != "1" or route.over is not None
        for dose in scenario.doses
        for route in scenario.model.routes[dose.route].inputs
    ):
        return None
    return CentralSystem(
        out=tuple(f.rate for f in kept if not f.back),
        exchange=tuple((f.rate, f.back) for f in kept if f.back),
        volume=scenario.plasma.volume,
        minutes_per_unit=shape.minutes_per_unit,
    )


def plasma_grid(
    rates: Array, volume: Array, compartments: int, steps: Steps, answer: Array
) -> None:
    """Plasma of whole blocks of patients: rates (5, people), answer (blocks, times, LANES)."""
    for block in range(answer.shape[0]):
        lanes = slice(block * LANES, (block + 1) * LANES)
        grid_block(
            np.ascontiguousarray(rates[:, lanes]),
            volume[lanes],
            steps.spans,
            steps.fed,
            steps.span_of,
            steps.rate_mg_per_min,
            steps.bolus_mg,
            steps.slot,
            compartments,
            answer[block],
        )


def plasma_summary(
    rates: Array, volume: Array, compartments: int, steps: Steps
) -> tuple[Array, Array, Array, np.ndarray]:
    """Peak, time, area of each patient, and who must be looked at again by the general engine."""
    people = len(volume)
    height, time, area = np.empty(people), np.empty(people), np.empty(people)
    doubtful = np.empty(people, dtype=np.bool_)
    for first in range(0, people, LANES):
        lanes = slice(first, min(first + LANES, people))
        summary_block(
            np.ascontiguousarray(rates[:, lanes]),
            volume[lanes],
            steps.spans,
            steps.fed,
            steps.span_of,
            steps.rate_mg_per_min,
            steps.bolus_mg,
            steps.at_min,
            steps.total_mg,
            compartments,
            height[lanes],
            time[lanes],
            area[lanes],
            doubtful[lanes],
        )
    return height, time, area, doubtful
