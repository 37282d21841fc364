"""Every model and route against an independent engine at 40 digits."""

import numpy as np
import pytest
from tests.science.pharmacokinetics.mp_oracle import Oracle

from longlight import pk

WHOLE = [model.id for model in pk.models() if model.complete]
TIMES = [0.0, 1.0, 20.0, 40.0, 41.0, 95.0, 380.0, 1500.0]
INTRAVENOUS = [("iv", 35.0, 0.0, 40.0), ("iv-bolus", 10.0, 41.0, 0.0), ("iv", 20.0, 300.0, 90.0)]


def text(dose: tuple[str, float, float, float]) -> pk.Dose:
    return pk.Dose(*dose)


def assert_agrees(
    curve: pk.Curve, oracle: Oracle, doses: list[tuple[str, float, float, float]]
) -> None:
    wanted = {"plasma": curve.plasma_ng_per_ml, **curve.metabolite_ng_per_ml}
    if curve.effect_site_ng_per_ml is not None:
        wanted["effect_site"] = curve.effect_site_ng_per_ml
    for analyte, values in wanted.items():
        exact = np.array([oracle.concentration(doses, t, analyte) for t in curve.t_min])
        peak = max(exact.max(), curve.cmax_ng_per_ml * 1e-3)
        assert np.abs(values - exact).max() <= 1e-12 * peak, analyte


@pytest.mark.parametrize("model_id", WHOLE)
def test_intravenous_doses_agree(model_id: str) -> None:
    curve = pk.model(model_id).curve([text(d) for d in INTRAVENOUS], at_min=TIMES)
    assert_agrees(curve, Oracle(model_id), INTRAVENOUS)


@pytest.mark.parametrize(
    ("model_id", "doses"),
    [
        ("perez-ruixo-2021", [("in", 84.0, 0.0, 0.0), ("po", 30.0, 200.0, 0.0)]),
        ("simons-2022", [("sl", 50.0, 0.0, 0.0), ("iv", 20.0, 360.0, 20.0)]),
    ],
)
def test_a_papers_own_routes_agree(
    model_id: str, doses: list[tuple[str, float, float, float]]
) -> None:
    curve = pk.model(model_id).curve([text(d) for d in doses], at_min=TIMES)
    assert_agrees(curve, Oracle(model_id), doses)


@pytest.mark.parametrize("name", pk.absorption_ids())
def test_assumed_absorption_agrees(name: str) -> None:
    file = pk.absorption(name)
    model_id = file.derived_with
    assert model_id is not None
    doses = [(file.route, 35.0, 10.0, 0.0)]
    curve = pk.model(model_id).curve([text(d) for d in doses], at_min=TIMES, absorption=name)
    assert_agrees(curve, Oracle(model_id, absorption=name), doses)


def test_covariates_agree() -> None:
    person = {"age": 75.0, "japanese": 1.0, "asian": 1.0}
    doses = [("in", 56.0, 0.0, 0.0)]
    curve = pk.model("perez-ruixo-2021").curve(
        [text(d) for d in doses], at_min=TIMES, covariates={"age": 75, "japanese": 1}
    )
    assert_agrees(curve, Oracle("perez-ruixo-2021", covariates=person), doses)


@pytest.mark.parametrize(
    "model_id", ["otto-2021", "simons-2022", "herd-2007", "kamp-2020", "domino"]
)
def test_weight_agrees(model_id: str) -> None:
    curve = pk.model(model_id).curve([text(d) for d in INTRAVENOUS], at_min=TIMES, weight_kg=93)
    assert_agrees(curve, Oracle(model_id, covariates={"weight": 93.0}), INTRAVENOUS)
