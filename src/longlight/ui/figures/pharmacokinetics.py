"""The concentration figure: one model's curve with its band, or several models side by side.

    chart = concentration_chart([curve], DESK, band=band)

Each line carries its model and its sampling site, because arterial and venous models disagree about
twofold at the end of an infusion. A figure never shows a curve without saying whose it is.
"""

from collections.abc import Sequence

import altair as alt

from longlight.science.marks import Mark
from longlight.science.pharmacokinetics.bands import Band
from longlight.science.pharmacokinetics.curves import Curve
from longlight.science.pharmacokinetics.dosing import Dose
from longlight.ui.figures.theme import PHONE, Size, dressed, token

LINE_COLORS = ("s-conc", "s-spo2", "s-hr", "line-data", "muted")
DASHES = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3], [4, 4])
# A dose is marked under the axis, this share of the height below zero.
DOSE_ROW_SHARE = 0.06
HEADROOM = 1.08
HOURS_FROM_MIN = 600
S_ONLY = {"S-ketamine", "esketamine"}
OF_THEIR_DRUG = "Each takes the milligrams as its own drug: S-ketamine is half of the racemate."


def concentration_chart(
    curves: Sequence[Curve], size: Size, *, band: Band | None = None
) -> alt.LayerChart:
    """Plasma over time; colors by token, so that a page's theme applies."""
    top = HEADROOM * max(
        max(curve.plasma_ng_per_ml.max() for curve in curves),
        0.0 if band is None else float(band.high_ng_per_ml.max()),
    )
    end_min = max(float(curve.t_min.max()) for curve in curves)
    frame = _Frame(end_min, top)
    layers: list[alt.Chart] = [] if band is None else [_band_layer(band, frame)]
    for place, curve in enumerate(curves):
        layers.append(_line_layer(curve, place, frame))
    layers += _dose_layers(curves[0].scenario.doses, frame, size)
    layers += _name_layers(curves, frame, size)
    chart: alt.LayerChart = alt.LayerChart(layer=layers).properties(
        width=size.plot_width_px,
        height=size.plot_height_px,
        title=_title(curves, band, size),
        padding={"left": 4, "right": 8, "top": 8, "bottom": 4},
    )
    finished: alt.LayerChart = dressed(chart, size).configure_title(
        fontSize=size.text_px,
        subtitleFontSize=size.text_px,
        color=token("ink"),
        subtitleColor=token("muted"),
        anchor="start",
        fontWeight=600,
        offset=12,
    )
    return finished


class _Frame:
    """The axes: minutes, or hours where the curve is long; and room below zero for the doses."""

    def __init__(self, end_min: float, top_ng_per_ml: float) -> None:
        self.hours = end_min > HOURS_FROM_MIN
        self.unit_min = 60.0 if self.hours else 1.0
        self.floor = -2 * DOSE_ROW_SHARE * top_ng_per_ml
        self.top = top_ng_per_ml
        words = "hours" if self.hours else "minutes"
        self.end = end_min / self.unit_min
        self.x_scale = alt.Scale(domain=[0, self.end], nice=False)
        self.x = alt.X(
            "t:Q",
            scale=self.x_scale,
            axis=alt.Axis(title=f"{words} since the start", tickCount=6),
        )
        self.scale = alt.Scale(domain=[self.floor, top_ng_per_ml], nice=False)

    def y(self, field: str) -> alt.Y:
        axis = alt.Axis(
            title="ng/mL",
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleX=-24,
            titleY=-6,
            domain=False,
            grid=True,
            gridColor=token("line"),
            labelExpr="datum.value < 0 ? '' : datum.label",
            tickCount=5,
            ticks=False,
        )
        return alt.Y(field, scale=self.scale, axis=axis)


def _records(**columns: Sequence[float]) -> alt.InlineData:
    names = list(columns)
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return alt.InlineData(values=rows)


def _line_layer(curve: Curve, place: int, frame: _Frame) -> alt.Chart:
    order = curve.t_min.argsort()
    times = (curve.t_min[order] / frame.unit_min).tolist()
    line: alt.Chart = (
        alt.Chart(_records(t=times, c=curve.plasma_ng_per_ml[order].tolist()))
        .mark_line(color=token(LINE_COLORS[place]), strokeWidth=2.4, strokeDash=DASHES[place])
        .encode(x=frame.x, y=frame.y("c:Q"))
    )
    return line


def _band_layer(band: Band, frame: _Frame) -> alt.Chart:
    order = band.t_min.argsort()
    values = _records(
        t=(band.t_min[order] / frame.unit_min).tolist(),
        lo=band.low_ng_per_ml[order].tolist(),
        hi=band.high_ng_per_ml[order].tolist(),
    )
    area: alt.Chart = (
        alt.Chart(values)
        .mark_area(color=token(LINE_COLORS[0]), opacity=0.22)
        .encode(x=frame.x, y=frame.y("lo:Q"), y2="hi:Q")
    )
    return area


def _dose_layers(doses: Sequence[Dose], frame: _Frame, size: Size) -> list[alt.Chart]:
    """Infusions as bars, the rest as triangles, on a row below zero."""
    row = -DOSE_ROW_SHARE * frame.top
    bars = [d for d in doses if d.duration_min > 0]
    points = [d for d in doses if d.duration_min == 0]
    layers = []
    if bars:
        values = _records(
            t=[d.start_min / frame.unit_min for d in bars],
            e=[(d.start_min + d.duration_min) / frame.unit_min for d in bars],
            y=[row] * len(bars),
        )
        layers.append(
            alt.Chart(values)
            .mark_rule(color=token("dose"), strokeWidth=6, strokeCap="butt")
            .encode(x=frame.x, x2="e:Q", y=frame.y("y:Q"))
        )
    if points:
        values = _records(t=[d.start_min / frame.unit_min for d in points], y=[row] * len(points))
        layers.append(
            alt.Chart(values)
            .mark_point(
                shape="triangle-up",
                filled=True,
                opacity=1,
                color=token("dose"),
                size=size.triangle_area_px,
            )
            .encode(x=frame.x, y=frame.y("y:Q"))
        )
    return layers


def _name_layers(curves: Sequence[Curve], frame: _Frame, size: Size) -> list[alt.Chart]:
    """The models' names as a legend in the empty corner, each beside its own stroke."""
    if len(curves) == 1:
        return []
    line = 1.45 * size.text_px * (frame.top - frame.floor) / size.plot_height_px
    right = frame.end
    layers = []
    for place, curve in enumerate(curves):
        height = frame.top - (place + 0.6) * line
        at = _records(t=[0.42 * right], e=[0.5 * right], y=[height])
        name = ", ".join([curve.scenario.model.id, _site(curve), *_drug(curve, curves, size)])
        layers.append(
            alt.Chart(at)
            .mark_rule(color=token(LINE_COLORS[place]), strokeWidth=2.4, strokeDash=DASHES[place])
            .encode(x=frame.x, x2="e:Q", y=frame.y("y:Q"))
        )
        layers.append(
            alt.Chart(at)
            .mark_text(align="left", baseline="middle", dx=6, color=token("ink"), text=name)
            .encode(x=alt.X("e:Q", scale=frame.x_scale), y=frame.y("y:Q"))
        )
    return layers


def _site(curve: Curve) -> str:
    """The sampling site, with a question mark where it was recalled and not checked."""
    model = curve.scenario.model
    return model.sampling_site.value + ("?" if model.sampling_mark is Mark.RECALLED else "")


def _drug(curve: Curve, curves: Sequence[Curve], size: Size) -> list[str]:
    """Whose milligrams they are, where models of different drugs stand side by side; an S where there is little room."""
    analyte = curve.scenario.plasma.analyte
    if not _drugs_differ(curves):
        return []
    if size is PHONE:
        return ["S"] if analyte in S_ONLY else []
    return [analyte]


def _drugs_differ(curves: Sequence[Curve]) -> bool:
    """Whether one model is of S-ketamine alone and another of both halves: the same mg are not the same drug."""
    found = {curve.scenario.plasma.analyte for curve in curves}
    return len({each in S_ONLY for each in found}) > 1


def _title(curves: Sequence[Curve], band: Band | None, size: Size) -> alt.TitleParams:
    if len(curves) > 1:
        lines = ["The same dose in different models"]
        below = (
            "Predictions, not measurements. Sampling site (? where not checked) and people differ."
        )
        if _drugs_differ(curves):
            lines = ["The same milligrams in models of different drugs"]
            below += f" {OF_THEIR_DRUG}"
    else:
        model = curves[0].scenario.model
        lines = [model.title]
        below = f"Prediction for {model.sampling} plasma. Made from: {model.population}."
        if curves[0].scenario.absorptions:
            below += " Absorption is an assumption."
    if band is not None:
        below += f" {band.meaning}"
    width = 40 if size is PHONE else 88
    return alt.TitleParams(
        text=[part for line in lines for part in _wrapped(line, width)],
        subtitle=_wrapped(below, width),
    )


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def title(curves: Sequence[Curve]) -> str:
    """The figure's name."""
    names = ", ".join(curve.scenario.model.id for curve in curves)
    return f"Predicted ketamine concentration: {names}"


def description(curves: Sequence[Curve], band: Band | None = None) -> str:
    """What the figure shows, in sentences."""
    told = [
        f"{curve.scenario.model.id} ({curve.scenario.plasma.analyte}, "
        f"{curve.scenario.model.sampling_site.value} plasma): highest "
        f"{curve.cmax_ng_per_ml:.0f} ng/mL at {curve.tmax_min:.0f} minutes."
        for curve in curves
    ]
    if _drugs_differ(curves):
        told.append(OF_THEIR_DRUG)
    told.append("Predictions of a model, not measurements.")
    return " ".join(told + ([band.meaning] if band is not None else []))
