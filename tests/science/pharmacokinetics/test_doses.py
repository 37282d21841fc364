"""Doses as they are given: infusions in pieces, salts, and the arithmetic with its caps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight import pk
from longlight.science.pharmacokinetics.dose_arithmetic import dose_rules, prepare_dose, vials


@given(
    st.floats(1, 200),
    st.floats(5, 120),
    st.lists(st.tuples(st.floats(1, 100), st.floats(0.5, 30)), max_size=3),
)
def test_pauses_move_the_rest_and_keep_the_dose(
    mg: float, lasts: float, gaps: list[tuple[float, float]]
) -> None:
    pauses, now = [], 0.0
    for after, length in gaps:
        pauses.append((now + after, now + after + length))
        now += after + length
    pieces = pk.infusion(mg, lasts, pauses=pauses)
    assert sum(piece.mg for piece in pieces) == pytest.approx(mg)
    assert sum(piece.duration_min for piece in pieces) == pytest.approx(lasts)
    for piece in pieces:
        assert piece.mg / piece.duration_min == pytest.approx(mg / lasts)
        assert not any(a < piece.start_min + 1e-9 < b - 1e-6 for a, b in pauses)


@given(
    st.sampled_from(["iv", "im", "po"]),
    st.integers(1, 500),
    st.integers(0, 9999),
    st.integers(1, 90),
)
def test_a_dose_is_written_as_it_is_read(route: str, mg: int, start: int, lasts: int) -> None:
    dose = pk.Dose(route, mg, start, lasts if route == "iv" else 0)
    assert pk.parse_dose(str(dose)) == dose


def test_a_stop_leaves_the_rest_in_the_syringe() -> None:
    assert pk.infusion(40, 40, stop_at_min=10) == [pk.Dose("iv", 10, 0, 10)]
    assert pk.infusion(40, 40, pauses=[(5, 20)], stop_at_min=10) == [pk.Dose("iv", 5, 0, 5)]
    # What is left after a pause by rounding alone is not a run of the pump.
    assert len(pk.infusion(35, 40.1, pauses=[(40.1, 50)])) == 1
    assert pk.infusion(40, 40, 100, stop_at_min=120) == [pk.Dose("iv", 20, 100, 20)]


def test_one_time_may_be_given_alone() -> None:
    kamp = pk.model("kamp-2020")
    alone = kamp.curve("iv:35@0/40", at_min=40).plasma_ng_per_ml  # type: ignore[arg-type]
    assert alone.tolist() == kamp.curve("iv:35@0/40", at_min=[40]).plasma_ng_per_ml.tolist()


@pytest.mark.parametrize(
    ("work", "says"),
    [
        (lambda: pk.infusion(40, 40, pauses=[(20, 10)]), "pause"),
        (lambda: pk.infusion(40, 40, pauses=[(5, 20), (10, 30)]), "overlap"),
        (lambda: pk.infusion(40, 40, 10, stop_at_min=5), "stops before"),
        (lambda: pk.infusion_steps([(10, 1), (5, 2)], 20), "must rise"),
        (lambda: pk.infusion_steps([(0, -1)], 20), "below 0"),
        (lambda: pk.model("kamp-2020").curve([], at_min=[1]), "No dose"),
        (lambda: pk.model("kamp-2020").curve("iv:1@0/1", at_min=[]), "No time"),
        (lambda: pk.model("kamp-2020").curve("iv:1@0/1", at_min=[[1], [2]]), "plain list"),
        (lambda: pk.model("kamp-2020").curve("iv:1@0/1", at_min=["soon"]), "not a number"),
        (lambda: pk.model("kamp-2020").band("iv:1@0/1", at_min=[1]), "variability"),
        (lambda: pk.model("fanta-2015").band("iv:1@0/1", at_min=[1], level=1.5), "level"),
        (lambda: pk.model("fanta-2015").curve("iv:1@0/1", at_min=[1]).peak("caffeine"), "caffeine"),
        (lambda: pk.figure(), "1 to 5 curves"),
    ],
)
def test_what_cannot_be_is_refused(work: object, says: str) -> None:
    with pytest.raises(pk.CannotCompute, match=says):
        work()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("route", "mg_per_kg", "duration", "action"),
    [
        ("iv", 0.5, 40, None),
        ("iv", 0.51, 40, "warn"),
        ("iv", 1.0, 40, "warn"),
        ("iv", 1.01, 60, "override"),
        ("iv", 0.5, 10, "override"),
        ("iv-bolus", 0.1, None, "override"),
        ("im", 0.99, None, None),
        ("im", 1.0, None, "override"),
        ("im", 2.0, None, "override"),
        ("sc", 1.0, None, None),
    ],
)
def test_caps_and_warnings(
    route: str, mg_per_kg: float, duration: float | None, action: str | None
) -> None:
    """Warn above IV 0.5; override above IV 1.0 mg/kg per 40 min and from IM 1.0; refuse above 2.0."""
    dose = prepare_dose(route=route, mg_per_kg=mg_per_kg, weight_kg=70, duration_min=duration)
    found = "override" if dose.overrides else ("warn" if dose.warnings else None)
    assert found == action


@pytest.mark.parametrize("route", ["iv", "iv-bolus", "im"])
def test_above_two_mg_per_kg_is_refused(route: str) -> None:
    with pytest.raises(pk.CannotCompute, match="refused"):
        prepare_dose(
            route=route, mg_per_kg=2.01, weight_kg=70, duration_min=40 if route == "iv" else None
        )


@given(
    st.floats(0.05, 1.0), st.floats(30, 200), st.sampled_from(sorted(vials())), st.floats(10, 120)
)
def test_volumes_and_rates_carry_the_dose(
    mg_per_kg: float, weight: float, vial: str, minutes: float
) -> None:
    dose = prepare_dose(
        route="iv",
        mg_per_kg=mg_per_kg,
        weight_kg=weight,
        duration_min=minutes,
        vial=vial,
        bag_ml=250,
    )
    bottle = vials()[vial]
    assert dose.draw_up_ml is not None
    assert dose.pump_rate_ml_per_h is not None
    assert dose.draw_up_ml * bottle.mg_per_ml == pytest.approx(mg_per_kg * weight)
    assert dose.pump_rate_ml_per_h * minutes / 60 == pytest.approx(250)


def test_every_rule_says_how_far_it_was_checked() -> None:
    assert all(rule.mark == "choice" and rule.sentence for rule in dose_rules())
