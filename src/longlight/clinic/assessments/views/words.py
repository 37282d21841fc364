"""When a clinic is open, when somebody reads what it is sent, and how it reminds, in words."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longlight.clinic.assessments.models import LateAnswer
from longlight.clinic.assessments.queries.reminding import Reminding
from longlight.clinic.assessments.rules import WhyLate
from longlight.clinic.contact.rules import Channel
from longlight.clinic.schedule.rules import Hours

WHY_LATE = {
    WhyLate.CLOSED: gettext_lazy("This answer came after the questions had closed."),
    WhyLate.SENT: gettext_lazy("This answer came after your answers had been sent."),
    WhyLate.TAKEN_BACK: gettext_lazy("This answer came after the clinic had taken it back."),
    WhyLate.LINK_OVER: gettext_lazy("This answer came after its link was over."),
}


def late_in_words(late: LateAnswer, *, is_urgent: bool) -> str:
    """What a patient is told of an answer that came late."""
    told = [
        str(WHY_LATE[WhyLate(late.why)]),
        _("It is kept, and the clinic sees it; it is not part of a score."),
    ]
    if is_urgent:
        told.append(_("If you need help now, open “Need help now?”: it says whom to call."))
    return " ".join(told)


def hours_in_words(hours: Iterable[Hours]) -> str:
    """Weekly hours in a line, days alike taken together; empty where there are none."""
    by_day: dict[int, list[str]] = {}
    for weekday, begins, ends in _joined(hours):
        span = _("%(opens)s to %(closes)s") % {
            "opens": f"{begins:%H:%M}",
            "closes": f"{ends:%H:%M}",
        }
        by_day.setdefault(weekday, []).append(span)
    # Days that follow each other and open alike: the difference to their place is the same.
    days = enumerate(sorted(by_day))
    runs = groupby(days, key=lambda pair: (pair[1] - pair[0], tuple(by_day[pair[1]])))
    return "; ".join(_run([day for _place, day in run], spans) for (_gap, spans), run in runs)


def _joined(hours: Iterable[Hours]) -> list[tuple[int, time, time]]:
    """Stretches that touch or overlap, as those of two people may, are one."""
    joined: list[tuple[int, time, time]] = []
    for each in sorted(hours, key=lambda one: (one.weekday, one.opens_at)):
        if joined and joined[-1][0] == each.weekday and each.opens_at <= joined[-1][2]:
            day, begins, ends = joined.pop()
            joined.append((day, begins, max(ends, each.closes_at)))
        else:
            joined.append((each.weekday, each.opens_at, each.closes_at))
    return joined


def moment_in_words(moment: datetime, now: datetime) -> str:
    """A time that comes: only its clock where it is today, else the day too."""
    clock = date_format(moment, "H:i")
    if moment.date() == now.astimezone(moment.tzinfo).date():
        return _("%(clock)s today") % {"clock": clock}
    return _("%(day)s, %(clock)s") % {"day": date_format(moment, "l"), "clock": clock}


def window_in_words(opens_at: datetime, closes_at: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """From when to when something is open there: days where it is open for whole days, else the clock too.

    The second is empty where it is open on one day alone.
    """
    opens, closes = opens_at.astimezone(zone), closes_at.astimezone(zone)
    first = date_format(opens, "j M" if opens.time() == time.min else "j M H:i")
    if closes.time() != time.min:
        return first, date_format(closes, "j M H:i")
    last = date_format(closes - timedelta(microseconds=1), "j M")
    return first, "" if first == last else last


def ladder_words(reminding: Reminding) -> str:
    """How a clinic reminds, in a sentence or two."""
    first, *later = reminding.hours
    begins = (
        _("A message goes out when the questions open")
        if first == 0
        else ngettext(
            "A message goes out %(n)s hour after the questions open",
            "A message goes out %(n)s hours after the questions open",
            first,
        )
        % {"n": first}
    )
    hours = get_text_list([str(each) for each in later], str(_("and")))
    goes_on = _(", and again after %(hours)s hours") % {"hours": hours} if later else ""
    by = {
        frozenset({Channel.EMAIL}): _(", by e-mail alone"),
        frozenset({Channel.SMS}): _(", by text message alone"),
    }.get(reminding.channels, "")
    most = reminding.most_in_a_week
    limit = _(" At most %(n)s in seven days to one patient.") % {"n": most} if most else ""
    return f"{begins}{goes_on}{by}.{limit}"


def _run(days: list[int], spans: tuple[str, ...]) -> str:
    first, last = str(WEEKDAYS[days[0]]), str(WEEKDAYS[days[-1]])
    named = first if len(days) == 1 else _("%(first)s to %(last)s") % {"first": first, "last": last}
    return f"{named}, {', '.join(spans)}"
