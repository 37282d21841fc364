"""The dosing day on paper, and where no script runs: signs against time, and the predicted concentration under them.

The monitor draws the same with uPlot, from the same numbers; both share one axis of minutes since the dose began.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from longlight.ui.figures.theme import Size, dressed, token

BAR_PX, TICK_PX = 3, 12
OXYGEN_HEIGHT_PX, CURVE_HEIGHT_PX = 44, 88
BEFORE_MIN, AFTER_MIN = 10, 90  # the least that the axis shows around the beginning
PAPER = Size("paper", 600, 180, 13, 46, 60, 8)
HEADROOM = 1.1


@dataclass(frozen=True)
class SignsAt:
    """Signs at a minute since the dose began; None where not measured."""

    t_min: float
    systolic_mmhg: int | None
    diastolic_mmhg: int | None
    heart_rate_bpm: int | None
    oxygen_saturation_percent: int | None


@dataclass(frozen=True)
class CurveAt:
    """The model's answer at a minute: line, and the edges of its band."""

    t_min: float
    line_ng_per_ml: float
    low_ng_per_ml: float
    high_ng_per_ml: float


@dataclass(frozen=True)
class DosingFigure:
    """What both plots show. `until_min`: up to then it was given; what lies beyond is drawn broken."""

    signs: Sequence[SignsAt]
    curve: Sequence[CurveAt]
    limits: dict[str, float]
    until_min: float
    words: dict[str, str]  # axis, systolic, diastolic, oxygen: translated by the page


def signs_chart(drawn: DosingFigure, size: Size = PAPER) -> alt.VConcatChart:
    """Pressure as bars from diastolic to systolic, pulse as a line; oxygen under them on its own scale."""
    x = _minutes(drawn, title=None)
    chart: alt.VConcatChart = alt.VConcatChart(
        vconcat=[
            _pressure(drawn, x).properties(width=size.plot_width_px, height=size.plot_height_px),
            _oxygen(drawn, x).properties(width=size.plot_width_px, height=OXYGEN_HEIGHT_PX),
        ],
        spacing=8,
        padding={"left": 2, "right": 6, "top": 6, "bottom": 2},
    )
    return dressed(chart, size)


def curve_chart(drawn: DosingFigure, size: Size = PAPER) -> alt.LayerChart:
    """The predicted line in its band: whole where it was given, broken after."""
    x = _minutes(drawn, title=drawn.words["axis"])
    top = HEADROOM * max(each.high_ng_per_ml for each in drawn.curve)

    def y(field: str) -> alt.Y:
        axis = alt.Axis(title=None, tickCount=3, ticks=False, domain=False)
        return alt.Y(field, scale=alt.Scale(domain=[0, top], nice=False), axis=axis)

    rows = [
        {"t": c.t_min, "line": c.line_ng_per_ml, "lo": c.low_ng_per_ml, "hi": c.high_ng_per_ml}
        for c in drawn.curve
    ]
    given = [row for row in rows if row["t"] <= drawn.until_min]
    ahead = [row for row in rows if row["t"] >= drawn.until_min]
    color = token("s-conc")
    layers = [
        alt.Chart(alt.InlineData(values=rows))
        .mark_area(color=color, opacity=0.24)
        .encode(x=x, y=y("lo:Q"), y2="hi:Q")
    ]
    for part, dash in ((given, [1, 0]), (ahead, [5, 4])):
        layers.append(
            alt.Chart(alt.InlineData(values=part))
            .mark_line(color=color, strokeWidth=2.2, strokeDash=dash)
            .encode(x=x, y=y("line:Q"))
        )
    chart: alt.LayerChart = alt.LayerChart(layer=layers).properties(
        width=size.plot_width_px,
        height=CURVE_HEIGHT_PX,
        padding={"left": 2, "right": 6, "top": 6, "bottom": 2},
    )
    return dressed(chart, size)


def domain_of(drawn: DosingFigure) -> tuple[float, float]:
    """The minutes that every plot of the day shows."""
    times = [s.t_min for s in drawn.signs] + [c.t_min for c in drawn.curve]
    return min([-BEFORE_MIN, *times]), max([AFTER_MIN, *times])


def _minutes(drawn: DosingFigure, *, title: str | None) -> alt.X:
    axis = alt.Axis(
        title=title, grid=True, gridColor=token("line"), labels=title is not None,
        ticks=title is not None, domain=title is not None, tickCount=8,
    )  # fmt: skip
    return alt.X("t:Q", scale=alt.Scale(domain=list(domain_of(drawn)), nice=False), axis=axis)


def _y(field: str, low: float, high: float, ticks: Sequence[int]) -> alt.Y:
    axis = alt.Axis(title=None, values=list(ticks), ticks=False, domain=False)
    return alt.Y(field, scale=alt.Scale(domain=[low, high], nice=False), axis=axis)


def _limit_layers(drawn: DosingFigure, names: Sequence[str], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    end = domain_of(drawn)[1]
    rows = [
        {"t": end, "v": drawn.limits[name], "n": f"{drawn.words[name]} {drawn.limits[name]:g}"}
        for name in names
        if name in drawn.limits
    ]
    limits = alt.Chart(alt.InlineData(values=rows))
    return [
        limits.mark_rule(color=token("muted"), strokeDash=[6, 4]).encode(y=y),
        limits.mark_text(align="right", dy=-8, color=token("muted")).encode(x=x, y=y, text="n:N"),
    ]


def _pressure(drawn: DosingFigure, x: alt.X) -> alt.LayerChart:
    values = [
        value
        for s in drawn.signs
        for value in (s.systolic_mmhg, s.diastolic_mmhg, s.heart_rate_bpm)
        if value is not None
    ]
    low, high = min([40, *values]), max([195, *values])

    def y(field: str) -> alt.Y:
        return _y(field, low, high, (60, 100, 140, 180))

    both = [
        {"t": s.t_min, "sys": s.systolic_mmhg, "dia": s.diastolic_mmhg}
        for s in drawn.signs
        if s.systolic_mmhg is not None and s.diastolic_mmhg is not None
    ]
    pulse = [
        {"t": s.t_min, "hr": s.heart_rate_bpm} for s in drawn.signs if s.heart_rate_bpm is not None
    ]
    bars = alt.Chart(alt.InlineData(values=both))
    line = alt.Chart(alt.InlineData(values=pulse))
    bp, hr = token("s-bp"), token("s-hr")
    layers = _limit_layers(drawn, ("systolic", "diastolic"), x, y("v:Q"))
    layers.append(
        bars.mark_rule(color=bp, strokeWidth=BAR_PX).encode(x=x, y=y("sys:Q"), y2="dia:Q")
    )
    for field in ("sys:Q", "dia:Q"):
        ticks = bars.mark_tick(color=bp, thickness=3, size=TICK_PX, orient="horizontal", opacity=1)
        layers.append(ticks.encode(x=x, y=y(field)))
    layers.append(line.mark_line(color=hr, strokeWidth=2.2).encode(x=x, y=y("hr:Q")))
    points = line.mark_point(color=hr, filled=True, size=40, shape="circle", opacity=1)
    layers.append(points.encode(x=x, y=y("hr:Q")))
    return alt.LayerChart(layer=layers)


def _oxygen(drawn: DosingFigure, x: alt.X) -> alt.LayerChart:
    rows = [
        {"t": s.t_min, "o": s.oxygen_saturation_percent}
        for s in drawn.signs
        if s.oxygen_saturation_percent is not None
    ]
    low = min([88, *(int(row["o"]) for row in rows)])

    def y(field: str) -> alt.Y:
        return _y(field, low, 101, (90, 100))

    series = alt.Chart(alt.InlineData(values=rows))
    color = token("s-spo2")
    layers = _limit_layers(drawn, ("oxygen",), x, y("v:Q"))
    layers.append(series.mark_line(color=color, strokeWidth=2.2).encode(x=x, y=y("o:Q")))
    points = series.mark_point(color=color, filled=True, size=40, shape="square", opacity=1)
    layers.append(points.encode(x=x, y=y("o:Q")))
    return alt.LayerChart(layer=layers)
