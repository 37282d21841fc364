"""One person's scores over time, in a notebook.

    from longlight import trajectory

    mine = trajectory.read_csv("scores.csv")
    trajectory.figure(mine)              # an Altair chart
    trajectory.to_svg(mine, "scores.svg")
    print(trajectory.describe(mine))

The file has the columns `at,kind,name,value[,unit]`: `kind` is score or dose, `at` a date or a date-time, `unit` mg or
mg/kg of a dose (without it the treatment is marked and its amount is told as a bare number). A score without a value is
a planned check-in that was not answered. The same definition draws the page and `longlight plot`.
"""

from collections.abc import Iterable
from pathlib import Path

import altair as alt

from longlight.exchange.csv_text import NotCsv, read_table
from longlight.science.trajectory import (
    DateOrder,
    DosePoint,
    JoinRule,
    RowProblem,
    RowsRefused,
    ScorePoint,
    Trajectory,
    runs,
    trajectory_of,
)
from longlight.science.trajectory.rows import Row
from longlight.ui.figures.theme import DESK, PHONE, Size, file_png, file_svg, paint
from longlight.ui.figures.trajectory import NothingToDraw, scales_of, trajectory_chart
from longlight.ui.figures.words import TableRow, description
from longlight.ui.figures.words import table as _table
from longlight.ui.figures.words import title as _title

__all__ = [
    "DateOrder", "DosePoint", "JoinRule", "NotCsv", "NothingToDraw", "RowProblem", "RowsRefused", "ScorePoint", "TableRow",
    "Trajectory", "describe", "figure", "from_rows", "read_bytes", "read_csv", "runs", "table", "to_png", "to_svg",
]  # fmt: skip

SIZES: dict[str, Size] = {"phone": PHONE, "desk": DESK}
NEEDED = ("at", "kind", "name", "value")


def from_rows(rows: Iterable[Row], dates: str = "year-first") -> Trajectory:
    """A trajectory from mappings with the keys at, kind, name, value and unit (cells may be dates and numbers)."""
    return trajectory_of(rows, DateOrder(dates))


def read_csv(path: str | Path, dates: str = "year-first") -> Trajectory:
    """A trajectory from a file. Raises `NotCsv` or `RowsRefused`, which tells every bad line.

    `dates` is year-first, day-first or month-first: 03/04/2025 is refused until somebody says which.
    """
    return read_bytes(Path(path).read_bytes(), dates)


def read_bytes(content: bytes, dates: str = "year-first") -> Trajectory:
    """A trajectory from a file's bytes."""
    found = read_table(content)
    columns = {name: name.casefold() for name in found.header}
    absent = [name for name in NEEDED if name not in columns.values()]
    if absent:
        lacking = f"columns {', '.join(absent)} are" if absent[1:] else f"column {absent[0]} is"
        raise NotCsv(f"The {lacking} missing: the first line must be at,kind,name,value[,unit].")
    rows = (
        {"line": row.line, **{columns[name]: cell for name, cell in found.named(row).items()}}
        for row in found.rows
    )
    return from_rows(rows, dates)


def figure(trajectory: Trajectory, size: str = "desk") -> alt.Chart:
    """The figure as an Altair chart with colors by value; `size` is desk or phone."""
    chart = trajectory_chart(trajectory, SIZES[size], legend=True)
    painted = alt.Chart.from_json(paint(chart.to_json()))
    assert isinstance(painted, alt.TopLevelMixin)
    return painted  # type: ignore[return-value]  # a layered chart; Altair's classes share everything but a base


def describe(trajectory: Trajectory) -> str:
    """What the figure shows, in words."""
    return description(trajectory, scales_of(trajectory))


def table(trajectory: Trajectory) -> list[TableRow]:
    """The figure's data in order of time."""
    return _table(trajectory, scales_of(trajectory))


def to_svg(trajectory: Trajectory, path: str | Path | None = None, size: str = "desk") -> str:
    """The figure as SVG text; written to `path` when one is given."""
    scales = scales_of(trajectory)
    specification = trajectory_chart(trajectory, SIZES[size], scales=scales, legend=True).to_json()
    svg = file_svg(specification, title=_title(scales), desc=description(trajectory, scales))
    if path is not None:
        Path(path).write_text(svg, encoding="utf-8")
    return svg


def to_png(trajectory: Trajectory, path: str | Path | None = None, size: str = "desk") -> bytes:
    """The figure as PNG bytes; written to `path` when one is given."""
    png = file_png(trajectory_chart(trajectory, SIZES[size], legend=True).to_json())
    if path is not None:
        Path(path).write_bytes(png)
    return png
