"""What each published model says of itself, and numbers that its paper gives besides the parameters."""

import pytest

from longlight import pk

IDS = {
    "domino", "clements-250", "kamp-2020", "herd-2007", "perez-ruixo-2021",
    "fanta-2015", "otto-2021", "simons-2022", "hornik-2018", "hijazi-2003",
}  # fmt: skip


def test_all_ten_models_run_and_the_rest_say_what_is_missing() -> None:
    models = {model.id: model for model in pk.models()}
    assert {name for name, model in models.items() if model.complete} == IDS
    for model in models.values():
        assert model.complete or model.missing
        assert model.sampling_site in ("arterial", "venous", "mixed")
        assert model.population
        assert all(parameter.source and parameter.mark for parameter in model.parameters.values())


@pytest.mark.parametrize(
    ("model_id", "clearance_l_per_min"),
    [
        ("domino", 1.93158),
        ("clements-250", 0.0190990 * 70),
        ("kamp-2020", 84 / 60),
        ("herd-2007", 1.5),
    ],
)
def test_area_is_dose_over_clearance(model_id: str, clearance_l_per_min: float) -> None:
    curve = pk.model(model_id).curve("iv:35@0/40", at_min=[40], weight_kg=70)
    assert curve.auc_inf_ng_min_per_ml == pytest.approx(35_000 / clearance_l_per_min, rel=1e-5)


def test_clements_terminal_half_life() -> None:
    """183 min, derived from the printed micro-constants."""
    late = pk.model("clements-250").curve("iv-bolus:20@0", at_min=[2000, 2183]).plasma_ng_per_ml
    assert late[1] / late[0] == pytest.approx(0.5, abs=0.005)


def test_domino_effect_site_peaks_three_minutes_after_a_bolus() -> None:
    """The rate of the effect site was solved from that time by stanpumpR."""
    curve = pk.model("domino").curve("iv-bolus:20@0", at_min=[0, 3])
    _, peak_min = curve.peak("effect site")
    assert peak_min == pytest.approx(3.0, abs=0.01)
    assert curve.effect_site_ng_per_ml is not None
    assert curve.effect_site_ng_per_ml[0] == pytest.approx(0, abs=1e-10)


def test_perez_ruixo_clearance_and_volume() -> None:
    """Hepatic extraction 0.722, clearance 109 L/h (the paper's abstract: 114), oral availability 0.178."""
    model = pk.model("perez-ruixo-2021")
    intravenous = model.curve("iv:28@0/40", at_min=[40])
    assert 28_000 / intravenous.auc_inf_ng_min_per_ml * 60 == pytest.approx(109.0, rel=0.001)
    oral = model.curve("po:28@0", at_min=[40])
    share = oral.auc_inf_ng_min_per_ml / intravenous.auc_inf_ng_min_per_ml
    assert share == pytest.approx(0.178, abs=0.0005)


def test_fanta_and_otto_share_the_parent() -> None:
    at = [5, 40, 200]
    fanta = pk.model("fanta-2015").curve("iv:20@0/30", at_min=at, weight_kg=80)
    otto = pk.model("otto-2021").curve("iv:20@0/30", at_min=at, weight_kg=80)
    assert fanta.plasma_ng_per_ml == pytest.approx(otto.plasma_ng_per_ml, rel=1e-13)
    assert list(otto.metabolite_ng_per_ml) == ["S-norketamine"]
    assert fanta.metabolite_ng_per_ml == {}


def test_otto_metabolite_area_is_dose_over_its_clearance() -> None:
    curve = pk.model("otto-2021").curve("iv:20@0/30", at_min=[1])
    area = curve.auc_ng_min_per_ml(analyte="S-norketamine")
    assert area == pytest.approx(20_000 / (57.72 / 60), rel=1e-10)


def test_simons_film_area_is_its_mucosal_share() -> None:
    """The swallowed part never reaches plasma as ketamine: AUC ratio film to intravenous is F1."""
    model = pk.model("simons-2022")
    film = model.curve("sl:50@0", at_min=[1]).auc_inf_ng_min_per_ml
    intravenous = model.curve("iv:50@0/20", at_min=[1]).auc_inf_ng_min_per_ml
    assert film / intravenous == pytest.approx(0.263, rel=1e-10)


def test_simons_metabolites_conserve_moles() -> None:
    """80 % of what leaves the parent becomes norketamine: AUC = 0.8 dose × (223.70 / 237.73) / CLN1."""
    curve = pk.model("simons-2022").curve("iv:20@0/20", at_min=[1])
    area = curve.auc_ng_min_per_ml(analyte="S-norketamine")
    assert area == pytest.approx(0.8 * 20_000 * (223.70 / 237.73) / 1.00, rel=1e-9)
