"""The dosing day on paper: both plots share their minutes, limits are named, and what lies ahead is drawn broken."""

import json
from typing import Any

import pytest

from longlight.ui.figures.dosing_day import (
    CurveAt,
    DosingFigure,
    SignsAt,
    curve_chart,
    domain_of,
    signs_chart,
)
from longlight.ui.figures.theme import drawn_svg

WORDS = {"axis": "minutes", "systolic": "systolic limit", "diastolic": "diastolic limit", "oxygen": "limit"}  # fmt: skip
DRAWN = DosingFigure(
    (SignsAt(-8, 126, 78, 72, 98), SignsAt(10, 134, 84, 78, None), SignsAt(20, None, None, 84, 97)),
    (CurveAt(0, 0, 0, 0), CurveAt(40, 180, 150, 210), CurveAt(130, 30, 20, 60)),
    {"systolic": 180, "diastolic": 110, "oxygen": 94},
    40,
    WORDS,
)


def minutes(chart: dict[str, Any], layer: dict[str, Any]) -> list[float]:
    """The minutes that a layer draws."""
    rows = layer["data"].get("values") or chart["datasets"][layer["data"]["name"]]
    return [row["t"] for row in rows]


def test_both_plots_share_their_minutes() -> None:
    assert domain_of(DRAWN) == (-10, 130)
    domains = [
        json.dumps(layer["encoding"]["x"]["scale"]["domain"])
        for chart in (*signs_chart(DRAWN).to_dict()["vconcat"], curve_chart(DRAWN).to_dict())
        for layer in chart["layer"]
        if "x" in layer["encoding"]
    ]
    assert set(domains) == {"[-10, 130]"}


@pytest.mark.parametrize("limit", ["systolic limit 180", "diastolic limit 110", "limit 94"])
def test_a_limit_is_named_in_the_drawing(limit: str) -> None:
    assert limit in drawn_svg(signs_chart(DRAWN).to_json())


def test_what_was_not_measured_is_not_drawn() -> None:
    chart = signs_chart(DRAWN).to_dict()
    pressure, oxygen = chart["vconcat"]
    assert minutes(chart, oxygen["layer"][-1]) == [-8, 20]
    assert minutes(chart, pressure["layer"][2]) == [-8, 10]


def test_the_line_is_whole_up_to_the_end_and_broken_after() -> None:
    chart = curve_chart(DRAWN).to_dict()
    _band, given, ahead = chart["layer"]
    assert minutes(chart, given) == [0, 40]
    assert minutes(chart, ahead) == [40, 130]
    assert given["mark"]["strokeDash"] != ahead["mark"]["strokeDash"]
