"""A figure in a file has the colors that the page's light theme gives its tokens."""

import re
from pathlib import Path

from longlight.ui.figures.theme import LIGHT

TOKENS = Path(__file__).parents[2] / "src/longlight/ui/static/ui/tokens.css"


def test_colors_by_value_are_the_stylesheet_s() -> None:
    light = TOKENS.read_text(encoding="utf-8").split("@media", 1)[0]
    known = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", light))
    assert {name: known.get(name) for name in LIGHT} == LIGHT
