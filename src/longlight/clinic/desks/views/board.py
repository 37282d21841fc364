"""The today board: every dosing visit of the day, its state, what is late, and one button a row."""

import hashlib
from collections import Counter
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from longlight.clinic.assessments.queries.board import Show, unseen_late
from longlight.clinic.desks.board import LIGHT_LINE, BoardRow, next_dosing_day, rows_of
from longlight.clinic.dosing.actions.locking import AT_THE_CHAIR
from longlight.clinic.dosing.queries.signing import COUNTED_TO, count_to_sign
from longlight.clinic.dosing.rules import STATE_WORDS, SessionState
from longlight.clinic.dosing.views.monitor import span_words
from longlight.clinic.people.access import ClinicRequest, polled, roles
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
    clinic = request.clinic
    here = at.astimezone(ZoneInfo(clinic.time_zone))
    rows = rows_of(day=here.date(), viewer=request.viewer, zone=clinic.time_zone, at=at)
    sees_charts = request.viewer.role in CHART_ROLES
    shown = {
        "here": here,
        "zone": clinic.time_zone,
        "clinic_name": clinic.name,
        "rows": [_drawn(row, sees_charts, get_language()) for row in rows],
        "next_on": None if rows else next_dosing_day(after=here.date(), viewer=request.viewer),
        "cells": _cells(request, rows, at),
    }
    tag = _tag(rows, shown["next_on"], shown["cells"])
    if not getattr(request, "htmx", False):
        return render(request, "desks/board.html", shown | {"tag": tag})
    if request.GET.get("tag") == tag:
        return HttpResponse(status=204)
    answer = render(request, "desks/board-live.html", shown)
    answer.headers["X-Tag"] = tag
    return answer


# Everybody's board asks four times a minute, and most rows stand as they stood.
@lru_cache(maxsize=1024)
def _drawn(row: BoardRow, sees_charts: bool, language: str | None) -> SafeString:
    """A row as the page shows it. All that it says is in the row itself."""
    values = {
        "row": row,
        "words": STATE_WORDS[row.line.state],
        "last_step": len(LIGHT_LINE) - 1,
        "sees_charts": sees_charts,
    }
    return render_to_string("desks/board-row.html", values)


def _tag(rows: list[BoardRow], *others: object) -> str:
    """Stands for everything that the live part shows, and tells nothing of it."""
    said = repr((rows, others))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _cells(request: ClinicRequest, rows: list[BoardRow], at: datetime) -> list[StripCell]:
    states = Counter(row.line.state for row in rows)
    chairs = resources(request.viewer).filter(kind=ResourceKind.CHAIR.value).count()
    in_use = sum(states[state] for state in IN_A_CHAIR)
    late = [row for row in rows if row.minutes_late]
    homeward = [row.ends for row in rows if row.ends and not row.has_ended]
    cells = [
        StripCell(
            _("%(n)s of %(all)s") % {"n": in_use, "all": chairs} if chairs else str(in_use),
            _("In a chair now"),
        ),
        StripCell(str(states[SessionState.BOOKED]), _("Still to arrive")),
        StripCell(str(len(late)), _("Signs late"), is_hot=bool(late)),
        StripCell(max(homeward, default="–"), _("Last ride home today")),
    ]
    if request.viewer.role in AT_THE_CHAIR:
        cells.insert(3, _to_sign(request))
    if request.viewer.role in CHART_ROLES:
        waiting, oldest_at = open_alerts(viewer=request.viewer)
        label = _("Safety inbox")
        if oldest_at is not None:
            label = _("Safety inbox · oldest %(age)s") % {"age": span_words(at - oldest_at)}
        words = _("%(n)s open") % {"n": waiting}
        cells.insert(0, StripCell(words, label, url="/safety/", is_hot=bool(waiting)))
        came_late = unseen_late(viewer=request.viewer)
        if came_late:
            there = f"{reverse('questionnaires')}?show={Show.LATE.value}"
            cells.append(StripCell(str(came_late), _("Answers came too late"), url=there))
    return cells


def _to_sign(request: ClinicRequest) -> StripCell:
    count = count_to_sign(viewer=request.viewer)
    words = _("over %(n)s") % {"n": COUNTED_TO} if count > COUNTED_TO else str(count)
    return StripCell(words, _("Records to sign"), url=reverse("dosing-to-sign"))
