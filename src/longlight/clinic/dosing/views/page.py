"""The one page of a dosing day: what it shows now, and which forms stand on it."""

from dataclasses import dataclass, field
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
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
from longlight.clinic.dosing.models import DosingSession
from longlight.clinic.dosing.queries import DosingDay, dosing_day
from longlight.clinic.dosing.rules import WATCHED, SessionState
from longlight.clinic.dosing.views import monitor
from longlight.clinic.people.access import ClinicRequest
from longlight.clinic.people.rules import Role
from longlight.clinic.record.actions import note_read
from longlight.science.protocols import Reason
from longlight.ui.parts import Fact


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
    forms = _forms(request, day) | shown.forms
    reading_form = forms["reading_form"]
    assert isinstance(reading_form, ReadingForm)
    reasons = day_reasons(day)
    gate = day.readiness if day.state is SessionState.ARRIVED else day.discharge
    context = {
        "day": day,
        "identity": _identity(day),
        "phase_steps": monitor.phases(day),
        "vital_values": monitor.vitals(day),
        "elapsed": monitor.elapsed(day),
        "boxes": monitor.boxes(day, reading_form),
        "reasons": reasons,
        "missing": monitor.missing(gate, reasons),
        "found": [reason for reason in reasons if not reason.is_unknown],
        "patient": day.session.patient,
        "state": day.state.value,
        "state_words": STATE_WORDS[day.state],
        "log": [monitor.log_row(reading) for reading in reversed(day.readings)],
        "next_due_at": monitor.next_due_at(day),
        "is_watched": day.state in WATCHED,
        "may_act": request.viewer.role in AT_THE_CHAIR,
        "refusal": shown.refusal,
        **forms,
    }
    return render(request, "dosing/session.html", context, status=shown.status)


def _identity(day: DosingDay) -> list[Fact]:
    patient = day.session.patient
    facts = [Fact(str(_("Number")), patient.number)]
    if patient.birth_date:
        facts.append(Fact(str(_("Born")), date_format(patient.birth_date, "j M Y")))
    return [*facts, Fact(str(_("Session")), f"{day.session.planned.title} · {day.protocol.title}")]


def day_reasons(day: DosingDay) -> tuple[Reason, ...]:
    """Why the dose may not start now, or the person may not leave."""
    if day.state is SessionState.ARRIVED:
        return day.reasons_not_to_start()
    if day.state in {SessionState.RECOVERY, SessionState.READY_TO_LEAVE}:
        return day.reasons_not_to_leave()
    return ()


def _forms(request: ClinicRequest, day: DosingDay) -> dict[str, object]:
    """The forms that this state needs."""
    forms: dict[str, object] = {"reading_form": ReadingForm.empty(), "end_form": EndForm()}
    if day.state is SessionState.ARRIVED:
        reasons = day.reasons_not_to_start()
        is_prescriber = request.viewer.role is Role.PRESCRIBER
        forms |= {
            "gate": day.readiness,
            "checks_form": ChecksForm(day.asked(day.readiness)),
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
            "escort_form": EscortForm(),
        }
    return forms
