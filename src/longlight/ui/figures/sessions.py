"""Sessions side by side: one small line for each of a few numbers, the same sessions along each."""

from collections.abc import Sequence

import altair as alt

from longlight.ui.figures.theme import Size, dressed, token

SMALL = Size("small", 130, 56, 12, 36, 40, 10)
ROOM = 0.15  # above and below the line, as a share of its span


def small_multiple(
    sessions: Sequence[int], values: Sequence[float | None], size: Size = SMALL
) -> alt.LayerChart:
    """A number by session; a session without it is a gap."""
    rows = [
        {"n": str(session), "v": value}
        for session, value in zip(sessions, values, strict=True)
        if value is not None
    ]
    found = [value for value in values if value is not None]
    low, high = min(found), max(found)
    room = (high - low) * ROOM or 1
    x = alt.X(
        "n:O",
        sort=None,
        scale=alt.Scale(domain=[str(session) for session in sessions]),
        axis=alt.Axis(
            title=None, labelAngle=0, ticks=False, domain=False, labelOverlap=True, grid=False
        ),
    )
    y = alt.Y("v:Q", scale=alt.Scale(domain=[low - room, high + room], nice=False), axis=None)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    chart: alt.LayerChart = alt.LayerChart(
        layer=[
            base.mark_line(color=token("edge"), strokeWidth=1.6),
            base.mark_point(
                color=token("line-data"), filled=True, size=size.point_area_px, opacity=1
            ),
        ]
    ).properties(
        width=size.plot_width_px,
        height=size.plot_height_px,
        padding={"left": 2, "right": 2, "top": 4, "bottom": 2},
    )
    return dressed(chart, size)
