"""Blocks of patients through machine code: the fast lane where the model allows, else the general one.

Whoever either marks as doubtful (rates that meet, a peak inside an infusion) is answered by the next
slower engine, NumPy last: the answer never depends on which engine had time.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from longlight.science.pharmacokinetics.dosing import Dose
from longlight.science.pharmacokinetics.expression import PerPerson
from longlight.science.pharmacokinetics.general import general_summary
from longlight.science.pharmacokinetics.mammillary import (
    CentralSystem,
    Steps,
    central_system,
    plan_steps,
    plasma_summary,
)
from longlight.science.pharmacokinetics.scenario import Scenario, run
from longlight.science.pharmacokinetics.summaries import peaks
from longlight.science.pharmacokinetics.system import Array
from longlight.science.pharmacokinetics.variability import random_effects

Summary = tuple[Array, Array, Array]


@lru_cache(maxsize=8)
def _steps(doses: tuple[Dose, ...]) -> Steps:
    return plan_steps(doses)


def compiled_block(scenario: Scenario, seed: int, first: int, people: int) -> Summary:
    """Peak, its time and area of the patients `first` … `first + people - 1`."""
    effects = random_effects(scenario.model, seed, first, people)
    system = central_system(scenario)
    height, time, area, doubtful = _first_answer(scenario, system, effects, people)
    if system is not None and doubtful.any():
        who = np.flatnonzero(doubtful)
        values = scenario.values(_of(effects, who))
        *slower, still = general_summary(scenario, values, len(who))
        for target, source in zip((height, time, area), slower, strict=True):
            target[who] = source
        doubtful[who] = still
    if doubtful.any():
        who = np.flatnonzero(doubtful)
        height[who], time[who], area[who] = _by_definition(scenario, _of(effects, who), len(who))
    return height, time, area


def _first_answer(
    scenario: Scenario, system: CentralSystem | None, effects: Mapping[str, Array], people: int
) -> tuple[Array, Array, Array, np.ndarray]:
    values = scenario.values(effects)
    if system is None:
        return general_summary(scenario, values, people)
    rates, volume = system.rates(values, people)
    return plasma_summary(rates, volume, system.compartments, _steps(scenario.doses))


def _of(effects: Mapping[str, Array], who: np.ndarray) -> dict[str, PerPerson]:
    return {name: values[who] for name, values in effects.items()}


def _by_definition(scenario: Scenario, effects: Mapping[str, PerPerson], people: int) -> Summary:
    answer = run(scenario, (scenario.plasma,), effects, people)
    row = answer.rows[scenario.plasma.analyte]
    found = peaks(answer.solution, row)
    return found.height_ng_per_ml, found.time_min, np.asarray(answer.solution.area(row))
