"""How an alert and its events are told on a page."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from longlight.clinic.safety.forms import CONTACT_WORDS, OUTCOME_WORDS
from longlight.clinic.safety.models import Alert, AlertEvent
from longlight.clinic.safety.queries import AlertLine
from longlight.clinic.safety.rules import AlertStatus, ContactResult, EventKind, Outcome
from longlight.science import instruments
from longlight.ui.parts import InboxRow, Priority, TimelineEntry


def duration(span: timedelta) -> str:
    """How long, in the coarsest words that still tell: 38 min, 2 h 10, 3 days."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 24 * 60:
        return _("%(h)s h %(m)02d") % {"h": minutes // 60, "m": minutes % 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def what(alert: Alert) -> str:
    """Which answer raised it. The answer itself stands on the alert's own page."""
    title = instruments.get(alert.instrument_id).short_title
    return _("%(title)s item %(number)s") % {"title": title, "number": alert.item_number}


def who(alert: Alert) -> str:
    return f"{alert.patient.name} · {alert.patient.number}"


def state(alert: Alert) -> str:
    words = {
        AlertStatus.NEW: _("new"),
        AlertStatus.CLAIMED: _("claimed"),
        AlertStatus.CONTACTED: _("contact logged"),
        AlertStatus.CLOSED: _("closed"),
    }[AlertStatus(alert.status)]
    return f"{words}, {alert.claimed_by.name}" if alert.claimed_by else words


def row(line: AlertLine, at: datetime, current: object = None) -> InboxRow:
    alert = line.alert
    ends = alert.closed_at or at
    return InboxRow(
        priority=Priority(alert.priority),
        what=what(alert),
        who=who(alert),
        url=reverse("alert", args=[alert.id]),
        age=duration(ends - alert.raised_at),
        target=duration(line.due_at - alert.raised_at) if line.due_at else "",
        state=state(alert),
        is_current=alert.id == current,
    )


def entry(event: AlertEvent) -> TimelineEntry:
    kind = EventKind(event.kind)
    text = {
        EventKind.RAISED: _("Raised by the answer: %(answer)s") % {"answer": event.answer},
        EventKind.ANSWER_CHANGED: _("Answer changed to: %(answer)s. The alert stays.")
        % {"answer": event.answer},
        EventKind.CLAIMED: _("Claimed"),
        EventKind.CONTACT: CONTACT_WORDS[ContactResult(event.contact)] if event.contact else "",
        EventKind.OUTCOME: OUTCOME_WORDS[Outcome(event.outcome)] if event.outcome else "",
        EventKind.ESCALATED: _("Not claimed in time: told to the backup"),
    }[kind]
    note = f" — {event.note}" if event.note else ""
    return TimelineEntry(event.at, f"{text} ({event.by_name}){note}")
