"""When a clinic reads what it is sent, in words."""

from itertools import groupby
from uuid import UUID

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from longlight.clinic.schedule.queries import opening_hours


def hours_of(clinic_id: UUID) -> str:
    """The clinic's opening hours in a line, days alike taken together; empty where none are kept."""
    by_day: dict[int, list[str]] = {}
    for hours in sorted(opening_hours(clinic_id), key=lambda each: (each.weekday, each.opens_at)):
        span = _("%(opens)s to %(closes)s") % {
            "opens": f"{hours.opens_at:%H:%M}",
            "closes": f"{hours.closes_at:%H:%M}",
        }
        by_day.setdefault(hours.weekday, []).append(span)
    # Days that follow each other and open alike: the difference to their place is the same.
    days = enumerate(sorted(by_day))
    runs = groupby(days, key=lambda pair: (pair[1] - pair[0], tuple(by_day[pair[1]])))
    return "; ".join(_run([day for _place, day in run], spans) for (_gap, spans), run in runs)


def _run(days: list[int], spans: tuple[str, ...]) -> str:
    first, last = str(WEEKDAYS[days[0]]), str(WEEKDAYS[days[-1]])
    named = first if len(days) == 1 else _("%(first)s to %(last)s") % {"first": first, "last": last}
    return f"{named}, {', '.join(spans)}"
