"""A page and a notebook load no compiler and no drawing engine until they ask for one."""

import subprocess
import sys

LOADED = """
import sys
from longlight import pk
curve = pk.model("perez-ruixo-2021").curve("in:56@0", at_min=[20, 40])
curve.cmax_ng_per_ml
{more}
print(sorted({{name.split(".")[0] for name in sys.modules}} & {{"numba", "llvmlite", "altair", "vl_convert", "polars", "django", "click"}}))
"""


def loaded_after(more: str) -> str:
    told = subprocess.run(
        [sys.executable, "-c", LOADED.format(more=more)], capture_output=True, text=True, check=True
    )
    return told.stdout.strip()


def test_a_curve_loads_neither_compiler_nor_figures() -> None:
    assert loaded_after("") == "[]"


def test_a_band_on_a_page_never_meets_the_compiler() -> None:
    band = 'pk.model("fanta-2015").band("iv:35@0/40", at_min=[40], people=50)'
    assert loaded_after(band) == "[]"


def test_a_figure_loads_the_drawing_only() -> None:
    assert loaded_after("pk.to_svg(curve)") == "['altair', 'vl_convert']"
