"""How a planned session is told on a page."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from longlight.clinic.courses.queries import TimelineSession
from longlight.clinic.courses.rules import SessionStatus
from longlight.ui.parts import TimelineEntry


def entry(each: TimelineSession, today: date) -> TimelineEntry:
    session = each.session
    words = {
        SessionStatus.DONE: _("done"),
        SessionStatus.MISSED: _("did not happen"),
        SessionStatus.CANCELLED: _("cancelled"),
        SessionStatus.PLANNED: _("planned") if session.on >= today else _("not marked yet"),
    }[SessionStatus(session.status)]
    text = f"{session.title}: {words}"
    if session.is_optional:
        text += _(" (if you want)")
    return TimelineEntry(date_format(session.on, "D j M Y"), text, is_dose=each.is_dose)
