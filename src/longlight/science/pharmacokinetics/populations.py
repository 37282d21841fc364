"""Peak and area of many simulated patients after a course, in memory that does not grow with them."""

import importlib.util
import itertools
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from longlight.science.pharmacokinetics.refusals import CannotCompute
from longlight.science.pharmacokinetics.scenario import Scenario, run
from longlight.science.pharmacokinetics.summaries import peaks
from longlight.science.pharmacokinetics.system import Array
from longlight.science.pharmacokinetics.tally import Tally
from longlight.science.pharmacokinetics.variability import (
    check_seed,
    random_effects,
    require_variability,
)

# Patients come in blocks of this size, always from a multiple of it: sums never depend on who asked.
BLOCK = 16384
ENGINES = ("numpy", "numba")
_MOST_PATIENTS = 10**9

# Heights, times of the peak, and areas of a block of patients.
Summary = tuple[Array, Array, Array]
Engine = Callable[[Scenario, int, int, int], Summary]


@dataclass(frozen=True)
class Population:
    """What a cohort reached: plasma peak, its time, and area to infinity over the whole course."""

    scenario: Scenario
    patients: int
    seed: int
    engine: str
    cmax_ng_per_ml: Tally
    tmax_min: Tally
    auc_inf_ng_min_per_ml: Tally

    def __repr__(self) -> str:
        return f"<Population of {self.patients:,}, {self.scenario!r}, seed {self.seed}>"

    def as_json(self) -> dict[str, Any]:
        model = self.scenario.model
        return {
            "model": model.id,
            "drug": model.drug,
            "sampling_site": model.sampling_site.value,
            "population": model.population,
            "assumption": self.scenario.assumption,
            "patients": self.patients,
            "seed": self.seed,
            "engine": self.engine,
            "covariates": dict(self.scenario.person.covariates),
            "course": [
                {
                    "at_min": d.start_min,
                    "route": d.route,
                    "mg": d.mg,
                    "duration_min": d.duration_min,
                }
                for d in self.scenario.doses
            ],
            "cmax_ng_per_ml": self.cmax_ng_per_ml.as_json(),
            "tmax_min": self.tmax_min.as_json(),
            "auc_inf_ng_min_per_ml": self.auc_inf_ng_min_per_ml.as_json(),
            "notes": self.scenario.notes,
        }


def has_compiler() -> bool:
    return importlib.util.find_spec("numba") is not None


def choose_engine(engine: str | None) -> str:
    """The compiled engine where it is installed, else NumPy; or the one that was asked for."""
    if engine is None:
        return "numba" if has_compiler() else "numpy"
    if engine not in ENGINES:
        raise CannotCompute(f"There is no engine '{engine}': choose numpy or numba.")
    if engine == "numba" and not has_compiler():
        raise CannotCompute(
            "The engine numba needs the extra 'fast': install it with  pip install 'longlight[fast]'"
        )
    return engine


def check_population(scenario: Scenario, patients: int, seed: int) -> None:
    """Refuse before any work what cannot be simulated."""
    require_variability(scenario.model)
    check_seed(seed)
    if not 1 <= patients <= _MOST_PATIENTS:
        raise CannotCompute(f"{patients} patients cannot be: give 1 to {_MOST_PATIENTS}.")


def population(
    scenario: Scenario,
    *,
    patients: int,
    seed: int = 1,
    engine: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Population:
    """Simulate patients block by block; `progress` hears how many are done."""
    check_population(scenario, patients, seed)
    name = choose_engine(engine)
    tallies = Tally(), Tally(), Tally()
    for block in summaries_by_block(scenario, patients, seed, name):
        for tally, values in zip(tallies, block, strict=True):
            tally.add(values)
        if progress is not None:
            progress(len(block[0]))
    return Population(scenario, patients, seed, name, *tallies)


def summaries_by_block(
    scenario: Scenario, patients: int, seed: int, engine: str
) -> Iterator[Summary]:
    """Peak, time of peak and area of each block of patients, in order."""
    compute: Engine = numpy_block
    if engine == "numba":
        from longlight.science.pharmacokinetics.compiled import compiled_block

        compute = compiled_block
    blocks = iter(range(0, patients, BLOCK))
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Summary]] = deque()
        # A few blocks ahead and no more: what is not yet taken must not pile up.
        for first in itertools.chain(blocks, [None] * (workers + 1)):
            if first is not None:
                size = min(BLOCK, patients - first)
                waiting.append(pool.submit(compute, scenario, seed, first, size))
            if waiting and (first is None or len(waiting) > workers):
                yield waiting.popleft().result()


def numpy_block(scenario: Scenario, seed: int, first: int, people: int) -> Summary:
    """The definition: every patient's peak, its time, and area."""
    effects = random_effects(scenario.model, seed, first, people)
    answer = run(scenario, (scenario.plasma,), effects, people)
    row = answer.rows[scenario.plasma.analyte]
    found = peaks(answer.solution, row)
    return found.height_ng_per_ml, found.time_min, np.asarray(answer.solution.area(row))
