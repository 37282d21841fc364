"""The one page of a dosing day: what it shows now, and which forms stand on it."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from longlight.clinic.dosing.actions.locking import AT_THE_CHAIR
from longlight.clinic.dosing.forms import (
    ChecksForm,
    EndForm,
    EscortForm,
    OrderForm,
    OverridesForm,
    ReadingForm,
    SecondCheckForm,
    StopForm,
)
from longlight.clinic.dosing.models import DosingSession, Reading
from longlight.clinic.dosing.queries import DosingDay, dosing_day
from longlight.clinic.dosing.rules import WATCHED, SessionState
from longlight.clinic.people.access import ClinicRequest
from longlight.clinic.people.rules import Role
from longlight.clinic.record.actions import note_read

SIGNS = (
    ("systolic_mmhg", "diastolic_mmhg"),
    ("heart_rate_bpm",),
    ("oxygen_saturation_percent",),
    ("breaths_per_min",),
    ("weight_kg",),
)


@dataclass(frozen=True)
class Shown:
    """Forms that were sent and refused, kept as they were typed, by their name on the page; and the refusal."""

    forms: dict[str, Form] = field(default_factory=dict)
    refusal: str = ""
    status: int = 200


STATE_WORDS = {
    SessionState.BOOKED: _("Booked"),
    SessionState.ARRIVED: _("Arrived"),
    SessionState.CLEARED: _("Cleared to start"),
    SessionState.IN_PROGRESS: _("Dosing"),
    SessionState.RECOVERY: _("Recovery"),
    SessionState.READY_TO_LEAVE: _("Ready to leave"),
    SessionState.FINISHED: _("Finished"),
    SessionState.CANCELLED: _("Cancelled"),
    SessionState.NO_SHOW: _("Did not come"),
    SessionState.STOPPED: _("Stopped"),
    SessionState.TRANSFERRED: _("Transferred"),
    SessionState.LEFT_EARLY: _("Left early"),
}


def day_of(request: ClinicRequest, session_id: UUID) -> DosingDay:
    try:
        return dosing_day(session_id=session_id, viewer=request.viewer, at=timezone.now())
    except DosingSession.DoesNotExist:
        raise Http404 from None


def page(request: ClinicRequest, session_id: UUID, shown: Shown | None = None) -> HttpResponse:
    """The page for the session's state now."""
    shown = shown or Shown()
    day = day_of(request, session_id)
    note_read(
        by=request.viewer.actor,
        at=day.at,
        patient_id=day.session.patient_id,
        purpose="dosing-day",
    )
    context = {
        "day": day,
        "patient": day.session.patient,
        "state": day.state.value,
        "state_words": STATE_WORDS[day.state],
        "log": [log_row(reading) for reading in reversed(day.readings)],
        "next_due_at": next_due_at(day),
        "is_watched": day.state in WATCHED,
        "may_act": request.viewer.role in AT_THE_CHAIR,
        "refusal": shown.refusal,
        **_forms(request, day),
        **shown.forms,
    }
    return render(request, "dosing/session.html", context, status=shown.status)


def _forms(request: ClinicRequest, day: DosingDay) -> dict[str, object]:
    """The forms that this state needs."""
    forms: dict[str, object] = {"reading_form": ReadingForm.empty(), "end_form": EndForm()}
    if day.state is SessionState.ARRIVED:
        reasons = day.reasons_not_to_start()
        is_prescriber = request.viewer.role is Role.PRESCRIBER
        forms |= {
            "gate": day.readiness,
            "checks_form": ChecksForm(day.asked(day.readiness)),
            "reasons": reasons,
            "order_form": OrderForm(day.protocol.dose.start.unit) if is_prescriber else None,
            "second_form": SecondCheckForm(),
            "overrides_form": OverridesForm(reasons) if is_prescriber else None,
            "may_second": day.order is not None
            and day.order.checked_at is None
            and day.order.ordered_by_id != request.viewer.account_id,
        }
    elif day.state is SessionState.IN_PROGRESS:
        forms["stop_form"] = StopForm()
    elif day.state in {SessionState.RECOVERY, SessionState.READY_TO_LEAVE}:
        forms |= {
            "gate": day.discharge,
            "checks_form": ChecksForm(day.asked(day.discharge)),
            "reasons": day.reasons_not_to_leave(),
            "escort_form": EscortForm(),
        }
    return forms


@dataclass(frozen=True)
class LogLine:
    """One set of signs in the log, newest first; a corrected one is struck through."""

    reading: Reading
    values: tuple[str, ...]


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
    due = standing[-1].observed_at + timedelta(minutes=int(interval.value))
    return time_format(timezone.localtime(due), "H:i")
