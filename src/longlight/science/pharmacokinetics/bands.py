"""Where people lie around the typical curve, by the variability that the paper published."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from longlight.science.pharmacokinetics.published import Residual
from longlight.science.pharmacokinetics.refusals import CannotCompute
from longlight.science.pharmacokinetics.scenario import Scenario, run, times_array
from longlight.science.pharmacokinetics.system import Array
from longlight.science.pharmacokinetics.variability import (
    check_seed,
    random_effects,
    require_variability,
    standard_normals,
)
from longlight.science.sentences import Sentence
from longlight.science.sentences import Sentence as _

_CHUNK = 512
_FEWEST, _MOST = 20, 100_000


@dataclass(frozen=True)
class Band:
    """The middle `level_share` of simulated people at each minute, and their median.

    It holds the spread within one model only. Models disagree by about as much: arterial and venous
    sampling differ twofold at the end of an infusion, and no band of one paper covers that.
    """

    scenario: Scenario
    t_min: Array
    low_ng_per_ml: Array
    median_ng_per_ml: Array
    high_ng_per_ml: Array
    level_share: float
    people: int
    with_residual: bool

    def __repr__(self) -> str:
        return f"<Band of {self.level_share:.0%} of {self.people:,} simulated people, {self.scenario!r}>"

    @property
    def meaning(self) -> Sentence:
        """What the band is, in a sentence."""
        return _(
            "Middle {percent:g} % of {what} by the variability of {model} ({people} simulated); "
            "other models lie outside it.",
            percent=100 * self.level_share,
            what=_("measured values") if self.with_residual else _("people"),
            model=self.scenario.model.id,
            people=self.people,
        )


def band(
    scenario: Scenario,
    at_min: Sequence[float],
    *,
    level: float = 0.9,
    people: int = 2000,
    seed: int = 1,
    residual: bool = False,
) -> Band:
    """Quantiles of plasma concentration over simulated people, with the residual error if asked."""
    require_variability(scenario.model)
    check_seed(seed)
    if not 0 < level < 1:
        raise CannotCompute(f"A level of {level:g} cannot be: give a share between 0 and 1.")
    if not _FEWEST <= people <= _MOST:
        raise CannotCompute(f"A band needs {_FEWEST} to {_MOST} people, not {people}.")
    times = times_array(at_min)
    values = np.concatenate(
        [_chunk(scenario, times, seed, first, people) for first in range(0, people, _CHUNK)]
    )
    if residual:
        values = _with_residual(scenario, values, seed)
    low, median, high = np.quantile(values, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
    return Band(scenario, times, low, median, high, level, people, residual)


def _chunk(scenario: Scenario, times: Array, seed: int, first: int, people: int) -> Array:
    count = min(_CHUNK, people - first)
    effects = random_effects(scenario.model, seed, first, count)
    answer = run(scenario, (scenario.plasma,), effects, count)
    return answer.solution.at(answer.rows[scenario.plasma.analyte], times)


def _with_residual(scenario: Scenario, values: Array, seed: int) -> Array:
    error: Residual | None = scenario.model.residual.get("plasma")
    if error is None:
        raise CannotCompute(f"{scenario.model.id} has no residual error that could be read.")
    # A stream of its own: the people stay the same with and without the error.
    normals = standard_normals(seed ^ 0x9E3779B97F4A7C15, 0, values.shape[0], values.shape[1])
    if error.kind == "log-normal":
        return np.asarray(values * np.exp(error.sd * normals))
    return np.asarray(np.maximum(values * (1 + error.sd * normals), 0.0))
