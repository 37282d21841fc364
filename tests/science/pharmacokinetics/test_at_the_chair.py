"""The curve under a dosing day's signs: an infusion as it ran, and a line inside its band."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from longlight.science import protocols
from longlight.science.pharmacokinetics.at_the_chair import drawing_for, drawings, predicted
from longlight.science.pharmacokinetics.dosing import Dose, given_mg, infusion, infusion_run
from longlight.science.pharmacokinetics.refusals import CannotCompute


@given(
    st.floats(1, 200),
    st.floats(5, 120),
    st.lists(st.tuples(st.floats(1, 60), st.floats(0.5, 30)), max_size=3),
    st.floats(1, 300),
)
@example(100.39533911902812, 5.0, [(5.0, 1.0)], 7.0)  # rounding leaves 1e-14 mg for after the pause
def test_a_run_with_pauses_is_the_infusion_that_pauses(
    mg: float, lasts: float, gaps: list[tuple[float, float]], stop: float
) -> None:
    steps, pauses, now = [(0.0, mg / lasts)], [], 0.0
    for after, length in gaps:
        pauses.append((now + after, now + after + length))
        steps += [(now + after, 0.0), (now + after + length, mg / lasts)]
        now += after + length
    ran = infusion_run(mg, steps, stop_at_min=stop)
    oracle = infusion(mg, lasts, pauses=pauses, stop_at_min=stop)
    assert given_mg(ran, 1e6) == pytest.approx(given_mg(oracle, 1e6))
    for minute in np.linspace(0, 400, 41):
        assert given_mg(ran, minute) == pytest.approx(given_mg(oracle, minute), abs=1e-9)


def test_half_the_rate_takes_twice_as_long() -> None:
    slow = infusion_run(40, [(0, 1.0), (20, 0.5)])
    assert slow == [Dose("iv", 20, 0, 20), Dose("iv", 20, 20, 40)]
    assert given_mg(slow, 40) == pytest.approx(30)


def test_a_pause_that_lasts_leaves_the_rest_in_the_syringe() -> None:
    assert infusion_run(40, [(0, 1.0), (10, 0.0)]) == [Dose("iv", 10, 0, 10)]


@pytest.mark.parametrize("steps", [[(5, 1.0), (5, 0.0)], [(0, -1.0)], [(0, float("nan"))]])
def test_what_no_pump_does_is_refused(steps: list[tuple[float, float]]) -> None:
    with pytest.raises(CannotCompute):
        infusion_run(40, steps)


@pytest.mark.parametrize("drawing", drawings(), ids=lambda d: f"{d.drug} {d.route}")
def test_the_line_lies_in_its_band_and_says_whose_it_is(drawing: object) -> None:
    dose = (
        Dose("iv", 35, 0, 40) if drawing.pk_route == "iv" else Dose(drawing.pk_route, 56)  # type: ignore[attr-defined]
    )
    found = predicted(drawing, [dose], range(0, 181, 5), weight_kg=70)  # type: ignore[arg-type]
    assert (found.low_ng_per_ml <= found.line_ng_per_ml + 1e-9).all()
    assert (found.line_ng_per_ml <= found.high_ng_per_ml + 1e-9).all()
    assert found.line_ng_per_ml[0] == pytest.approx(0)
    assert "plasma; made from" in found.said
    assert found.band_said


def test_every_protocol_has_its_drawing() -> None:
    for protocol in protocols.all():
        drawing_for(protocol.dose.drug, protocol.dose.route.value)


def test_a_drug_without_a_model_is_refused() -> None:
    with pytest.raises(CannotCompute, match="no published model"):
        drawing_for("aspirin", "iv")
