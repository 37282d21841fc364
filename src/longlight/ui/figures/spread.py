"""Response rates of many studies on one line each, with how far each could be off: they lie far apart, and why."""

from collections.abc import Sequence

import altair as alt

from longlight.science.evidence import SpreadRate
from longlight.ui.figures.theme import Size, dressed, token
from longlight.ui.figures.words import Translate, same

ROW_PX = 44
LABEL_ABOVE_PX = 13


def spread_chart(
    rates: Sequence[SpreadRate], size: Size, *, gettext: Translate = same
) -> alt.LayerChart:
    """One row for each rate, lowest first: a dot, its interval, and above it the study's name."""
    rows = [_row(place, rate) for place, rate in enumerate(rates)]
    x = alt.X(
        "rate:Q",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(
            title=gettext("people of 100 with symptoms at least halved"), tickCount=size.most_ticks
        ),
    )
    y = alt.Y("place:O", axis=None, scale=alt.Scale(paddingOuter=0.6))
    base = alt.Chart(alt.InlineData(values=rows))
    intervals = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color=token("line-data"), strokeWidth=2, opacity=0.55)
        .encode(x=alt.X("low:Q"), x2="high:Q", y=y)
    )
    dots = base.mark_circle(color=token("brand"), size=size.point_area_px * 1.6, opacity=1).encode(
        x=x, y=y
    )
    names = base.mark_text(
        align="left", baseline="bottom", dy=-LABEL_ABOVE_PX + 5, color=token("ink"),
        fontSize=size.text_px,
    ).encode(x=alt.datum(0), y=y, text="name:N")  # fmt: skip
    layered = alt.LayerChart(
        layer=[intervals, dots, names], width=size.plot_width_px, height=ROW_PX * len(rows)
    )
    return dressed(layered, size)


def _row(place: int, rate: SpreadRate) -> dict[str, object]:
    value = rate.number.value
    assert value is not None
    row: dict[str, object] = {
        "place": place,
        "rate": float(value),
        "name": f"{rate.record.citation.label}: {round(value)}",
    }
    if rate.interval is not None:
        row |= {"low": float(rate.interval.low), "high": float(rate.interval.high)}
    return row
