"""How every figure looks: two sizes, colors by token for a page and by value for print, SVG and PNG.

A definition writes a color as `var(--token)`. In a page the stylesheet gives the token its value, so that light,
dark and room need one figure; for a file or a notebook `paint` puts in the values of the light theme.
"""

import math
import re
from dataclasses import dataclass
from html import escape
from typing import TypeAlias, TypeVar

import altair as alt
import vl_convert

AnyChart: TypeAlias = alt.LayerChart | alt.VConcatChart
ChartKind = TypeVar("ChartKind", alt.LayerChart, alt.VConcatChart)

# The light theme's values, for paper and pictures. A test holds them equal to the stylesheet's tokens.
LIGHT: dict[str, str] = {
    "page": "#faf9f6",
    "surface": "#ffffff",
    "ink": "#1b2430",
    "muted": "#515c68",
    "line": "#e1ddd2",
    "edge": "#717a85",
    "brand": "#0b5d66",
    "light-deep": "#96590c",
    "band-1": "#f7f8fa",
    "band-2": "#eef1f4",
    "band-3": "#e4e9ee",
    "band-4": "#dae1e8",
    "band-5": "#cfd8e0",
    "line-data": "#14313b",
    "dose": "#96590c",
    "s-conc": "#7d5f2c",
    "s-spo2": "#244fa6",
    "s-hr": "#1d6a39",
}
BAND_STEPS = 5
# A page puts its own font over this one. The drawing engine carries metric twins of it, so that text takes the same
# room on every machine.
FONT = "Arial, sans-serif"


@dataclass(frozen=True)
class Size:
    """A figure is drawn for a width, never scaled from another."""

    name: str
    plot_width_px: int
    plot_height_px: int
    text_px: int
    point_area_px: int
    triangle_area_px: int
    most_ticks: int


# A phone of 360 px leaves 302 inside a figure's card, a desk page of 720 px leaves 608.
PHONE = Size("phone", 258, 264, 14, 64, 52, 4)
DESK = Size("desk", 568, 280, 14, 70, 95, 6)


def token(name: str) -> str:
    """A color by its token."""
    return f"var(--{name})"


def dressed(chart: ChartKind, size: Size) -> ChartKind:
    """Fonts, axes and ground as every figure has them."""
    styled: ChartKind = (
        chart.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=size.text_px,
            titleFontSize=size.text_px,
            labelColor=token("muted"),
            titleColor=token("muted"),
            titleFontWeight="normal",
            domainColor=token("edge"),
            tickColor=token("edge"),
            labelPadding=6,
            grid=False,
        )
        .configure_text(fontSize=size.text_px)
    )
    return styled


def paint(specification: str, palette: dict[str, str] | None = None) -> str:
    """Put colors by value where a definition names tokens."""
    colors = LIGHT if palette is None else palette
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda match: colors[match[1]], specification)


def _drawn(specification: str) -> str:
    svg: str = vl_convert.vegalite_to_svg(specification, show_warnings=False)
    return re.sub(r"(\d+\.\d{2})\d+", r"\1", svg)


def _dimension(svg: str, name: str) -> int:
    match = re.search(rf'<svg[^>]*\s{name}="([\d.]+)"', svg)
    assert match is not None
    return math.ceil(float(match[1]))


# What the drawing engine writes and no reader needs: inner roles and names (the whole is one image), defaults,
# and shapes without extent.
_NEEDLESS = re.compile(
    r'\s(aria-[a-z]+|role|class|style|pointer-events|stroke-miterlimit)="[^"]*"'
    r'|\s(opacity="1"|font-weight="normal"|transform="translate\(0,0\)")'
    r"|<title>.*?</title>|<desc>.*?</desc>"
)
_EMPTY = re.compile(r'<g[^>]*></g>|<g[^>]*/>|<path d="(M0,0h0v0h0Z)?"[^>]*?(/>|></path>)')


def _bare_body(svg: str) -> str:
    """What is inside the SVG, as short as it can be said."""
    body = _NEEDLESS.sub("", svg[svg.index(">") + 1 :])
    while (emptier := _EMPTY.sub("", body)) != body:
        body = emptier
    return body


def drawn_svg(specification: str) -> str:
    """SVG with colors by token, for `ui.svg.inline_plot`, which names it and makes it fit for a page."""
    svg = _drawn(specification)
    return svg[: svg.index(">") + 1] + _bare_body(svg)


def file_svg(specification: str, *, title: str, desc: str) -> str:
    """SVG that stands alone: colors by value, on white, one named image."""
    svg = _drawn(paint(specification))
    width, height = _dimension(svg, "width"), _dimension(svg, "height")
    return (
        f'<svg role="img" aria-labelledby="figure-t figure-d" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="figure-t">{escape(title)}</title><desc id="figure-d">{escape(desc)}</desc>'
        f'<rect width="{width}" height="{height}" fill="{LIGHT["surface"]}"/>{_bare_body(svg)}'
    )


def file_png(specification: str) -> bytes:
    """PNG at twice the pixels, colors by value, on white."""
    painted = paint(specification).replace(
        '"background": "transparent"', f'"background": "{LIGHT["surface"]}"'
    )
    png: bytes = vl_convert.vegalite_to_png(painted, scale=2, show_warnings=False)
    return png
