"""One person's concentrations after a course of doses, with exact summaries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from longlight.science.pharmacokinetics.refusals import CannotCompute
from longlight.science.pharmacokinetics.scenario import Answer, Scenario, run, times_array
from longlight.science.pharmacokinetics.summaries import Peaks, peaks, time_above_min
from longlight.science.pharmacokinetics.system import Array


@dataclass(frozen=True)
class Curve:
    """Concentrations at chosen times, and what is true of the whole curve.

    A model, not a measurement: say with it the model, its sampling site and its population. Arrays have the order and
    the length of `t_min`; there is no effect site where the model has none (None), and metabolites are by analyte.
    """

    scenario: Scenario
    t_min: Array
    plasma_ng_per_ml: Array
    effect_site_ng_per_ml: Array | None
    metabolite_ng_per_ml: Mapping[str, Array]
    answer: Answer = field(repr=False)

    def __repr__(self) -> str:
        peak = f"Cmax {self.cmax_ng_per_ml:.6g} ng/mL at {self.tmax_min:.6g} min"
        return f"<Curve of {self.scenario!r}: {len(self.t_min)} times, {peak}>"

    @cached_property
    def _peaks(self) -> Peaks:
        return peaks(self.answer.solution, self._row(None))

    def _row(self, analyte: str | None) -> Array:
        name = analyte or self.scenario.plasma.analyte
        if name not in self.answer.rows:
            known = ", ".join(self.answer.rows)
            raise CannotCompute(f"{self.scenario.model.id} has no '{name}': it has {known}.")
        return self.answer.rows[name]

    @property
    def cmax_ng_per_ml(self) -> float:
        """The highest plasma concentration of the whole curve, wherever it lies."""
        return float(self._peaks.height_ng_per_ml[0])

    @property
    def tmax_min(self) -> float:
        """When the highest plasma concentration is first reached."""
        return float(self._peaks.time_min[0])

    @property
    def auc_inf_ng_min_per_ml(self) -> float:
        """The area under plasma from 0 to infinity, by mass balance."""
        return self.auc_ng_min_per_ml()

    def auc_ng_min_per_ml(self, to_min: float | None = None, analyte: str | None = None) -> float:
        """The area (ng·min/mL) under plasma or an analyte from 0 to a minute, or to infinity; exact, without a grid."""
        if to_min is not None and not (np.isfinite(to_min) and to_min > 0):
            raise CannotCompute(f"An area cannot end at {to_min:g} min: give a time above 0.")
        return float(self.answer.solution.area(self._row(analyte), to_min)[0])

    def peak(self, analyte: str) -> tuple[float, float]:
        """Height (ng/mL) and time (min) of the peak of any analyte or of the effect site."""
        found = peaks(self.answer.solution, self._row(analyte))
        return float(found.height_ng_per_ml[0]), float(found.time_min[0])

    def time_above_min(self, level_ng_per_ml: float, analyte: str | None = None) -> float:
        """How many minutes plasma or an analyte stays above a level in ng/mL, over the whole curve; without a grid."""
        if not (np.isfinite(level_ng_per_ml) and level_ng_per_ml > 0):
            raise CannotCompute(
                f"A level of {level_ng_per_ml:g} ng/mL cannot be: give one above 0."
            )
        row = self._row(analyte)
        return float(time_above_min(self.answer.solution, row, level_ng_per_ml)[0])

    @property
    def notes(self) -> list[str]:
        """What whoever reads the numbers must know."""
        return self.scenario.notes

    def as_json(self) -> dict[str, Any]:
        """What `longlight pk --json` prints."""
        model = self.scenario.model
        effect = self.effect_site_ng_per_ml
        return {
            "model": model.id,
            "drug": model.drug,
            "sampling_site": model.sampling_site.value,
            "population": model.population,
            "mark": model.mark.value,
            "assumption": self.scenario.assumption,
            "absorption": [a.id for a in self.scenario.absorptions],
            "notes": self.notes,
            "t_min": self.t_min.tolist(),
            "plasma_ng_per_ml": self.plasma_ng_per_ml.tolist(),
            "effect_site_ng_per_ml": None if effect is None else effect.tolist(),
            "metabolite_ng_per_ml": {n: v.tolist() for n, v in self.metabolite_ng_per_ml.items()},
            "cmax_ng_per_ml": self.cmax_ng_per_ml,
            "tmax_min": self.tmax_min,
            "auc_inf_ng_min_per_ml": self.auc_inf_ng_min_per_ml,
            "metabolite_summary": {m.analyte: self._summary(m.analyte) for m in model.metabolites},
        }

    def _summary(self, analyte: str) -> dict[str, float]:
        height, time = self.peak(analyte)
        return {
            "cmax_ng_per_ml": height,
            "tmax_min": time,
            "auc_inf_ng_min_per_ml": self.auc_ng_min_per_ml(analyte=analyte),
        }


def curve(scenario: Scenario, at_min: Sequence[float]) -> Curve:
    """The typical person's curve at the given minutes."""
    times = times_array(at_min)
    answer = run(scenario, scenario.outputs)
    read = answer.solution.read(list(answer.rows.values()), times)
    found = {analyte: values[0] for analyte, values in zip(answer.rows, read, strict=True)}
    effect = scenario.model.effect_site
    return Curve(
        scenario=scenario,
        t_min=times,
        plasma_ng_per_ml=found[scenario.plasma.analyte],
        effect_site_ng_per_ml=found[effect.analyte] if effect else None,
        metabolite_ng_per_ml={m.analyte: found[m.analyte] for m in scenario.model.metabolites},
        answer=answer,
    )
