"""The monitor while a dose acts: one page, the regions of it that change, and what both its plots are drawn from."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longlight.clinic.dosing.queries import DosingDay, alarms_of, prediction_of
from longlight.clinic.dosing.queries.day import chair_of
from longlight.clinic.dosing.queries.predicting import given_so_far_mg, planned_end_at
from longlight.clinic.dosing.rules import HappeningKind, SessionState
from longlight.clinic.dosing.views import monitor
from longlight.clinic.dosing.views.figures import curve_said, inputs_of, limits, signs_said
from longlight.clinic.dosing.views.log import HAPPENING_WORDS, TAPS, log_of
from longlight.clinic.people.access import ClinicRequest

REGIONS = ("strip", "alarm", "values", "log", "foot")
ROUTE_WORDS = {
    "iv": gettext_lazy("IV"),
    "im": gettext_lazy("IM"),
    "sc": gettext_lazy("under the skin"),
    "sublingual": gettext_lazy("under the tongue"),
    "intranasal": gettext_lazy("nasal spray"),
}
MONITORED = frozenset({SessionState.IN_PROGRESS, SessionState.RECOVERY})


@dataclass(frozen=True)
class NextDue:
    """When signs are due next, and why then."""

    at: datetime
    late_min: int
    rule: str


def monitor_context(request: ClinicRequest, day: DosingDay, *, may_act: bool) -> dict[str, object]:
    """What every region of the monitor shows."""
    alarms = alarms_of(day)
    steps = day.pump_steps
    is_paused = bool(steps) and steps[-1].rate_mg_per_min == 0
    return {
        "day": day,
        "patient": day.session.patient,
        "chair": chair_of(day),
        "state": day.state.value,
        "phase_steps": monitor.phases(day),
        "elapsed": monitor.elapsed(day),
        "started_at": day.dose.started_at if day.dose else None,
        "dose_words": dose_words(day),
        "alarms": alarms,
        "alarm": alarms[0] if alarms else None,
        "more_alarms": alarms[1:],
        "alarm_is_silent": bool(alarms) and alarms[0].is_silent(day.at),
        "acknowledge_key": uuid4(),
        "vital_values": monitor.vitals(day),
        "next_due": _next_due(day),
        "log": log_of(day, viewer_id=request.viewer.account_id, may_act=may_act),
        "taps": [(kind.value, HAPPENING_WORDS[kind], uuid4()) for kind in _taps(day)],
        "has_pump": bool(steps),
        "is_paused": is_paused,
        "pump_key": uuid4(),
        "rate_key": uuid4(),
        "may_act": may_act,
    }


def regions(request: ClinicRequest, context: dict[str, object]) -> dict[str, str]:
    return {
        name: render_to_string(f"dosing/monitor/{name}.html", context, request) for name in REGIONS
    }


def _taps(day: DosingDay) -> list[HappeningKind]:
    """One tap each; the therapist's says in or out, whichever comes next."""
    of_therapist = {HappeningKind.THERAPIST_IN.value, HappeningKind.THERAPIST_OUT.value}
    last = next((h.kind for h in reversed(day.standing_happenings) if h.kind in of_therapist), "")
    is_in = last == HappeningKind.THERAPIST_IN
    return [*TAPS, HappeningKind.THERAPIST_OUT if is_in else HappeningKind.THERAPIST_IN]


def _next_due(day: DosingDay) -> NextDue | None:
    due_at = day.signs_due_at
    if due_at is None:
        return None
    monitoring = day.protocol.monitoring
    is_running = day.state is SessionState.IN_PROGRESS
    interval = monitoring.during_every if is_running else monitoring.after_every
    rule = (
        _("%(time)s, every %(n)s min") % {"time": monitor.clock(due_at), "n": int(interval.value)}
        if interval
        else _("%(time)s, a checkpoint") % {"time": monitor.clock(due_at)}
    )
    return NextDue(due_at, max(0, int((day.at - due_at).total_seconds() // 60)), rule)


def dose_words(day: DosingDay) -> tuple[str, str]:
    """Drug, route and dose; and how it is being given, as far as it is in."""
    order, dose = day.order, day.dose
    if order is None or dose is None:
        return "", ""
    route = ROUTE_WORDS.get(order.route, order.route)
    what = f"{order.drug.capitalize()} {route}, {order.amount.normalize():f} {order.amount_unit}"
    how = f"{order.dose_mg} mg"
    duration = day.protocol.dose.duration
    if duration is not None:
        how = _("%(mg)s mg over %(n)s min") % {"mg": order.dose_mg, "n": int(duration.value)}
    given = given_so_far_mg(day)
    if given is not None:
        rate = day.pump_steps[-1].rate_mg_per_min
        how += _(", %(mg)s mg in") % {"mg": given}
        if dose.ended_at is None:
            how += _(", paused") if rate == 0 else f", {rate.normalize():f} mg/min"
    return what, how


def plot_of(day: DosingDay) -> dict[str, object]:
    """Both plots on one axis of minutes since the dose began; the clinic's limits; the model and its words."""
    if day.dose is None:
        return {}
    start = day.dose.started_at

    def minute(at: datetime) -> float:
        return round((at - start).total_seconds() / 60, 2)

    readings = [r for r in day.standing_readings if r.has_signs]
    prediction = prediction_of(day)
    end_at = planned_end_at(day)
    return {
        "start": start.isoformat(),
        "t": [minute(r.observed_at) for r in readings],
        "systolic": [r.systolic_mmhg for r in readings],
        "diastolic": [r.diastolic_mmhg for r in readings],
        "pulse": [r.heart_rate_bpm for r in readings],
        "oxygen": [r.oxygen_saturation_percent for r in readings],
        "limits": limits(),
        "until": minute(day.dose.ended_at) if day.dose.ended_at else None,
        "planned_end": minute(end_at) if end_at else None,
        "predicted": asdict(prediction) if prediction else None,
        "inputs": inputs_of(day),
        "words": {
            "systolic": _("systolic limit"),
            "diastolic": _("diastolic limit"),
            "oxygen": _("limit"),
        },
        "described": {"signs": signs_said(day), "curve": curve_said(prediction)},
    }
