"""Observed values beside what the models predict for the same dose: a table that hides nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import Any

import numpy as np

from longlight.science.marks import Mark
from longlight.science.pharmacokinetics.curves import Curve, curve
from longlight.science.pharmacokinetics.dosing import parse_dose
from longlight.science.pharmacokinetics.library import absorption, published_model
from longlight.science.pharmacokinetics.person import describe_person
from longlight.science.pharmacokinetics.published import PaperNumber
from longlight.science.pharmacokinetics.scenario import Scenario, run

REFERENCE_WEIGHT_KG = 70.0
# A prediction further off than this is named and explained.
TOLERATED_SHARE = 0.2


@dataclass(frozen=True)
class Comparison:
    """One observed value and one model's prediction of it."""

    id: str
    what: str
    unit: str
    source: str
    mark: Mark
    model_id: str
    observed: PaperNumber
    predicted: PaperNumber
    why: str

    @property
    def ratio(self) -> PaperNumber:
        return PaperNumber(self.predicted / self.observed)

    @property
    def is_far_off(self) -> bool:
        return abs(self.ratio - 1) > TOLERATED_SHARE


@cache
def comparisons() -> tuple[Comparison, ...]:
    """Every row of `observed.toml` for every model that covers it."""
    return tuple(
        Comparison(
            id=row["id"],
            what=row["what"],
            unit=row["unit"],
            source=row["source"],
            mark=Mark(row["mark"]),
            model_id=model_id,
            observed=PaperNumber(float(row["observed"])),
            predicted=PaperNumber(_predict(row, model_id)),
            why=row.get("why", {}).get(model_id, ""),
        )
        for row in _file()["rows"]
        for model_id in row["models"]
    )


def not_covered() -> Mapping[str, str]:
    """Rows that no model can answer, with the reason."""
    reasons: Mapping[str, str] = _file()["not_covered"]
    return reasons


@cache
def _file() -> dict[str, Any]:
    home = files("longlight.science.pharmacokinetics")
    return loads((home / "observed.toml").read_text(encoding="utf-8"))


def _predict(row: Mapping[str, Any], model_id: str) -> float:
    model = published_model(model_id)
    weight_kg = REFERENCE_WEIGHT_KG if "weight" in model.covariates else None
    assumed = (row["absorption"].format(model=model_id),) if "absorption" in row else ()
    scenario = Scenario(
        model,
        describe_person(model, weight_kg, {}),
        tuple(parse_dose(text) for text in row["doses"]),
        tuple(absorption(name) for name in assumed),
    )
    predicted = curve(scenario, [float(row.get("at_min", 1.0))])
    return _METRICS[row["metric"]](predicted, row)


def _area(predicted: Curve, row: Mapping[str, Any]) -> float:
    to_min = row.get("to_min")
    area = predicted.auc_ng_min_per_ml(to_min, row.get("analyte"))
    return area / 60 if row["unit"] == "ng·h/mL" else area


def _clearance_l_per_h(predicted: Curve, row: Mapping[str, Any]) -> float:
    dose_mg = sum(dose.mg for dose in predicted.scenario.doses)
    return 60_000 * dose_mg / predicted.auc_inf_ng_min_per_ml


def _volume_l(predicted: Curve, row: Mapping[str, Any]) -> float:
    """Volume at steady state: clearance times the mean time in the body after a bolus."""
    scenario = predicted.scenario
    answer = run(scenario, (scenario.plasma,))
    weights = answer.rows[scenario.plasma.analyte][0]
    once = np.linalg.solve(-answer.solution.matrix[0], answer.solution.events.total_mg[0])
    twice = np.linalg.solve(-answer.solution.matrix[0], once)
    mean_time_min = float(weights @ twice / (weights @ once))
    return _clearance_l_per_h(predicted, row) / 60 * mean_time_min


def _bioavailability(predicted: Curve, row: Mapping[str, Any]) -> float:
    scenario = predicted.scenario
    dose_mg = sum(dose.mg for dose in scenario.doses)
    direct = Scenario(scenario.model, scenario.person, (parse_dose(f"iv-bolus:{dose_mg}@0"),))
    return predicted.auc_inf_ng_min_per_ml / curve(direct, [1.0]).auc_inf_ng_min_per_ml


def _analyte(predicted: Curve, row: Mapping[str, Any]) -> str:
    return str(row.get("analyte", predicted.scenario.plasma.analyte))


_METRICS: dict[str, Callable[[Curve, Mapping[str, Any]], float]] = {
    "plasma_at": lambda predicted, row: float(predicted.plasma_ng_per_ml[0]),
    "cmax": lambda predicted, row: predicted.peak(_analyte(predicted, row))[0],
    "tmax": lambda predicted, row: predicted.peak(_analyte(predicted, row))[1],
    "auc": _area,
    "auc_inf": _area,
    "clearance_l_per_h": _clearance_l_per_h,
    "clearance_ml_per_min_per_kg": lambda predicted, row: (
        _clearance_l_per_h(predicted, row) / 60 * 1000 / REFERENCE_WEIGHT_KG
    ),
    "volume_l": _volume_l,
    "bioavailability": _bioavailability,
}
