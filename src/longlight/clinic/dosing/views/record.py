"""The session on paper: who, what was ordered, checked and given, every line in its time, struck ones too, the checks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from longlight import __version__
from longlight.clinic.dosing.actions.locking import AT_THE_CHAIR
from longlight.clinic.dosing.queries import DosingDay, said_of, signed_record
from longlight.clinic.dosing.queries.predicting import given_so_far_mg
from longlight.clinic.dosing.rules import STATE_WORDS, TO_BE_SIGNED
from longlight.clinic.dosing.views.figures import figures_of
from longlight.clinic.dosing.views.live import dose_words
from longlight.clinic.dosing.views.log import log_of
from longlight.clinic.dosing.views.page import day_of
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read
from longlight.clinic.record.forms import AddendumForm
from longlight.science.protocols.gates import Gate
from longlight.ui.parts import Fact


@dataclass(frozen=True)
class CheckLine:
    """A check, what was said, by whom and when; what follows from elsewhere says so."""

    ask: str
    said: str
    by_name: str
    at: datetime | None


@require_GET
@roles(*CHART_ROLES)
def record(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    return record_page(request, session_id)


def record_page(
    request: ClinicRequest,
    session_id: UUID,
    *,
    form: AddendumForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The record; with it, who signed, what was added since, and what may be done now."""
    day = day_of(request, session_id)
    note_read(
        by=request.viewer.actor,
        at=day.at,
        patient_id=day.session.patient_id,
        purpose="dosing-record",
    )
    overrides = [
        (each.ask, day.session.overrides[each.id])
        for each in day.readiness.checks
        if each.id in day.session.overrides
    ]
    shown = {
        "day": day,
        "patient": day.session.patient,
        "facts": _facts(day),
        "dose_facts": _dose_facts(day),
        "gates": [(gate, _lines(day, gate)) for gate in (day.readiness, day.discharge)],
        "overrides": overrides,
        "log": list(reversed(log_of(day))),
        "figures": figures_of(day),
        "software": f"Longlight {__version__}",
        "refusal": refusal,
        **_signing(request, day, form),
    }
    return render(request, "dosing/record.html", shown, status=status)


def _signing(
    request: ClinicRequest, day: DosingDay, form: AddendumForm | None
) -> dict[str, object]:
    signed = signed_record(day)
    may_act = request.viewer.role in AT_THE_CHAIR
    is_over = day.state in TO_BE_SIGNED
    return {
        "signed": signed,
        "still_says": signed.still_says(said_of(day)) if signed.is_signed else True,
        "is_over": is_over,
        "may_sign": may_act and is_over and not signed.is_signed_by(request.viewer.account_id),
        "addendum_form": (form or AddendumForm.empty()) if may_act and signed.is_signed else None,
    }


def _facts(day: DosingDay) -> list[Fact]:
    session = day.session
    facts = [
        Fact(_("Session"), f"{session.planned.title}, {day.protocol.title}"),
        Fact(
            _("Protocol"),
            _("%(id)s, version %(version)s")
            % {"id": day.protocol.id, "version": day.protocol.version},
        ),
        Fact(_("State"), str(STATE_WORDS[day.state]), session.end_reason),
        Fact(_("Arrived"), _moment(session.arrived_at)),
    ]
    if session.cleared_at:
        facts.append(Fact(_("Cleared"), _moment(session.cleared_at), session.cleared_by_name))
    if session.escort_name:
        facts.append(Fact(_("Taken home by"), session.escort_name))
    if session.ended_at:
        facts.append(Fact(_("Ended"), _moment(session.ended_at)))
    return facts


def _dose_facts(day: DosingDay) -> list[Fact]:
    order, dose = day.order, day.dose
    if order is None:
        return []
    weight = f" × {order.weight_kg} kg" if order.weight_kg else ""
    facts = [
        Fact(
            _("Ordered"),
            f"{order.amount.normalize():f} {order.amount_unit}{weight} = {order.dose_mg} mg",
            _("%(name)s, %(time)s")
            % {"name": order.ordered_by_name, "time": _moment(order.ordered_at)},
        )
    ]
    if order.override_reason:
        facts.append(Fact(_("Past a limit, because"), order.override_reason))
    if order.checked_at:
        checked = f"{order.checked_by_name}, {_moment(order.checked_at)}"
        facts.append(Fact(_("Checked by a second person"), checked))
    if dose is not None:
        given = given_so_far_mg(day)
        mg = f"{given} mg" if given is not None else f"{order.dose_mg} mg"
        facts.append(Fact(_("Given"), f"{dose_words(day)[0]}: {mg}", dose.given_by_name))
        facts.append(Fact(_("From"), _moment(dose.started_at)))
        facts.append(Fact(_("To"), _moment(dose.ended_at), dose.stop_reason))
    return facts


def _lines(day: DosingDay, gate: Gate) -> list[CheckLine]:
    facts = day.facts(gate)
    lines = []
    for check in gate.checks:
        answer = day.answers.get((gate.id, check.id))
        fact = facts[check.id]
        if fact is None:
            said = _("not recorded")
        elif isinstance(fact, bool):
            said = _("yes") if fact else _("no")
        else:
            said = str(fact)
        lines.append(
            CheckLine(
                check.ask,
                said,
                answer.by_name if answer else "",
                answer.at if answer else None,
            )
        )
    return lines


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "j M Y, H:i") if at else "–"
