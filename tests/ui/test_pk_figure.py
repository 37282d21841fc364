"""The concentration figure: whose curve it is stands in it, in words too."""

import json

import pytest

from longlight import pk
from longlight.ui.figures.pharmacokinetics import concentration_chart, description
from longlight.ui.figures.theme import DESK, PHONE, drawn_svg

DOSE = "iv:35@0/40"
TIMES = pk.times_to_draw(DOSE)


def curve(model_id: str) -> pk.Curve:
    return pk.model(model_id).curve(DOSE, at_min=TIMES)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_an_svg_names_model_site_and_people(size: str) -> None:
    svg = pk.to_svg(curve("kamp-2020"), size=size)
    assert "Kamp 2020" in svg
    assert "arterial" in svg
    assert "14 raw data sets" in svg
    assert "not measurements" in svg


def test_models_compared_each_carry_their_site() -> None:
    svg = pk.to_svg(curve("kamp-2020"), curve("fanta-2015"), curve("domino"))
    for name in ("kamp-2020, arterial", "fanta-2015, venous", "domino, venous?"):
        assert name in svg


@pytest.mark.parametrize(
    ("beside", "says"), [("domino", False), ("fanta-2015", True), ("perez-ruixo-2021", True)]
)
def test_models_of_different_drugs_say_whose_milligrams_they_take(beside: str, says: bool) -> None:
    pair = [curve("kamp-2020"), curve(beside)]
    drug = pair[1].scenario.plasma.analyte
    assert ("own drug" in description(pair)) is says
    desk, phone = (concentration_chart(pair, size).to_json() for size in (DESK, PHONE))
    assert ("own drug" in desk) is says
    assert (f', {drug}"' in desk) is says
    assert (', S"' in phone) is says


def test_a_band_says_what_it_is() -> None:
    model = pk.model("fanta-2015")
    band = model.band(DOSE, at_min=TIMES, people=200)
    svg = pk.to_svg(curve("fanta-2015"), band=band)
    assert "Middle 90 %" in svg
    assert (band.low_ng_per_ml <= band.median_ng_per_ml).all()
    assert (band.median_ng_per_ml <= band.high_ng_per_ml).all()
    wider = model.band(DOSE, at_min=TIMES, people=200, residual=True)
    assert (wider.high_ng_per_ml - wider.low_ng_per_ml).sum() > (
        band.high_ng_per_ml - band.low_ng_per_ml
    ).sum()


def test_an_assumed_absorption_is_named_in_the_picture() -> None:
    assumed = pk.model("kamp-2020").curve("im:35@0", at_min=TIMES, absorption="im-kamp-2020")
    assert "assumption" in pk.to_svg(assumed)


def test_a_page_gets_colors_by_token_and_a_notebook_by_value() -> None:
    one = curve("kamp-2020")
    specification = concentration_chart([one], PHONE).to_json()
    inside = drawn_svg(specification)
    assert "var(--s-conc)" in inside
    assert "style=" not in inside
    assert "253 ng/mL at 40 minutes" in description([one])
    assert "var(--" not in json.dumps(pk.figure(one).to_dict())
    assert concentration_chart([one], DESK).width > concentration_chart([one], PHONE).width


def test_a_png_is_a_png() -> None:
    assert pk.to_png(curve("kamp-2020")).startswith(b"\x89PNG")
