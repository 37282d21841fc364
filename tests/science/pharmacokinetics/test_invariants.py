"""What must hold for any dose, any time, any model."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longlight import pk
from longlight.science.pharmacokinetics.scenario import run

WHOLE = [model.id for model in pk.models() if model.complete]
models = st.sampled_from(WHOLE)
milligrams = st.floats(0.1, 500)
starts = st.floats(0, 3000)
durations = st.floats(0.5, 400)
times = st.lists(st.floats(0, 6000), min_size=1, max_size=12)
doses = st.builds(
    lambda mg, s, d: pk.Dose("iv", mg, s, d), milligrams, starts, durations
) | st.builds(lambda mg, s: pk.Dose("iv-bolus", mg, s), milligrams, starts)
courses = st.lists(doses, min_size=1, max_size=5)


def outputs(curve: pk.Curve) -> list[np.ndarray]:
    effect = [] if curve.effect_site_ng_per_ml is None else [curve.effect_site_ng_per_ml]
    return [curve.plasma_ng_per_ml, *curve.metabolite_ng_per_ml.values(), *effect]


@settings(deadline=None, max_examples=60)
@given(models, courses, times)
def test_superposition(model_id: str, course: list[pk.Dose], at: list[float]) -> None:
    model = pk.model(model_id)
    whole = outputs(model.curve(course, at_min=at))
    parts = [outputs(model.curve(dose, at_min=at)) for dose in course]
    for i, values in enumerate(whole):
        summed = np.sum([part[i] for part in parts], axis=0)
        np.testing.assert_allclose(values, summed, rtol=1e-9, atol=1e-10)


@settings(deadline=None, max_examples=40)
@given(models, courses, times, st.floats(0.01, 50))
def test_linearity_in_dose(
    model_id: str, course: list[pk.Dose], at: list[float], by: float
) -> None:
    model = pk.model(model_id)
    once = model.curve(course, at_min=at)
    scaled = [pk.Dose(d.route, d.mg * by, d.start_min, d.duration_min) for d in course]
    more = model.curve(scaled, at_min=at)
    for a, b in zip(outputs(once), outputs(more), strict=True):
        np.testing.assert_allclose(a * by, b, rtol=1e-9, atol=1e-10)
    assert more.cmax_ng_per_ml == pytest.approx(once.cmax_ng_per_ml * by, rel=1e-10)


@settings(deadline=None, max_examples=40)
@given(models, courses)
def test_mass_is_conserved(model_id: str, course: list[pk.Dose]) -> None:
    """What entered is in the body or has left through plasma clearance: AUC × CL accounts for it."""
    curve = pk.model(model_id).curve(course, at_min=[1.0])
    single = pk.model(model_id).curve(pk.Dose("iv-bolus", 1.0), at_min=[1.0])
    total_mg = sum(dose.mg for dose in course)
    assert curve.auc_inf_ng_min_per_ml == pytest.approx(
        total_mg * single.auc_inf_ng_min_per_ml, rel=1e-10
    )


@settings(deadline=None, max_examples=40)
@given(models, courses, st.floats(1, 5000), st.floats(1, 5000))
def test_area_grows_with_time(model_id: str, course: list[pk.Dose], a: float, b: float) -> None:
    curve = pk.model(model_id).curve(course, at_min=[1.0])
    early, late = sorted((a, b))
    slack = 1e-9 * curve.auc_inf_ng_min_per_ml
    assert curve.auc_ng_min_per_ml(early) <= curve.auc_ng_min_per_ml(late) + slack
    assert curve.auc_ng_min_per_ml(late) <= curve.auc_inf_ng_min_per_ml + slack


@settings(deadline=None, max_examples=40)
@given(models, milligrams, starts, durations)
def test_continuity_at_the_end_of_an_infusion(
    model_id: str, mg: float, start: float, duration: float
) -> None:
    end = start + duration
    around = [np.nextafter(end, 0), end, np.nextafter(end, np.inf)]
    curve = pk.model(model_id).curve(pk.Dose("iv", mg, start, duration), at_min=around)
    for values in outputs(curve):
        assert np.ptp(values) <= 1e-9 * values.max() + 1e-13 * curve.cmax_ng_per_ml


@settings(deadline=None, max_examples=40)
@given(models, courses, times)
def test_nothing_lies_above_the_peak_or_below_zero(
    model_id: str, course: list[pk.Dose], at: list[float]
) -> None:
    curve = pk.model(model_id).curve(course, at_min=at)
    assert curve.plasma_ng_per_ml.max() <= curve.cmax_ng_per_ml * (1 + 1e-12)
    assert min(values.min() for values in outputs(curve)) >= 0
    at_peak = pk.model(model_id).curve(course, at_min=[curve.tmax_min]).plasma_ng_per_ml[0]
    assert at_peak == pytest.approx(curve.cmax_ng_per_ml, rel=1e-10)


@settings(deadline=None, max_examples=20)
@given(models, milligrams, durations)
def test_an_infusion_in_two_halves_is_one_infusion(
    model_id: str, mg: float, duration: float
) -> None:
    at = [duration / 3, duration, duration * 2]
    model = pk.model(model_id)
    whole = model.curve(pk.Dose("iv", mg, 0, duration), at_min=at).plasma_ng_per_ml
    halves = [
        pk.Dose("iv", mg / 2, 0, duration / 2),
        pk.Dose("iv", mg / 2, duration / 2, duration / 2),
    ]
    np.testing.assert_allclose(model.curve(halves, at_min=at).plasma_ng_per_ml, whole, rtol=1e-10)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(["perez-ruixo-2021", "simons-2022"]), st.floats(5, 200), st.floats(1, 600))
def test_absorbed_peaks_are_peaks(model_id: str, mg: float, gap: float) -> None:
    """Two absorbed doses: no point of a fine look lies above the peak that was found."""
    route = "in" if model_id.startswith("perez") else "sl"
    course = [pk.Dose(route, mg, 0.0), pk.Dose(route, mg, gap)]
    look = np.linspace(0, gap + 400, 2001)
    curve = pk.model(model_id).curve(course, at_min=look)
    assert curve.plasma_ng_per_ml.max() <= curve.cmax_ng_per_ml * (1 + 1e-12)
    assert curve.plasma_ng_per_ml.max() >= curve.cmax_ng_per_ml * 0.99


@pytest.mark.parametrize("model_id", WHOLE)
def test_what_entered_is_inside_or_has_left(model_id: str) -> None:
    """Mass balance: amounts now, and the outflow integrated by quadrature, make up the doses."""
    model = pk.model(model_id).published
    course = ["iv:35@0/40", "iv-bolus:10@60"]
    scenario = pk.model(model_id).scenario(course)
    answer = run(scenario, scenario.outputs)
    solution = answer.solution
    shape = scenario.structure(scenario.outputs)
    real = np.array([name != "effect-site" for name in shape.compartments])
    # The effect site mirrors plasma and holds nothing: it is no part of the balance.
    leaving = -solution.matrix[0][real][:, real].sum(axis=0)
    nodes, weights = np.polynomial.legendre.leggauss(24)
    edges = np.concatenate(
        [np.linspace(0, 40, 41), np.linspace(40, 60, 21)[1:], np.linspace(60, 300, 121)[1:]]
    )
    half = np.diff(edges) / 2
    times = (edges[:-1, None] + half[:, None] * (1 + nodes)).ravel()
    rows = [unit[None, :] for unit in np.eye(len(shape.compartments))[real]]
    inside = np.array([values[0] for values in solution.read(rows, times)])
    left = ((leaving @ inside).reshape(-1, 24) * weights * half[:, None]).sum()
    now = solution.amounts_mg(300.0)[0][real].sum()
    assert now + left == pytest.approx(45.0, rel=1e-9), model.id
