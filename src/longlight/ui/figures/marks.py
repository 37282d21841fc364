"""Marks under the axis (treatments by kind, unanswered check-ins) and the legend that names them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import altair as alt

from longlight.science.trajectory import Trajectory
from longlight.ui.figures.bands import LETTER_SHARE
from longlight.ui.figures.theme import Size, token
from longlight.ui.figures.words import Translate

STRIP_ROW_PX = 24
# How kinds of treatment are told apart without color, in the order in which they come; more share the last.
DOSE_MARKS = tuple(
    (shape, filled)
    for shape in ("triangle-up", "diamond", "square", "triangle-down")
    for filled in (True, False)
)

Mark: TypeAlias = Callable[[alt.Chart], alt.Chart]


def rows_of(values: Sequence[Mapping[str, object]]) -> alt.InlineData:
    """Values for a layer, without a data frame."""
    return alt.InlineData(values=[dict(row) for row in values])


def dose_mark(chart: alt.Chart, kind_index: int, size: Size) -> alt.Chart:
    """The mark of the nth kind of treatment."""
    shape, filled = DOSE_MARKS[min(kind_index, len(DOSE_MARKS) - 1)]
    marked: alt.Chart = chart.mark_point(
        shape=shape,
        size=size.triangle_area_px,
        filled=True,
        opacity=1,
        fill=token("dose" if filled else "surface"),
        stroke=token("dose"),
        strokeWidth=1.8,
    )
    return marked


def missed_mark(chart: alt.Chart, size: Size) -> alt.Chart:
    """The mark of a planned check-in that was not answered."""
    marked: alt.Chart = chart.mark_point(
        shape="circle",
        size=size.point_area_px,
        filled=False,
        opacity=1,
        color=token("muted"),
        strokeDash=[2, 2],
        strokeWidth=1.5,
    )
    return marked


def legend_panel(trajectory: Trajectory, size: Size, gettext: Translate) -> list[alt.LayerChart]:
    """One panel that names the marks under the axis, or none when there are none."""
    entries: list[tuple[str, Mark]] = []
    if any(point.value_points is None for point in trajectory.scores):
        entries.append((gettext("not answered"), partial(missed_mark, size=size)))
    for index, kind in enumerate(trajectory.dose_kinds):
        entries.append((kind, partial(dose_mark, kind_index=index, size=size)))
    return [_legend(entries, size)] if entries else []


def _legend(entries: Sequence[tuple[str, Mark]], size: Size) -> alt.LayerChart:
    """Mark and name, one after another, in rows that fit the width."""
    layers: list[alt.Chart] = []
    left, row = 0.0, 0
    for name, mark in entries:
        width = 44 + len(name) * size.text_px * LETTER_SHARE
        if left and left + width > size.plot_width_px:
            left, row = 0.0, row + 1
        y = alt.value((row + 0.5) * STRIP_ROW_PX)
        chart = alt.Chart(rows_of([{"name": name}]))
        layers.append(mark(chart).encode(x=alt.value(left + 8), y=y))
        text = chart.mark_text(align="left", baseline="middle", color=token("muted"))
        layers.append(text.encode(x=alt.value(left + 20), y=y, text="name:N"))
        left += width
    height = (row + 1) * STRIP_ROW_PX
    return alt.LayerChart(layer=layers, width=size.plot_width_px, height=height)
