"""What the dosing-day page shows of the signs: the boxes to type in, the latest values, the phases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.forms import BoundField
from django.utils import timezone
from django.utils.formats import number_format, time_format
from django.utils.translation import gettext as _

from longlight.clinic.dosing.forms import ReadingForm
from longlight.clinic.dosing.models import Reading
from longlight.clinic.dosing.queries import DosingDay
from longlight.clinic.dosing.queries.predicting import planned_end_at
from longlight.clinic.dosing.rules import SIGN_IDS, SessionState
from longlight.science import protocols
from longlight.science.protocols import Reason
from longlight.science.protocols.gates import Gate
from longlight.ui.parts import PhaseStep, Vital

BEFORE_THE_DOSE = frozenset({SessionState.ARRIVED, SessionState.CLEARED})
BOXES = (
    "systolic_mmhg",
    "diastolic_mmhg",
    "heart_rate_bpm",
    "oxygen_saturation_percent",
    "breaths_per_min",
    "sedation_points",
    "dissociation_points",
    "weight_kg",
)


@dataclass(frozen=True)
class EntryBox:
    """A box for one sign, and the value before it, which stands beside the box and never in it.

    `low` and `high` tell the keypad when a value is complete: when no further digit could keep it plausible.
    """

    field: BoundField
    last: str
    low: str = ""
    high: str = ""


def boxes(day: DosingDay, form: ReadingForm) -> list[EntryBox]:
    """The boxes of one row; weight only while the dose is still to be worked out from it."""
    likely = protocols.plausible_values()
    asked = [sign for sign in BOXES if sign != "weight_kg" or day.state in BEFORE_THE_DOSE]
    return [
        EntryBox(
            form[sign],
            _number(day.latest(sign)),
            str(likely[SIGN_IDS[sign]].low.value),
            str(likely[SIGN_IDS[sign]].high.value),
        )
        for sign in asked
    ]


def last_values(day: DosingDay) -> dict[str, str]:
    """What stands beside each box, by its name."""
    known = {sign: _number(day.latest(sign)) for sign in BOXES}
    return {sign: _("last %(last)s") % {"last": value} for sign, value in known.items() if value}


def vitals(day: DosingDay) -> list[Vital]:
    """The latest four, big, each with its age."""
    pressure = _newest(day, "systolic_mmhg", "diastolic_mmhg")
    singles = (
        (_("Pulse"), "heart_rate_bpm", "hr"),
        (_("SpO₂ %"), "oxygen_saturation_percent", "spo2"),
        (_("Breaths"), "breaths_per_min", ""),
    )
    shown = [
        Vital(
            _("Pressure"),
            "/".join(
                _number(value) or "–"
                for value in (
                    (pressure.systolic_mmhg, pressure.diastolic_mmhg) if pressure else (None,)
                )
            ),
            _age(pressure, day.at),
            "bp",
        )
    ]
    for label, sign, series in singles:
        reading = _newest(day, sign)
        shown.append(Vital(label, _number(day.latest(sign)) or "–", _age(reading, day.at), series))
    return shown


def phases(day: DosingDay) -> list[PhaseStep]:
    """The stretches of the day and where it stands; an ended day has passed them all."""
    order = (
        (SessionState.ARRIVED, _("Baseline"), _checks_note(day)),
        (SessionState.CLEARED, _("Cleared"), clock(day.session.cleared_at)),
        (SessionState.IN_PROGRESS, _("Dosing"), _dosing_note(day)),
        (SessionState.RECOVERY, _("Recovery"), _recovery_note(day)),
        (SessionState.READY_TO_LEAVE, _("Clear to leave"), _leaving_note(day)),
    )
    now = next((n for n, step in enumerate(order) if step[0] is day.state), len(order))
    return [
        PhaseStep(label, note, "past" if n < now else "now" if n == now else "")
        for n, (_state, label, note) in enumerate(order)
    ]


def _checks_note(day: DosingDay) -> str:
    return "" if day.state in BEFORE_THE_DOSE else _("checks done")


def _dosing_note(day: DosingDay) -> str:
    end_at = planned_end_at(day)
    if day.state is SessionState.IN_PROGRESS and day.pump_steps and end_at is None:
        return _("paused")
    if day.state is SessionState.IN_PROGRESS and end_at is not None and end_at > day.at:
        return _("to %(time)s") % {"time": clock(end_at)}
    return clock(day.dose.started_at) if day.dose else ""


def _recovery_note(day: DosingDay) -> str:
    stay = day.protocol.monitoring.minimum_stay
    return _("at least %(n)s min") % {"n": int(stay.value)} if stay else ""


def _leaving_note(day: DosingDay) -> str:
    """How many of the leaving checks hold."""
    if day.state not in {SessionState.RECOVERY, SessionState.READY_TO_LEAVE}:
        return ""
    every = len(day.discharge.checks)
    closed = len({reason.check_id for reason in day.reasons_not_to_leave()})
    return _("%(n)s of %(all)s") % {"n": every - closed, "all": every}


def elapsed(day: DosingDay) -> str:
    """Since the dose began, while it matters: 22 min, 1 h 05."""
    if day.dose is None or day.session.ended_at is not None:
        return ""
    return span_words(day.at - day.dose.started_at)


def missing(gate: Gate, reasons: tuple[Reason, ...]) -> list[str]:
    """What is not recorded yet, in the words of the checks."""
    asked = {check.id: check.ask for check in gate.checks}
    return [asked.get(each.check_id, each.sentence.said(_)) for each in reasons if each.is_unknown]


def _newest(day: DosingDay, *signs: str) -> Reading | None:
    standing = reversed(day.standing_readings)
    return next((r for r in standing if any(getattr(r, s) is not None for s in signs)), None)


def _number(value: int | Decimal | None) -> str:
    return "" if value is None else str(number_format(value))


def _age(reading: Reading | None, at: datetime) -> str:
    if reading is None:
        return _("not taken")
    return _("%(span)s ago") % {"span": span_words(at - reading.observed_at)}


def span_words(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    return _("%(h)s h %(m)02d") % {"h": minutes // 60, "m": minutes % 60}


def clock(at: datetime | None) -> str:
    return time_format(timezone.localtime(at), "H:i") if at else ""
