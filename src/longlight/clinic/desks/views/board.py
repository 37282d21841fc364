"""The today board: every dosing visit of the day, its state, what is late, and one button a row."""

import hashlib
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from longlight.clinic.desks.board import LIGHT_LINE, BoardRow, next_dosing_day, rows_of
from longlight.clinic.dosing.rules import SessionState
from longlight.clinic.dosing.views.monitor import span_words
from longlight.clinic.dosing.views.page import STATE_WORDS
from longlight.clinic.people.access import ClinicRequest, polled, roles
from longlight.clinic.people.queries import clinic_of
from longlight.clinic.people.rules import CARE_ROLES, CHART_ROLES
from longlight.clinic.safety.queries import open_alerts
from longlight.clinic.schedule.queries import resources
from longlight.clinic.schedule.rules import ResourceKind
from longlight.ui.parts import StripCell

IN_A_CHAIR = frozenset(
    {
        SessionState.CLEARED,
        SessionState.IN_PROGRESS,
        SessionState.RECOVERY,
        SessionState.READY_TO_LEAVE,
    }
)


@polled
@roles(*CARE_ROLES)
@require_safe
def board(request: ClinicRequest) -> HttpResponse:
    """The whole page; an htmx request gets the live part alone, or 204 when it is what `tag` stands for."""
    at = timezone.now()
    clinic = clinic_of(request.viewer)
    here = at.astimezone(ZoneInfo(clinic.time_zone))
    rows = rows_of(day=here.date(), viewer=request.viewer, zone=clinic.time_zone, at=at)
    shown = {
        "here": here,
        "zone": clinic.time_zone,
        "clinic_name": clinic.name,
        "rows": [(row, STATE_WORDS[row.line.state]) for row in rows],
        "next_on": None if rows else next_dosing_day(after=here.date(), viewer=request.viewer),
        "cells": _cells(request, rows, at),
        "last_step": len(LIGHT_LINE) - 1,
        "sees_charts": request.viewer.role in CHART_ROLES,
    }
    tag = _tag(shown)
    if not getattr(request, "htmx", False):
        return render(request, "desks/board.html", shown | {"tag": tag})
    if request.GET.get("tag") == tag:
        return HttpResponse(status=204)
    answer = render(request, "desks/board-live.html", shown)
    answer.headers["X-Tag"] = tag
    return answer


def _tag(shown: dict[str, object]) -> str:
    """Stands for everything that the live part shows, and tells nothing of it."""
    said = repr([shown[name] for name in ("rows", "next_on", "cells")])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _cells(request: ClinicRequest, rows: list[BoardRow], at: datetime) -> list[StripCell]:
    states = Counter(row.line.state for row in rows)
    chairs = resources(request.viewer).filter(kind=ResourceKind.CHAIR.value).count()
    in_use = sum(states[state] for state in IN_A_CHAIR)
    late = [row for row in rows if row.minutes_late]
    cells = [
        StripCell(str(len(rows)), _("Dosing visits today")),
        StripCell(
            _("%(n)s of %(all)s") % {"n": in_use, "all": chairs} if chairs else str(in_use),
            _("In a chair now"),
        ),
        StripCell(str(states[SessionState.BOOKED]), _("Still to arrive")),
        StripCell(str(len(late)), _("Signs late"), is_hot=bool(late)),
    ]
    if request.viewer.role in CHART_ROLES:
        waiting, oldest_at = open_alerts(viewer=request.viewer)
        label = _("Safety inbox")
        if oldest_at is not None:
            label = _("Safety inbox · oldest %(age)s") % {"age": span_words(at - oldest_at)}
        words = _("%(n)s open") % {"n": waiting}
        cells.insert(0, StripCell(words, label, url="/safety/", is_hot=bool(waiting)))
    return cells
