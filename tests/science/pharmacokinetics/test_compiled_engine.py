"""The compiled engine against NumPy, which is the definition; and the draws against themselves."""

import numpy as np
import pytest

from longlight import pk
from longlight.science.pharmacokinetics import compiled, mammillary, populations
from longlight.science.pharmacokinetics.course import events
from longlight.science.pharmacokinetics.modes import find_modes
from longlight.science.pharmacokinetics.solution import solve
from longlight.science.pharmacokinetics.system import output_row, rate_matrix
from longlight.science.pharmacokinetics.tally import PERCENTS, Tally
from longlight.science.pharmacokinetics.variability import random_effects, standard_normals

SIX = [f"iv:35@{day * 1440}/40" for day in (0, 3, 7, 10, 14, 17)]
CASES = [
    ("herd-2007", SIX),
    ("fanta-2015", SIX),
    ("otto-2021", ["iv-bolus:8@0", "iv:30@5/55", "iv-bolus:5@600"]),
    ("herd-2007", ["iv:35@0/5", "iv:3@6/200"]),
    ("perez-ruixo-2021", ["in:84@0", "in:56@5040"]),
    ("perez-ruixo-2021", ["po:56@0", "in:56@100", "iv:10@150/30"]),
    ("simons-2022", ["sl:50@0", "iv:20@360/20"]),
]


@pytest.mark.parametrize(("model_id", "doses"), CASES)
def test_compiled_summaries_equal_the_definition(model_id: str, doses: list[str]) -> None:
    scenario = pk.model(model_id).scenario(doses)
    defined = populations.numpy_block(scenario, 11, 0, 300)
    fast = compiled.compiled_block(scenario, 11, 0, 300)
    for name, wanted, got in zip(("peak", "time", "area"), defined, fast, strict=True):
        np.testing.assert_allclose(
            got, wanted, rtol=1e-8 if name == "time" else 1e-12, err_msg=name
        )


def test_compiled_absorption_equals_the_definition() -> None:
    scenario = pk.model("fanta-2015").scenario(["im:35@0", "im:35@90"], absorption="im-fanta-2015")
    defined = populations.numpy_block(scenario, 5, 0, 300)
    fast = compiled.compiled_block(scenario, 5, 0, 300)
    np.testing.assert_allclose(fast[0], defined[0], rtol=1e-12)
    np.testing.assert_allclose(fast[2], defined[2], rtol=1e-12)


@pytest.mark.parametrize(
    ("model_id", "doses"),
    [
        ("herd-2007", SIX),
        ("fanta-2015", ["iv-bolus:8@0", "iv:30@5/55", "iv:5@60/3", "iv-bolus:4@900"]),
        ("clements-250", ["iv:35@0.25/40.5"]),
    ],
)
def test_compiled_curves_equal_the_definition(model_id: str, doses: list[str]) -> None:
    scenario = pk.model(model_id).scenario(doses)
    people, lanes = 512, mammillary.LANES
    times = np.unique(np.concatenate([np.arange(0.0, 200.0, 5.0), np.arange(0.0, 28000.0, 997.0)]))
    effects = random_effects(scenario.model, 2, 0, people) if scenario.model.variability else {}
    values = scenario.values(effects)
    shape = scenario.structure((scenario.plasma,))
    matrix = rate_matrix(shape, values, people)
    solved = solve(
        find_modes(shape, matrix), matrix, events(shape, scenario.entries(values), people)
    )
    defined = solved.at(output_row(shape, scenario.plasma, values, people), times)
    system = mammillary.central_system(scenario)
    assert system is not None
    steps = mammillary.plan_steps(scenario.doses, times)
    grid = np.empty((people // lanes, len(times), lanes))
    mammillary.plasma_grid(*system.rates(values, people), system.compartments, steps, grid)
    fast = grid.transpose(0, 2, 1).reshape(people, -1)
    assert (np.abs(fast - defined).max(axis=1) <= 1e-12 * defined.max(axis=1)).all()


def test_draws_do_not_depend_on_chunks() -> None:
    whole = standard_normals(7, 0, 1000, 11)
    pieces = [standard_normals(7, first, 37, 11) for first in range(0, 1000, 37)]
    np.testing.assert_array_equal(np.concatenate(pieces)[:1000], whole)
    assert not np.allclose(standard_normals(8, 0, 1000, 11), whole)


def test_draws_are_normal_and_correlated_as_published() -> None:
    effects = random_effects(pk.model("otto-2021").published, 1, 0, 200_000)
    covariance = np.cov(np.array([effects["V1"], effects["CL"]]))
    np.testing.assert_allclose(covariance, [[0.084177, 0.02261], [0.02261, 0.026048]], rtol=0.03)
    assert abs(np.mean(effects["V1"])) < 0.005


def test_a_patient_is_the_same_in_any_population(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = pk.model("herd-2007").scenario(SIX)
    few = np.concatenate([b[0] for b in populations.summaries_by_block(scenario, 100, 3, "numba")])
    many = np.concatenate(
        [b[0] for b in populations.summaries_by_block(scenario, 20_000, 3, "numba")]
    )
    np.testing.assert_array_equal(many[:100], few)
    monkeypatch.setattr(populations, "BLOCK", 1000)
    small = np.concatenate(
        [b[0] for b in populations.summaries_by_block(scenario, 20_000, 3, "numba")]
    )
    np.testing.assert_array_equal(small, many)


def test_percentiles_of_a_tally_are_those_of_the_values() -> None:
    scenario = pk.model("perez-ruixo-2021").scenario("in:56@0")
    values = np.concatenate(
        [b[0] for b in populations.summaries_by_block(scenario, 3000, 1, "numba")]
    )
    told = (
        pk.model("perez-ruixo-2021").population("in:56@0", patients=3000).cmax_ng_per_ml.as_json()
    )
    assert told["mean"] == pytest.approx(values.mean(), rel=1e-12)
    assert told["sd"] == pytest.approx(values.std(), rel=1e-9)
    for percent, value in told["percentiles"].items():  # type: ignore[union-attr]
        assert value == pytest.approx(np.percentile(values, float(percent)), rel=5e-4)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 40])
def test_percentiles_of_a_few_values_lie_between_their_ranks(count: int) -> None:
    values = np.geomspace(3.0, 800.0, count)[np.random.default_rng(count).permutation(count)]
    tally = Tally()
    tally.add(values)
    told = [tally.percentile(percent) for percent in PERCENTS]
    assert told == pytest.approx(np.percentile(values, PERCENTS), rel=1e-12)


def test_typical_patients_surround_the_typical_curve() -> None:
    model = pk.model("fanta-2015")
    population = model.population("iv:35@0/40", patients=20_000)
    curve = model.curve("iv:35@0/40", at_min=[40])
    assert population.cmax_ng_per_ml.percentile(50) == pytest.approx(curve.cmax_ng_per_ml, rel=0.02)
    assert population.auc_inf_ng_min_per_ml.percentile(50) == pytest.approx(
        curve.auc_inf_ng_min_per_ml, rel=0.02
    )


def test_the_numpy_engine_answers_without_a_compiler() -> None:
    model = pk.model("herd-2007")
    slow = model.population(SIX, patients=500, engine="numpy").as_json()
    fast = model.population(SIX, patients=500, engine="numba").as_json()
    assert slow["cmax_ng_per_ml"]["mean"] == pytest.approx(
        fast["cmax_ng_per_ml"]["mean"], rel=1e-13
    )
    assert slow["cmax_ng_per_ml"]["percentiles"] == pytest.approx(
        fast["cmax_ng_per_ml"]["percentiles"], rel=1e-12
    )


def test_a_value_that_all_share_is_its_own_percentile() -> None:
    told = pk.model("fanta-2015").population("iv:35@0/40", patients=2000).tmax_min
    assert told.percentile(50) == 40.0
