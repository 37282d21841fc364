"""The day's two plots as drawings, for paper and where no script runs. Drawn once for the same signs and dose."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

import altair as alt
from django.core.cache import cache
from django.db import DatabaseError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from longlight import __version__
from longlight.clinic.dosing.models import Reading
from longlight.clinic.dosing.queries import DosingDay, Prediction, prediction_of
from longlight.clinic.dosing.queries.predicting import planned_end_at
from longlight.clinic.dosing.views import monitor
from longlight.science import protocols
from longlight.ui.figures.dosing_day import (
    CurveAt,
    DosingFigure,
    SignsAt,
    curve_chart,
    signs_chart,
)
from longlight.ui.figures.theme import drawn_svg

KEPT_S = 24 * 60 * 60

log = logging.getLogger("longlight.figures")


@dataclass(frozen=True)
class DayFigures:
    """Two drawings, what they show in words, and what the model rests on."""

    signs_svg: str
    signs_description: str
    curve_svg: str
    curve_description: str
    prediction: Prediction
    inputs: str


def figures_of(day: DosingDay) -> DayFigures | None:
    """The drawings of a day; None before a dose. Without them the page still holds."""
    prediction = prediction_of(day)
    if day.dose is None or prediction is None:
        return None
    drawn = DosingFigure(
        tuple(_signs(day.dose.started_at, r) for r in day.standing_readings if r.has_signs),
        tuple(
            CurveAt(*each)
            for each in zip(
                prediction.t_min, prediction.line_ng_per_ml, prediction.low_ng_per_ml,
                prediction.high_ng_per_ml, strict=True,
            )
        ),
        limits(),
        _until_min(day),
        {
            "axis": _("minutes since start"),
            "systolic": _("systolic limit"),
            "diastolic": _("diastolic limit"),
            "oxygen": _("limit"),
        },
    )  # fmt: skip
    return DayFigures(
        _svg(signs_chart(drawn), drawn, "signs") if drawn.signs else "",
        signs_said(day),
        _svg(curve_chart(drawn), drawn, "curve") if drawn.curve else "",
        curve_said(prediction),
        prediction,
        inputs_of(day),
    )


def limits() -> dict[str, float]:
    """The limits of the watch rules that the plots draw."""
    rules = protocols.watch_rules()
    found = {
        "systolic": rules.sign("systolic").amber_from,
        "diastolic": rules.sign("diastolic").amber_from,
        "oxygen": rules.sign("oxygen-saturation").amber_below,
    }
    return {name: float(limit.value) for name, limit in found.items() if limit is not None}


def inputs_of(day: DosingDay) -> str:
    """What the model was told: weight, dose, and when it began."""
    if day.dose is None or day.order is None:
        return ""
    weight = f"{day.weight_kg} kg, " if day.weight_kg is not None else ""
    return f"{weight}{day.order.dose_mg} mg, {monitor.clock(day.dose.started_at)}"


def _until_min(day: DosingDay) -> float:
    """Up to when the dose was given, or will be as the pump stands."""
    assert day.dose is not None
    end_at = day.dose.ended_at or planned_end_at(day) or day.at
    return (end_at - day.dose.started_at).total_seconds() / 60


def _signs(start: datetime, reading: Reading) -> SignsAt:
    return SignsAt(
        round((reading.observed_at - start).total_seconds() / 60, 2),
        reading.systolic_mmhg,
        reading.diastolic_mmhg,
        reading.heart_rate_bpm,
        reading.oxygen_saturation_percent,
    )


def _svg(chart: alt.LayerChart | alt.VConcatChart, drawn: DosingFigure, name: str) -> str:
    said = repr((name, drawn, get_language(), __version__))
    key = "dosing-day-" + hashlib.sha256(said.encode()).hexdigest()
    try:
        kept = cache.get(key)
        if isinstance(kept, str):
            return kept
        svg = drawn_svg(chart.to_json())
        cache.set(key, svg, KEPT_S)
    except (DatabaseError, ValueError):
        log.exception("a figure could not be drawn", extra={"figure": key})
        return ""
    return svg


def signs_said(day: DosingDay) -> str:
    """The pressure before the dose and the last, in words."""
    pairs = [
        (r.systolic_mmhg, r.diastolic_mmhg)
        for r in day.standing_readings
        if r.systolic_mmhg is not None and r.diastolic_mmhg is not None
    ]
    if not pairs:
        return _("No pressure was taken yet.")
    highest = max(pairs)
    return _("Pressure %(first)s at first, %(last)s last, %(highest)s at its highest.") % {
        "first": "{}/{}".format(*pairs[0]),
        "last": "{}/{}".format(*pairs[-1]),
        "highest": "{}/{}".format(*highest),
    }


def curve_said(prediction: Prediction | None) -> str:
    """The model's highest value, in words."""
    if prediction is None:
        return ""
    if not prediction.line_ng_per_ml:
        return prediction.reason_not
    top = max(prediction.line_ng_per_ml)
    at_min = prediction.t_min[prediction.line_ng_per_ml.index(top)]
    return _(
        "A model, not a measurement: highest about %(top)s ng/mL, %(n)s min after the start."
    ) % {"top": round(top), "n": round(at_min)}
