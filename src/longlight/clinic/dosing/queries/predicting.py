"""The concentration that published models predict for the dose as it was given so far. A picture, never an alarm."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.cache import cache
from django.utils.translation import gettext as _

from longlight import __version__
from longlight.clinic.dosing.queries.day import DosingDay
from longlight.clinic.dosing.rules import SessionState
from longlight.science.pharmacokinetics.at_the_chair import Predicted, drawing_for, predicted
from longlight.science.pharmacokinetics.dosing import Dose, given_mg, infusion_run
from longlight.science.pharmacokinetics.refusals import CannotCompute
from longlight.ui.sentences import in_words

AHEAD_MIN = 90  # how far past the end of the dose the curve goes on
AT_FIRST_MIN, EVERY_MIN = 20, 2  # minute by minute while it bends, then every other
KEPT_S = 12 * 60 * 60


@dataclass(frozen=True)
class Prediction:
    """Line and band by minutes since the dose began; what they rest on; or why there is none."""

    t_min: tuple[float, ...] = ()
    line_ng_per_ml: tuple[float, ...] = ()
    low_ng_per_ml: tuple[float, ...] = ()
    high_ng_per_ml: tuple[float, ...] = ()
    said: str = ""
    band_said: str = ""
    why: str = ""
    reason_not: str = ""


def doses_given(day: DosingDay) -> list[Dose]:
    """The dose as the pump gave it, or will if nothing more changes; minutes since it began."""
    order, dose = day.order, day.dose
    if order is None or dose is None:
        return []
    if not day.pump_steps:
        return [Dose(drawing_for(order.drug, order.route).pk_route, float(order.dose_mg))]
    steps = [(_minutes_in(day, step.at), float(step.rate_mg_per_min)) for step in day.pump_steps]
    stop = None if dose.ended_at is None else max(_minutes_in(day, dose.ended_at), 0.01)
    return infusion_run(float(order.dose_mg), steps, stop_at_min=stop)


def given_so_far_mg(day: DosingDay) -> Decimal | None:
    """How many mg are in by now, as the pump was noted; None where no pump gives the dose."""
    if day.dose is None or not day.pump_steps:
        return None
    return Decimal(given_mg(doses_given(day), _minutes_in(day, day.at))).quantize(Decimal("0.1"))


def planned_end_at(day: DosingDay) -> datetime | None:
    """When the pump will have given everything, if it goes on as now; None while it is paused or without one."""
    if day.dose is None or not day.pump_steps or day.pump_steps[-1].rate_mg_per_min == 0:
        return None
    last = doses_given(day)[-1]
    end: datetime = day.dose.started_at + timedelta(minutes=last.start_min + last.duration_min)
    return end


def _minutes_in(day: DosingDay, at: datetime) -> float:
    assert day.dose is not None
    return max(0.0, (at - day.dose.started_at).total_seconds() / 60)


def prediction_of(day: DosingDay) -> Prediction | None:
    """What the models say of this dose; None before one began. Worked out once for the same course of the pump."""
    if day.dose is None or day.order is None:
        return None
    try:
        drawing = drawing_for(day.order.drug, day.order.route)
        doses = doses_given(day)
        if not doses:
            return Prediction(reason_not=_("Nothing has been given yet."))
        weight = None if day.weight_kg is None else float(day.weight_kg)
        end_min = max(dose.start_min + dose.duration_min for dose in doses) + AHEAD_MIN
        if day.state is not SessionState.IN_PROGRESS:
            # Of a day that lies behind, up to when the person left: its record is read years later.
            end_min = max(end_min, _minutes_in(day, day.session.ended_at or day.at))
        times = _times(doses, end_min)
        said = repr((drawing, doses, weight, times[-1], __version__))
        key = "predicted-" + hashlib.sha256(said.encode()).hexdigest()
        kept = cache.get(key)
        if not isinstance(kept, Prediction):
            kept = _from(predicted(drawing, doses, times, weight_kg=weight))
            cache.set(key, kept, KEPT_S)
        return replace(kept, said=in_words(kept.said), band_said=in_words(kept.band_said))
    except CannotCompute as sentence:
        return Prediction(reason_not=in_words(sentence.args[0]))


def _times(doses: list[Dose], end_min: float) -> list[float]:
    corners = {t for d in doses for t in (d.start_min, d.start_min + d.duration_min)}
    steps = [*range(AT_FIRST_MIN), *range(AT_FIRST_MIN, int(end_min) + EVERY_MIN, EVERY_MIN)]
    return sorted({float(minute) for minute in steps} | {round(c, 2) for c in corners})


def _from(found: Predicted) -> Prediction:
    line, low, high = (
        tuple(round(float(value), 1) for value in values)
        for values in (found.line_ng_per_ml, found.low_ng_per_ml, found.high_ng_per_ml)
    )
    return Prediction(
        tuple(found.t_min.tolist()), line, low, high, found.said, found.band_said, found.why
    )
