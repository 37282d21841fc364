"""A trajectory ready for a page: figure, words, legend, table. Drawn once for the same data, then kept."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import DatabaseError
from django.utils.translation import get_language, gettext

from longlight import __version__
from longlight.science.trajectory import Scale, Trajectory
from longlight.ui.figures.theme import DESK, PHONE, Size, drawn_svg
from longlight.ui.figures.trajectory import scales_of, trajectory_chart
from longlight.ui.figures.words import amount, description, direction_sentence, finding
from longlight.ui.parts import Column, LegendEntry, Table
from longlight.ui.templatetags.ui import day

KEPT_S = 30 * 24 * 60 * 60
# The page's legend knows these two marks; when there are more kinds the figure names them itself.
LEGEND_MARKS = ("triangle", "triangle-hollow")

log = logging.getLogger("longlight.figures")


@dataclass(frozen=True)
class Band:
    name: str
    low: str
    high: str


@dataclass(frozen=True)
class ScaleWords:
    """What the bands of one instrument are, and which way is better."""

    name: str
    direction: str
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Summary:
    """One instrument in numbers: where it stands, and where it began."""

    name: str
    last: str
    last_on: datetime
    first: str
    first_on: datetime
    change: float
    count: int
    direction: str
    band: str

    @property
    def change_words(self) -> str:
        """How far the last score lies from the first, without saying whether that is well."""
        if self.change == 0:
            return gettext("the same")
        points = f"{abs(self.change):g}"
        return (
            gettext("now {n} lower").format(n=points)
            if self.change < 0
            else gettext("now {n} higher").format(n=points)
        )


@dataclass(frozen=True)
class TrajectoryFigure:
    """Everything that a page shows of a trajectory. Without the SVG the page still holds."""

    description: str
    findings: tuple[str, ...]
    phone: str
    desk: str
    legend: tuple[LegendEntry, ...]
    table: Table
    scales: tuple[ScaleWords, ...]
    summaries: tuple[Summary, ...]


def kept_drawings(trajectories: Iterable[Trajectory]) -> dict[str, str]:
    """What the cache holds of the figures of several trajectories, asked for once."""
    keys = [figure_key(each, size) for each in trajectories for size in (PHONE, DESK)]
    try:
        found: dict[str, object] = cache.get_many(keys)
    except DatabaseError:
        log.exception("drawings could not be read")
        return {}
    return {key: svg for key, svg in found.items() if isinstance(svg, str)}


def figure_of(
    trajectory: Trajectory, drawings: Mapping[str, str] | None = None
) -> TrajectoryFigure | None:
    """The figure of a trajectory, or None when there is no score yet."""
    drawings = drawings or {}
    if not any(point.value_points is not None for point in trajectory.scores):
        return None
    scales = scales_of(trajectory)
    names = [name for name in trajectory.instruments if _summary(trajectory, scales, name)]
    shown = trajectory.only(*names)
    scales = {name: scales[name] for name in names}
    return TrajectoryFigure(
        description(shown, scales, gettext),
        tuple(finding(shown, scales[name], name, gettext) for name in names),
        _svg(shown, PHONE, drawings),
        _svg(shown, DESK, drawings),
        _legend(shown),
        _table(shown, scales),
        tuple(_scale_words(scale) for scale in scales.values()),
        tuple(each for name in names if (each := _summary(shown, scales, name))),
    )


def figure_key(trajectory: Trajectory, size: Size) -> str:
    """The cache's key: a hash of everything that the figure depends on, and nothing of it."""
    said = repr((trajectory, size, get_language(), __version__))
    return "trajectory-" + hashlib.sha256(said.encode()).hexdigest()


def _svg(trajectory: Trajectory, size: Size, drawings: Mapping[str, str]) -> str:
    """The plot, from the cache or drawn. A page without its plot is better than no page."""
    key = figure_key(trajectory, size)
    if key in drawings:
        return drawings[key]
    try:
        kept = cache.get(key)
        if isinstance(kept, str):
            return kept
        svg = _draw(trajectory, size)
        cache.set(key, svg, KEPT_S)
    except (DatabaseError, ValueError):
        log.exception("a figure could not be drawn", extra={"figure": key})
        return ""
    return svg


def _draw(trajectory: Trajectory, size: Size) -> str:
    legend = len(trajectory.dose_kinds) > len(LEGEND_MARKS)
    chart = trajectory_chart(trajectory, size, gettext=gettext, legend=legend)
    return drawn_svg(chart.to_json())


def _legend(trajectory: Trajectory) -> tuple[LegendEntry, ...]:
    entries = [LegendEntry("line", gettext("score"))]
    if len(trajectory.dose_kinds) > len(LEGEND_MARKS):
        return tuple(entries)
    if any(point.value_points is None for point in trajectory.scores):
        entries.append(LegendEntry("gap", gettext("not answered")))
    for mark, kind in zip(LEGEND_MARKS, trajectory.dose_kinds, strict=False):
        entries.append(LegendEntry(mark, kind, "dose"))
    return tuple(entries)


def _table(trajectory: Trajectory, scales: dict[str, Scale]) -> Table:
    """A row for each moment: the score of each instrument, and the treatments."""
    moments = sorted(
        {(point.at, point.day_only) for point in trajectory.scores}
        | {(dose.at, dose.day_only) for dose in trajectory.doses}
    )
    cells: dict[tuple[str, datetime], list[str]] = defaultdict(list)
    for point in trajectory.scores:
        cells[point.instrument, point.at].append(_number(point.value_points))
    rows = [
        [
            _moment(at, day_only),
            *(", ".join(cells.get((name, at), ["–"])) for name in scales),
            ", ".join(f"{d.kind} {amount(d)}".strip() for d in trajectory.doses if d.at == at)
            or "–",
        ]
        for at, day_only in moments
    ]
    columns = [
        Column(gettext("Day")),
        *(Column(scale.name, is_number=True) for scale in scales.values()),
        Column(gettext("Treatment")),
    ]
    return Table(gettext("Scores and treatments, by day"), columns, rows)


def _moment(at: datetime, day_only: bool) -> str:
    shown = day(at)
    return shown if day_only else f"{shown}, {at:%H:%M}"


def _number(value_points: float | None) -> str:
    return gettext("not answered") if value_points is None else f"{value_points:g}"


def _scale_words(scale: Scale) -> ScaleWords:
    edges: Sequence[float] = [band.low_points for band in scale.bands[1:]]
    last_in_band = [*(edge - 1 for edge in edges), scale.high_points]
    bands = tuple(
        Band(gettext(band.name), f"{band.low_points:g}", f"{high:g}")
        for band, high in zip(scale.bands, last_in_band, strict=True)
    )
    return ScaleWords(scale.name, direction_sentence(scale, gettext), bands)


def _summary(trajectory: Trajectory, scales: dict[str, Scale], name: str) -> Summary | None:
    answered = [p for p in trajectory.of_instrument(name) if p.value_points is not None]
    if not answered:
        return None
    first, last, scale = answered[0], answered[-1], scales[name]
    assert first.value_points is not None
    assert last.value_points is not None
    band = next(
        (band.name for band in reversed(scale.bands) if last.value_points >= band.low_points),
        "",
    )
    return Summary(
        scale.name,
        f"{last.value_points:g}",
        last.at,
        f"{first.value_points:g}",
        first.at,
        last.value_points - first.value_points,
        len(answered),
        direction_sentence(scale, gettext),
        gettext(band) if band else "",
    )
