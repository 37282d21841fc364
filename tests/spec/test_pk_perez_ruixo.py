"""Perez-Ruixo 2021, Table 4: typical exposure after the nasal spray, published from the model itself."""

import pytest

from longlight import pk

# (asian, japanese, age), dose in mg: esketamine Cmax, AUC0-24 (ng·h/mL), noresketamine Cmax.
# Table 4 of the paper as transcribed in public code; the 70-year-olds stand for "over 60".
TABLE_4 = {
    (0, 0, 45): {28: (43.8, 147.3, 59.1), 56: (72.5, 254.7, 119.7), 84: (101.0, 362.2, 180.0)},
    (1, 0, 45): {28: (44.1, 158.2, 73.4), 56: (73.2, 275.9, 148.5), 84: (102.4, 393.5, 223.5)},
    (1, 1, 45): {28: (57.5, 194.7, 72.1), 56: (94.5, 335.1, 146.3), 84: (131.3, 475.4, 220.4)},
}
ROWS = [(who, mg, *row) for who, doses in TABLE_4.items() for mg, row in doses.items()]


@pytest.mark.parametrize(("who", "mg", "cmax", "auc", "metabolite"), ROWS)
def test_table_4_is_reproduced(
    who: tuple[int, int, int], mg: int, cmax: float, auc: float, metabolite: float
) -> None:
    asian, japanese, age = who
    curve = pk.model("perez-ruixo-2021").curve(
        f"in:{mg}@0", at_min=[30], covariates={"asian": asian, "japanese": japanese, "age": age}
    )
    within = 0.02 if not asian else 0.05
    assert curve.cmax_ng_per_ml == pytest.approx(cmax, rel=within)
    assert curve.auc_ng_min_per_ml(1440) / 60 == pytest.approx(auc, rel=within)
    assert curve.peak("noresketamine")[0] == pytest.approx(
        metabolite, rel=0.01 if not asian else within
    )


@pytest.mark.parametrize("mg", [56, 84])
def test_devices_five_minutes_apart_come_closer_to_the_table(mg: int) -> None:
    """The label gives devices 5 min apart. The second and third count as later devices of one session."""
    devices = [pk.Dose("in", 28, 5.0 * i) for i in range(mg // 28)]
    apart = pk.model("perez-ruixo-2021").curve(devices, at_min=[30]).cmax_ng_per_ml
    together = pk.model("perez-ruixo-2021").curve(f"in:{mg}@0", at_min=[30]).cmax_ng_per_ml
    published = TABLE_4[(0, 0, 45)][mg][0]
    assert apart == pytest.approx(published, rel=0.005)
    assert abs(apart - published) < abs(together - published)


def test_the_second_device_is_absorbed_less_through_the_nose() -> None:
    """28, 56 and 84 mg: effective nasal shares 0.54, 0.4374, 0.4032, as the paper's derivation gives."""
    extraction = 101 * 3.88 / (151 + 101 * 3.88)
    for mg, nasal in ((28, 0.54), (56, 0.4374), (84, 0.4032)):
        reach = nasal + (1 - nasal) * 0.64 * (1 - extraction)
        curve = pk.model("perez-ruixo-2021").curve(f"in:{mg}@0", at_min=[30])
        intravenous = pk.model("perez-ruixo-2021").curve(f"iv:{mg}@0/40", at_min=[30])
        ratio = curve.auc_inf_ng_min_per_ml / intravenous.auc_inf_ng_min_per_ml
        assert ratio == pytest.approx(reach, rel=1e-9)


def test_a_new_session_starts_with_a_first_device() -> None:
    model = pk.model("perez-ruixo-2021")
    week = 7 * 1440.0
    twice = model.curve(["in:28@0", f"in:28@{week}"], at_min=[30])
    once = model.curve("in:28@0", at_min=[30])
    assert twice.auc_inf_ng_min_per_ml == pytest.approx(2 * once.auc_inf_ng_min_per_ml, rel=1e-12)


def test_someone_japanese_is_asian_too() -> None:
    model = pk.model("perez-ruixo-2021")
    short = model.curve("in:56@0", at_min=[30], covariates={"japanese": 1})
    full = model.curve("in:56@0", at_min=[30], covariates={"japanese": 1, "asian": 1})
    assert short.cmax_ng_per_ml == full.cmax_ng_per_ml
    with pytest.raises(pk.CannotCompute, match="goes with asian=1"):
        model.curve("in:56@0", at_min=[30], covariates={"japanese": 1, "asian": 0})
