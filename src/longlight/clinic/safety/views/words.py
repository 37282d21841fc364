"""How an alert and its events are told on a page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from longlight.clinic.contact.models import GivenUp
from longlight.clinic.contact.queries import leave_words_of
from longlight.clinic.safety.forms import CONTACT_WORDS, OUTCOME_WORDS
from longlight.clinic.safety.models import Alert, AlertEvent
from longlight.clinic.safety.queries import AlertLine
from longlight.clinic.safety.rules import AlertStatus, ContactResult, EventKind, Outcome
from longlight.science import instruments
from longlight.ui.parts import Fact, InboxRow, Priority, TimelineEntry

A_WAIT = timedelta(minutes=1)  # less is the way to the server


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


def question(alert: Alert) -> str:
    """The item in its own words, where its licence allows us to ship them."""
    text = instruments.get(alert.instrument_id).text("en")
    return text.item(alert.item_number).text if text else ""


def recall_period(alert: Alert) -> str:
    text = instruments.get(alert.instrument_id).text("en")
    return text.recall_period if text else ""


def reach(alert: Alert) -> list[Fact]:
    """How to reach the person; what nobody has asked is said to be unknown."""
    patient = alert.patient
    email = [Fact(_("Email"), patient.email)] if patient.email else []
    return [
        Fact(_("Phone"), patient.phone or _("none in the chart")),
        *email,
        Fact(_("Message"), leave_words_of([patient.pk])[patient.pk]),
        Fact(_("Called"), patient.preferred_name or patient.name),
    ]


@dataclass(frozen=True)
class Step:
    """A step of the way from flag to closed."""

    title: str
    note: str
    is_now: bool


def steps(line: AlertLine, backup: str) -> list[Step]:
    status = AlertStatus(line.alert.status)
    due = _clock(line.due_at)
    claim = _("by %(time)s, else %(name)s is told") % {"time": due, "name": backup}
    return [
        Step(_("Claim"), claim if due and backup else "", status is AlertStatus.NEW),
        Step(
            _("Log contact"), _("reached, no answer, left a message"), status is AlertStatus.CLAIMED
        ),
        Step(
            _("Outcome"),
            _("assessed, plan updated, escalated, or nothing further and why"),
            status is AlertStatus.CONTACTED,
        ),
        Step(_("Closed"), "", status is AlertStatus.CLOSED),
    ]


def _stamp(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M Y, H:i")


def _clock(at: datetime | None) -> str:
    return time_format(timezone.localtime(at), "H:i") if at else ""


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


def not_arrived(given_up: GivenUp | None, alert: Alert, at: datetime) -> InboxRow:
    """A message that bears on an open alert stands above all: somebody may not know."""
    since = given_up.given_up_at if given_up else alert.raised_at
    if given_up is None or given_up.patient_id is None:
        return InboxRow(
            priority=Priority.HIGH,
            what=_("Somebody was not told of an alert: %(what)s") % {"what": what(alert)},
            who=who(alert),
            url=reverse("alert", args=[alert.id]),
            age=duration(at - since),
            state=_("claim the alert"),
        )
    claimed_by = given_up.claimed_by_name
    return InboxRow(
        priority=Priority(alert.priority),
        what=_("A message to the patient did not arrive, and an alert is open"),
        who=who(alert),
        url=reverse("undelivered-one", args=[given_up.id]),
        age=duration(at - since),
        state=_("claimed, %(name)s") % {"name": claimed_by} if claimed_by else _("new"),
    )


def others_not_arrived(count: int) -> InboxRow:
    """Messages that bear on no alert: work, but not for this page."""
    return InboxRow(
        priority=Priority.LOW,
        what=ngettext("%(n)s message did not arrive", "%(n)s messages did not arrive", count)
        % {"n": count},
        who=_("No open alert is about them"),
        url=reverse("undelivered"),
        age="",
        state=_("see to them"),
    )


def waited_since(event: AlertEvent) -> datetime | None:
    """When the answer was chosen, where it had to wait on a device before it came."""
    has_waited = event.chosen_at is not None and event.at - event.chosen_at >= A_WAIT
    return event.chosen_at if has_waited else None


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
        EventKind.TOLD: _("%(name)s was written to") % {"name": event.note},
        EventKind.NOT_TOLD: _("%(name)s could not be written to: no address that can be used")
        % {"name": event.note},
    }[kind]
    since = waited_since(event)
    if since is not None:
        text = f"{text} " + _("Chosen %(time)s, it had to wait.") % {"time": _stamp(since)}
    if kind in {EventKind.TOLD, EventKind.NOT_TOLD}:  # done by itself, whoever's answer it was
        return TimelineEntry(_stamp(event.at), str(text))
    note = f" — {event.note}" if event.note else ""
    return TimelineEntry(_stamp(event.at), f"{text} ({event.by_name}){note}")
