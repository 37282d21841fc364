"""The running log of a dosing day, newest first: signs, taps, the dose; whatever device they came from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longlight.clinic.dosing.models import Happening, Reading
from longlight.clinic.dosing.queries import DosingDay
from longlight.clinic.dosing.rules import UNDO_WITHIN, UNDONE, HappeningKind
from longlight.clinic.dosing.views.monitor import clock

HAPPENING_WORDS = {
    HappeningKind.NAUSEA: gettext_lazy("Nausea"),
    HappeningKind.ANXIETY: gettext_lazy("Anxiety"),
    HappeningKind.DISSOCIATION: gettext_lazy("Dissociation"),
    HappeningKind.ANTIEMETIC_GIVEN: gettext_lazy("Antiemetic given"),
    HappeningKind.RECHECK: gettext_lazy("Pressure again"),
    HappeningKind.THERAPIST_IN: gettext_lazy("Therapist in"),
    HappeningKind.THERAPIST_OUT: gettext_lazy("Therapist out"),
    HappeningKind.PAUSED: gettext_lazy("Infusion paused"),
    HappeningKind.RESUMED: gettext_lazy("Infusion resumed"),
    HappeningKind.RATE_CHANGED: gettext_lazy("Rate changed"),
    HappeningKind.ACKNOWLEDGED: gettext_lazy("Alarm seen"),
}
# What one tap notes; the therapist's is one button, in or out.
TAPS = (
    HappeningKind.NAUSEA,
    HappeningKind.ANXIETY,
    HappeningKind.DISSOCIATION,
    HappeningKind.ANTIEMETIC_GIVEN,
    HappeningKind.RECHECK,
)
TYPED_LATE = timedelta(minutes=2)


@dataclass(frozen=True)
class LogLine:
    """One line; what was corrected is struck through. `undo_url` only in the first seconds, for whoever tapped."""

    at: datetime
    text: str
    by_name: str
    stands: bool = True
    why: str = ""
    late: str = ""
    correct_url: str = ""
    undo_url: str = ""


def log_of(
    day: DosingDay, *, viewer_id: UUID | None = None, may_act: bool = False
) -> list[LogLine]:
    """Every line of the day, newest first."""
    lines = [_reading_line(day, reading, may_act) for reading in day.readings]
    lines += [_happening_line(day, each, viewer_id, may_act) for each in day.happenings]
    lines += _dose_lines(day)
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _reading_line(day: DosingDay, reading: Reading, may_act: bool) -> LogLine:
    return LogLine(
        reading.observed_at,
        ", ".join(_short(reading)),
        reading.by_name,
        reading.stands,
        _why(reading),
        _late(reading),
        reverse("dosing-correct", args=[day.session.pk, reading.key])
        if may_act and reading.stands
        else "",
    )


def _happening_line(
    day: DosingDay, happening: Happening, viewer_id: UUID | None, may_act: bool
) -> LogLine:
    kind = HappeningKind(happening.kind)
    text = str(HAPPENING_WORDS[kind])
    if happening.rate_mg_per_min is not None:
        text = f"{text}: {happening.rate_mg_per_min.normalize():f} mg/min"
    url, undo = "", ""
    if may_act and happening.stands:
        url = reverse("dosing-take-out", args=[day.session.pk, happening.key])
        if happening.by_id == viewer_id and day.at < happening.entered_at + UNDO_WITHIN:
            undo = reverse("dosing-undo", args=[day.session.pk, happening.key])
    return LogLine(
        happening.observed_at, text, happening.by_name, happening.stands, _why(happening),
        _late(happening), url, undo,
    )  # fmt: skip


def _dose_lines(day: DosingDay) -> list[LogLine]:
    dose = day.dose
    if dose is None or day.order is None:
        return []
    what = _("Dose begun: %(mg)s mg") % {"mg": day.order.dose_mg}
    lines = [LogLine(dose.started_at, what, dose.given_by_name)]
    if dose.ended_at is not None:
        ended = _("Stopped: %(why)s") % {"why": dose.stop_reason} if dose.stop_reason else ""
        lines.append(LogLine(dose.ended_at, ended or _("All given"), ""))
    return lines


def _why(kept: Reading | Happening) -> str:
    if kept.stands:
        return ""
    why = kept.correction_reason
    return _("corrected by %(name)s: %(why)s") % {
        "name": kept.corrected_by_name,
        "why": gettext_lazy(UNDONE) if why == UNDONE else why,
    }


def _late(kept: Reading | Happening) -> str:
    """Said when a line came to the server well after it was observed."""
    if kept.entered_at - kept.observed_at < TYPED_LATE:
        return ""
    return _("entered %(time)s") % {"time": clock(kept.entered_at)}


def _short(reading: Reading) -> list[str]:
    """A reading as a line of the log: what stands in its own place on the page needs no unit."""
    units = {
        "heart_rate_bpm": _("pulse {value}"),
        "oxygen_saturation_percent": "SpO₂ {value}",
        "breaths_per_min": _("breaths {value}"),
        "sedation_points": _("sedation {value}"),
        "dissociation_points": _("dissociation {value}"),
        "weight_kg": "{value} kg",
    }
    return _worded(reading, "{}/{}", units)


def told(reading: Reading) -> list[str]:
    """A reading in words, only what was measured."""
    units = {
        "heart_rate_bpm": "{value} bpm",
        "oxygen_saturation_percent": "SpO₂ {value} %",
        "breaths_per_min": _("{value} breaths"),
        "sedation_points": _("sedation {value}"),
        "dissociation_points": _("dissociation {value}"),
        "weight_kg": "{value} kg",
    }
    return _worded(reading, "{}/{} mmHg", units)


def _worded(reading: Reading, pressure: str, units: dict[str, str]) -> list[str]:
    said = []
    if reading.systolic_mmhg is not None or reading.diastolic_mmhg is not None:
        pair = (reading.systolic_mmhg, reading.diastolic_mmhg)
        said.append(pressure.format(*("–" if value is None else value for value in pair)))
    said += [
        text.format(value=getattr(reading, sign))
        for sign, text in units.items()
        if getattr(reading, sign) is not None
    ]
    return [*said, reading.note] if reading.note else said
