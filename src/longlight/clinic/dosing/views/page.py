"""The one page of a dosing day: what it shows now, and which forms stand on it."""

from dataclasses import dataclass, field
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
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
from longlight.clinic.dosing.rules import STATE_WORDS, WATCHED, SessionState
from longlight.clinic.dosing.views import monitor
from longlight.clinic.dosing.views.figures import figures_of
from longlight.clinic.dosing.views.live import MONITORED, monitor_context
from longlight.clinic.dosing.views.log import log_of
from longlight.clinic.people.access import ClinicRequest
from longlight.clinic.people.rules import Role
from longlight.clinic.record.actions import note_read
from longlight.clinic.screening.queries import known_allergies
from longlight.clinic.screening.views.words import allergy_fact
from longlight.science.protocols import Reason
from longlight.ui.parts import Fact
from longlight.ui.qr import square_svg


@dataclass(frozen=True)
class Shown:
    """Forms that were sent and refused, kept as they were typed, by their name on the page; and the refusal."""

    forms: dict[str, Form] = field(default_factory=dict)
    refusal: str = ""
    status: int = 200
    questions: tuple[str, ...] = ()  # about unlikely values: saved when the same form comes again


def day_of(request: ClinicRequest, session_id: UUID) -> DosingDay:
    try:
        return dosing_day(session_id=session_id, viewer=request.viewer, at=timezone.now())
    except DosingSession.DoesNotExist:
        raise Http404 from None


def page(
    request: ClinicRequest, session_id: UUID, shown: Shown | None = None, *, leaving: bool = False
) -> HttpResponse:
    """The page for the session's state now: the monitor while a dose acts, else the day's checks.

    `leaving` shows the leaving checks while the person still rests.
    """
    shown = shown or Shown()
    day = day_of(request, session_id)
    note_read(
        by=request.viewer.actor,
        at=day.at,
        patient_id=day.session.patient_id,
        purpose="dosing-day",
    )
    may_act = request.viewer.role in AT_THE_CHAIR
    forms = _forms(request, day) | shown.forms
    reading_form = forms["reading_form"]
    assert isinstance(reading_form, ReadingForm)
    context = {
        "day": day,
        "boxes": monitor.boxes(day, reading_form),
        "patient": day.session.patient,
        "state": day.state.value,
        "may_act": may_act,
        "refusal": shown.refusal,
        "questions": shown.questions,
        **forms,
    }
    if day.state in MONITORED and not leaving:
        context |= monitor_context(request, day, may_act=may_act) | {"figures": figures_of(day)}
        return render(request, "dosing/monitor.html", context, status=shown.status)
    context |= _checks_context(request, day, may_act=may_act)
    return render(request, "dosing/session.html", context, status=shown.status)


def _checks_context(request: ClinicRequest, day: DosingDay, *, may_act: bool) -> dict[str, object]:
    reasons = day_reasons(day)
    gate = day.readiness if day.state is SessionState.ARRIVED else day.discharge
    return {
        "identity": _identity(day),
        "phase_steps": monitor.phases(day),
        "vital_values": monitor.vitals(day),
        "elapsed": monitor.elapsed(day),
        "reasons": reasons,
        "missing": monitor.missing(gate, reasons),
        "found": [reason for reason in reasons if not reason.is_unknown],
        "state_words": STATE_WORDS[day.state],
        "log": log_of(
            day,
            viewer_id=request.viewer.account_id,
            may_act=may_act and day.state in WATCHED,
        ),
        "next_due_at": monitor.clock(day.signs_due_at),
        "is_watched": day.state in WATCHED,
    }


def _identity(day: DosingDay) -> list[Fact]:
    patient = day.session.patient
    facts = [Fact(str(_("Number")), patient.number)]
    if patient.birth_date:
        facts.append(Fact(str(_("Born")), date_format(patient.birth_date, "j M Y")))
    facts.append(allergy_fact(known_allergies(patient.pk)))
    return [*facts, Fact(str(_("Session")), f"{day.session.planned.title} · {day.protocol.title}")]


def day_reasons(day: DosingDay) -> tuple[Reason, ...]:
    """Why the dose may not start now, or the person may not leave."""
    if day.state is SessionState.ARRIVED:
        return day.reasons_not_to_start()
    if day.state in {SessionState.RECOVERY, SessionState.READY_TO_LEAVE}:
        return day.reasons_not_to_leave()
    return ()


def _second(request: ClinicRequest, day: DosingDay) -> dict[str, object]:
    """The second check, for whoever may do it; for the person who ordered, the way for somebody else to it."""
    waits = day.order is not None and day.order.checked_at is None
    is_own = day.order is not None and day.order.ordered_by_id == request.viewer.account_id
    url = request.build_absolute_uri(reverse("dosing-second", args=[day.session.pk]))
    label = _("A square to scan: the second check of this dose")
    return {
        "may_second": waits and not is_own,
        "second_square": square_svg(url, str(label), 180) if waits else "",
    }


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
            **_second(request, day),
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
