"""The trajectory figure: scores over time, one panel for each instrument, treatments marked under the axis.

    chart = trajectory_chart(trajectory, scales_of(trajectory), PHONE)

A line joins only what `science.trajectory.runs` lets it join. Time is counted in days from the first day, so that a
figure is the same in every time zone; labels are made here, in the words of `gettext`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

import altair as alt

from longlight.science.trajectory import (
    DosePoint,
    JoinRule,
    Scale,
    ScorePoint,
    Trajectory,
    runs,
    scale_for,
)
from longlight.ui.figures.bands import Box, band_steps, place_name
from longlight.ui.figures.marks import STRIP_ROW_PX, dose_mark, legend_panel, missed_mark, rows_of
from longlight.ui.figures.theme import AnyChart, Size, dressed, token
from longlight.ui.figures.words import MONTHS, Translate, direction, same

VALUE_LABEL_EXTRA_PX = 3
# Days between the marks of the time axis; the first that is wide enough is taken.
TICK_STEPS_DAYS = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1820, 3640)


class NothingToDraw(ValueError):
    """There is no score, so there is no figure."""


@dataclass(frozen=True)
class Frame:
    """Where time lies in a figure."""

    origin: datetime
    first_day: float
    last_day: float
    data_days: float  # from the origin to the last point
    size: Size

    def day(self, at: datetime) -> float:
        return (at - self.origin).total_seconds() / 86_400

    def x_px(self, day: float) -> float:
        share = (day - self.first_day) / (self.last_day - self.first_day)
        return share * self.size.plot_width_px


def scales_of(trajectory: Trajectory) -> dict[str, Scale]:
    """The axis of each instrument in a trajectory."""
    return {
        name: scale_for(
            name,
            tuple(
                point.value_points
                for point in trajectory.of_instrument(name)
                if point.value_points is not None
            ),
        )
        for name in trajectory.instruments
    }


def trajectory_chart(
    trajectory: Trajectory,
    size: Size,
    *,
    scales: Mapping[str, Scale] | None = None,
    rule: JoinRule | None = None,
    gettext: Translate = same,
    legend: bool = False,
) -> AnyChart:
    """The figure as an Altair chart, colors by token. With `legend` its marks are named inside it."""
    names = [
        name
        for name in trajectory.instruments
        if any(point.value_points is not None for point in trajectory.of_instrument(name))
    ]
    if not names:
        raise NothingToDraw("There is no score to draw: give at least one row of kind score.")
    frame = _frame(trajectory, size)
    known = scales or scales_of(trajectory)
    panels = [
        Panel(frame, known[name], trajectory.of_instrument(name), trajectory.doses, rule, gettext)
        for name in names
    ]
    layers = [panel.chart(is_lowest=panel is panels[-1]) for panel in panels]
    if legend:
        layers.extend(legend_panel(trajectory, size, gettext))
    if len(layers) == 1:
        return dressed(layers[0].properties(padding=_PADDING), size)
    return dressed(alt.vconcat(*layers, spacing=34).properties(padding=_PADDING), size)


_PADDING = {"left": 4, "right": 6, "top": 22, "bottom": 4}


def _frame(trajectory: Trajectory, size: Size) -> Frame:
    moments = [point.at for point in trajectory.scores] + [dose.at for dose in trajectory.doses]
    origin = datetime.combine(min(moments).date(), time.min)
    first = (min(moments) - origin).total_seconds() / 86_400
    last = (max(moments) - origin).total_seconds() / 86_400
    span = max(last - first, 7.0)
    # Room on both sides for the first and the last score's number.
    side_px = 2.2 * (size.text_px + VALUE_LABEL_EXTRA_PX)
    margin = span * side_px / (size.plot_width_px - 2 * side_px)
    return Frame(origin, first - margin, first + span + margin, last, size)


@dataclass(frozen=True)
class Panel:
    """One instrument's scores on its own scale, with the treatments under them."""

    frame: Frame
    scale: Scale
    points: Sequence[ScorePoint]
    doses: Sequence[DosePoint]
    rule: JoinRule | None
    gettext: Translate

    @property
    def answered(self) -> list[ScorePoint]:
        return [point for point in self.points if point.value_points is not None]

    @property
    def missed(self) -> list[ScorePoint]:
        return [point for point in self.points if point.value_points is None]

    @property
    def strip_rows(self) -> int:
        return bool(self.missed) + bool(self.doses)

    @property
    def points_per_px(self) -> float:
        return (self.scale.high_points - self.scale.low_points) / self.frame.size.plot_height_px

    @property
    def lowest_drawn(self) -> float:
        return self.scale.low_points - self.strip_rows * STRIP_ROW_PX * self.points_per_px

    def y_px(self, value: float) -> float:
        return (self.scale.high_points - value) / self.points_per_px

    def strip_at(self, row: int) -> float:
        """The middle of a row under the axis, in points of the scale."""
        return self.scale.low_points - (row + 0.5) * STRIP_ROW_PX * self.points_per_px

    def chart(self, *, is_lowest: bool) -> alt.LayerChart:
        x = self._x(labeled=is_lowest)
        layers = [*self._bands(), *self._lines(x), *self._scores(x), *self._strip(x)]
        height = self.frame.size.plot_height_px + self.strip_rows * STRIP_ROW_PX
        width = self.frame.size.plot_width_px
        return alt.LayerChart(layer=layers, width=width, height=height)

    # Axes

    def _x(self, *, labeled: bool) -> alt.X:
        ticks = axis_ticks(self.frame, self.gettext)
        labels = ", ".join(f"'{day}': {lines}" for day, lines in ticks.items())
        return alt.X(
            "day:Q",
            scale=alt.Scale(domain=[self.frame.first_day, self.frame.last_day], nice=False),
            title=None,
            axis=alt.Axis(
                values=list(ticks),
                labelExpr=f"({{{labels}}})[datum.value]",
                labels=labeled,
                ticks=labeled,
                domain=labeled,
                labelOverlap=False,
                labelAlign="center",
                labelFlush=False,
                labelBound=False,
                grid=False,
            ),
        )

    def _y_scale(self) -> alt.Scale:
        return alt.Scale(domain=[self.lowest_drawn, self.scale.high_points], nice=False)

    def _y(self, field: str = "value:Q") -> alt.Y:
        edges = sorted(
            {self.scale.low_points, self.scale.high_points}
            | {band.low_points for band in self.scale.bands}
        )
        values = edges if self.scale.bands else list(_round_steps(self.scale))
        return alt.Y(
            field,
            scale=self._y_scale(),
            axis=alt.Axis(
                values=values,
                title=_axis_title(self.scale, self.gettext),
                titleAngle=0,
                titleAlign="left",
                titleAnchor="start",
                titleX=0,
                titleY=-12,
                titleBaseline="bottom",
                grid=False,
                domain=False,
                ticks=False,
            ),
        )

    def _plain_y(self, field: str) -> alt.Y:
        return alt.Y(field, scale=self._y_scale())

    # Layers, from the ground up

    def _bands(self) -> list[alt.Chart]:
        width = self.frame.size.plot_width_px
        layers = []
        for step, band in zip(band_steps(self.scale), self.scale.bands, strict=True):
            edges = rows_of([{"low": band.low_points, "high": band.high_points}])
            layers.append(
                alt.Chart(edges)
                .mark_rect(color=token(f"band-{step}"))
                .encode(
                    x=alt.value(0), x2=alt.value(width), y=self._plain_y("low:Q"), y2="high:Q"
                )
            )  # fmt: skip
        names = [
            self._band_name(band.low_points, band.high_points, band.name)
            for band in self.scale.bands
        ]
        ground = alt.Chart(rows_of([{"low": self.scale.low_points}]))
        rule = ground.mark_rule(color=token("edge"), strokeWidth=1).encode(y=self._plain_y("low:Q"))
        return [*layers, *(name for name in names if name is not None), rule]

    def _band_name(self, low: float, high: float, name: str) -> alt.Chart | None:
        size = self.frame.size
        word = self.gettext(name)
        top, bottom = self.y_px(high), self.y_px(low)
        if bottom - top < size.text_px:
            return None  # no room for it: the table and the words below name every band
        middle = (top + bottom) / 2
        place = place_name(word, middle, size, self._taken())
        at = rows_of([{"middle": (low + high) / 2, "name": word}])
        text: alt.Chart = alt.Chart(at).mark_text(
            align=place.align, baseline="middle", fontSize=size.text_px, color=token("muted")
        )
        return text.encode(x=alt.value(place.x_px), y=self._plain_y("middle:Q"), text="name:N")

    def _taken(self) -> list[Box]:
        """The places in the plot where a score, its number or a line lies."""
        places = [self._place(point) for point in self.answered]
        boxes = [Box(x - 8, y - 8, x + 8, y + 8) for x, y in places]
        number_px = 2.2 * (self.frame.size.text_px + VALUE_LABEL_EXTRA_PX)
        (first_x, first_y), (last_x, last_y) = places[0], places[-1]
        boxes.append(Box(first_x - number_px, first_y - 12, first_x, first_y + 12))
        boxes.append(Box(last_x, last_y - 12, last_x + number_px, last_y + 12))
        for run in runs(self.points, self.rule):
            line = [self._place(point) for point in run]
            for start, end in pairwise(line):
                boxes.extend(Box.along(start, end))
        return boxes

    def _place(self, point: ScorePoint) -> tuple[float, float]:
        assert point.value_points is not None
        return self.frame.x_px(self.frame.day(point.at)), self.y_px(point.value_points)

    def _row(self, point: ScorePoint, run: int = 0) -> dict[str, object]:
        return {
            "day": round(self.frame.day(point.at), 4),
            "value": point.value_points,
            "run": run,
            "at": point.at.isoformat(),
        }

    def _lines(self, x: alt.X) -> list[alt.Chart]:
        rows = [
            self._row(point, number)
            for number, run in enumerate(runs(self.points, self.rule))
            if len(run) > 1
            for point in run
        ]
        line = alt.Chart(rows_of(rows)).mark_line(
            color=token("line-data"), strokeWidth=2.6, strokeJoin="round"
        )
        return [line.encode(x=x, y=self._y(), detail="run:N")] if rows else []

    def _scores(self, x: alt.X) -> list[alt.Chart]:
        size = self.frame.size
        circles = alt.Chart(rows_of([self._row(point) for point in self.answered])).mark_circle(
            size=size.point_area_px,
            color=token("line-data"),
            opacity=1,
            stroke=token("surface"),
            strokeWidth=1.6,
        )
        layers = [circles.encode(x=x, y=self._y())]
        ends: list[tuple[ScorePoint, bool]] = [(self.answered[-1], True)]
        if len(self.answered) > 1:
            ends.insert(0, (self.answered[0], False))
        for point, is_last in ends:
            row = {**self._row(point), "label": f"{point.value_points:g}"}
            number = alt.Chart(rows_of([row])).mark_text(
                align="left" if is_last else "right",
                baseline="middle",
                dx=9 if is_last else -9,
                fontSize=size.text_px + VALUE_LABEL_EXTRA_PX,
                fontWeight=600,
                color=token("ink"),
            )
            layers.append(number.encode(x=x, y=self._y(), text="label:N"))
        return layers

    def _strip(self, x: alt.X) -> list[alt.Chart]:
        layers = []
        if self.missed:
            at = self.strip_at(0)
            rows = [{**self._row(point), "value": at} for point in self.missed]
            circle = missed_mark(alt.Chart(rows_of(rows)), self.frame.size)
            layers.append(circle.encode(x=x, y=self._plain_y("value:Q")))
        kinds = tuple(dict.fromkeys(dose.kind for dose in self.doses))
        at = self.strip_at(int(bool(self.missed)))
        for kind in kinds:
            rows = [
                {"day": round(self.frame.day(dose.at), 4), "value": at, "at": dose.at.isoformat()}
                for dose in self.doses
                if dose.kind == kind
            ]
            mark = dose_mark(alt.Chart(rows_of(rows)), kinds.index(kind), self.frame.size)
            layers.append(mark.encode(x=x, y=self._plain_y("value:Q")))
        return layers


def _axis_title(scale: Scale, gettext: Translate) -> str:
    name = gettext("{instrument} score").format(instrument=scale.name)
    towards = direction(scale, gettext)
    return f"{name}  ({towards})" if towards else name


def _round_steps(scale: Scale) -> Sequence[float]:
    """At most six round numbers on an axis that has no bands."""
    span = scale.high_points - scale.low_points
    step = 1.0
    for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if span / step <= 6:
            break
    first = -(-scale.low_points // step)
    count = int((scale.high_points - first * step) / step) + 1
    return [(first + n) * step for n in range(count)]


def axis_ticks(frame: Frame, gettext: Callable[[str], str]) -> dict[int, list[str]]:
    """Marks of the time axis: the day, and what is written under it; the year where it begins or changes."""
    last = int(frame.data_days)
    step = next(
        (days for days in TICK_STEPS_DAYS if last / days < frame.size.most_ticks),
        TICK_STEPS_DAYS[-1],
    )
    ticks: dict[int, list[str]] = {}
    year = None
    for day in range(0, last + 1, step):
        at = frame.origin + timedelta(days=day)
        ticks[day] = [f"{at.day} {gettext(MONTHS[at.month - 1][:3])}"]
        if at.year != year:
            ticks[day].append(str(at.year))
            year = at.year
    return ticks
