"""What the dosing-day page shows of the signs: the boxes to type in, the latest values, the phases, the log."""

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
from longlight.clinic.dosing.rules import SessionState
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
    "weight_kg",
)


@dataclass(frozen=True)
class EntryBox:
    """A box for one sign, and the value before it, which stands beside the box and never in it."""

    field: BoundField
    last: str


@dataclass(frozen=True)
class LogLine:
    """One set of signs in the log, newest first; a corrected one is struck through."""

    reading: Reading
    values: tuple[str, ...]


def boxes(day: DosingDay, form: ReadingForm) -> list[EntryBox]:
    """The boxes of one row; weight only while the dose is still to be worked out from it."""
    asked = [sign for sign in BOXES if sign != "weight_kg" or day.state in BEFORE_THE_DOSE]
    return [EntryBox(form[sign], _number(day.latest(sign))) for sign in asked]


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
        (SessionState.ARRIVED, _("Baseline"), ""),
        (SessionState.CLEARED, _("Cleared"), _clock(day.session.cleared_at)),
        (SessionState.IN_PROGRESS, _("Dosing"), _clock(day.dose.started_at) if day.dose else ""),
        (SessionState.RECOVERY, _("Recovery"), _recovery_note(day)),
        (SessionState.READY_TO_LEAVE, _("Ready to leave"), ""),
    )
    now = next((n for n, step in enumerate(order) if step[0] is day.state), len(order))
    return [
        PhaseStep(label, note, "past" if n < now else "now" if n == now else "")
        for n, (_state, label, note) in enumerate(order)
    ]


def _recovery_note(day: DosingDay) -> str:
    stay = day.protocol.monitoring.minimum_stay
    return _("at least %(n)s min") % {"n": int(stay.value)} if stay else ""


def elapsed(day: DosingDay) -> str:
    """Since the dose began, while it matters: 22 min, 1 h 05."""
    if day.dose is None or day.session.ended_at is not None:
        return ""
    return _span(day.at - day.dose.started_at)


def missing(gate: Gate, reasons: tuple[Reason, ...]) -> list[str]:
    """What is not recorded yet, in the words of the checks."""
    asked = {check.id: check.ask for check in gate.checks}
    return [asked.get(each.check_id, each.sentence) for each in reasons if each.is_unknown]


def next_due_at(day: DosingDay) -> str:
    """When the next signs are due by the protocol, as a clock time; empty where it sets no interval."""
    monitoring = day.protocol.monitoring
    interval = (
        monitoring.during_every
        if day.state is SessionState.IN_PROGRESS
        else monitoring.after_every
        if day.state is SessionState.RECOVERY
        else None
    )
    standing = day.standing_readings
    if interval is None or not standing:
        return ""
    return _clock(standing[-1].observed_at + timedelta(minutes=int(interval.value)))


def log_row(reading: Reading) -> LogLine:
    return LogLine(reading, tuple(_told(reading)))


def _told(reading: Reading) -> list[str]:
    units = {
        "heart_rate_bpm": "{} bpm",
        "oxygen_saturation_percent": "SpO₂ {} %",
        "breaths_per_min": "{} breaths/min",
        "weight_kg": "{} kg",
    }
    told = []
    if reading.systolic_mmhg is not None or reading.diastolic_mmhg is not None:
        pair = (reading.systolic_mmhg, reading.diastolic_mmhg)
        told.append("{}/{} mmHg".format(*("–" if value is None else value for value in pair)))
    told += [
        text.format(getattr(reading, sign))
        for sign, text in units.items()
        if getattr(reading, sign) is not None
    ]
    return [*told, reading.note] if reading.note else told


def _newest(day: DosingDay, *signs: str) -> Reading | None:
    standing = reversed(day.standing_readings)
    return next((r for r in standing if any(getattr(r, s) is not None for s in signs)), None)


def _number(value: int | Decimal | None) -> str:
    return "" if value is None else str(number_format(value))


def _age(reading: Reading | None, at: datetime) -> str:
    if reading is None:
        return _("not taken")
    return _("%(span)s ago") % {"span": _span(at - reading.observed_at)}


def _span(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    return _("%(h)s h %(m)02d") % {"h": minutes // 60, "m": minutes % 60}


def _clock(at: datetime | None) -> str:
    return time_format(timezone.localtime(at), "H:i") if at else ""
