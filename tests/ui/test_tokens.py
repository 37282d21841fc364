"""The stylesheet: contrast of every pair of tokens that is used, one set of names in every theme, and its weight."""

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "src/longlight/ui/static/ui"
MOST_BYTES = 14_000

_BLOCKS = {
    "light": r":root \{(.*?)\n  \}",
    "dark by system": r":root:not\(\.theme-light, \.theme-room\) \{(.*?)\n    \}",
    "dark by choice": r":root\.theme-dark \{(.*?)\n  \}",
    "room": r":root\.theme-room \{(.*?)\n  \}",
}


def themes() -> dict[str, dict[str, str]]:
    sheet = (STATIC / "tokens.css").read_text(encoding="utf-8")
    found = {}
    for name, pattern in _BLOCKS.items():
        block = re.search(pattern, sheet, re.DOTALL)
        assert block is not None, name
        found[name] = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block[1]))
    return found


THEMES = themes()


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    *((words, ground) for words in ("ink", "muted") for ground in ("page", "surface", "sunk", "band-5", "light-soft")),
    *(("brand", ground) for ground in ("page", "surface", "brand-soft", "sunk")),
    ("brand-deep", "surface"), ("brand-deep", "brand-soft"),
    ("on-brand", "brand"), ("on-brand", "brand-deep"),
    ("crisis", "surface"), ("crisis", "page"), ("on-crisis", "crisis"),
    *((name, ground) for name in ("high", "medium", "low") for ground in (f"{name}-soft", "surface", "page")),
    ("light-deep", "surface"), ("light-deep", "page"),
    *((series, "surface") for series in ("s-bp", "s-hr", "s-spo2", "s-conc")),
]  # fmt: skip
SHAPES = [
    ("edge", "surface"), ("edge", "page"), ("edge", "sunk"),
    ("line-data", "band-5"), ("dose", "surface"), ("dose", "page"),
    ("focus", "halo"), ("light-deep", "band-5"),
]  # fmt: skip


def test_the_formula_gives_the_known_ends() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # WebAIM's example


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("words", "ground"), TEXT, ids=lambda name: name)
def test_words_can_be_read(theme: str, words: str, ground: str) -> None:
    assert contrast(THEMES[theme][words], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES, ids=lambda name: name)
def test_shapes_can_be_seen(theme: str, shape: str, ground: str) -> None:
    assert contrast(THEMES[theme][shape], THEMES[theme][ground]) >= 3


def test_dark_is_the_same_by_system_and_by_choice() -> None:
    assert THEMES["dark by system"] == THEMES["dark by choice"]


def test_every_theme_has_every_color() -> None:
    assert len({frozenset(colors) for colors in THEMES.values()}) == 1


def test_severity_bands_are_steps_of_one_hue() -> None:
    for colors in THEMES.values():
        steps = [luminance(colors[f"band-{n}"]) for n in range(1, 6)]
        assert steps in (sorted(steps), sorted(steps, reverse=True))


def test_every_name_that_is_used_is_known() -> None:
    known = set(re.findall(r"--([\w-]+):", (STATIC / "tokens.css").read_text(encoding="utf-8")))
    local = {"n", "of", "x"}  # of the light line and the grade, set where they are used
    for sheet in STATIC.glob("*.css"):
        used = set(re.findall(r"var\(--([\w-]+)", sheet.read_text(encoding="utf-8")))
        assert used - known - local == set()


def test_colors_stand_in_the_tokens_only() -> None:
    for name in ("look.css", "staff.css"):
        text = (STATIC / name).read_text(encoding="utf-8")
        outside_print = re.sub(r"@media print \{.*", "", text, flags=re.DOTALL)
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", outside_print)) <= {
            "#1b2430",
            "#000",
            "#sky",
            "#glow",
        }


def test_the_stylesheet_is_light() -> None:
    assert sum(len(gzip.compress(p.read_bytes(), 9)) for p in STATIC.glob("*.css")) <= MOST_BYTES
