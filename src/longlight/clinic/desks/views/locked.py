"""What a locked screen may say: that something waits, and how much of it. Never whose."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from longlight.clinic.desks.board import rows_of
from longlight.clinic.people import sessions
from longlight.clinic.people.access import polled, signed_in
from longlight.clinic.people.queries import clinic_of, standing_chosen, standings_of
from longlight.clinic.people.rules import CARE_ROLES, Gate, Viewer
from longlight.clinic.safety.queries import unclaimed_alerts


@polled
@signed_in(Gate.LOCKED)
@require_safe
def waiting(request: HttpRequest) -> JsonResponse:
    """A line for each kind of thing that waits, for who would see it once the screen is unlocked."""
    chosen = sessions.chosen_standing(request.session)
    standing = standing_chosen(standings_of(request.user), chosen)
    return JsonResponse({"lines": [] if standing is None else _lines(standing.viewer)})


def _lines(viewer: Viewer) -> list[str]:
    lines = []
    alerts = unclaimed_alerts(viewer=viewer)
    if alerts:
        words = ngettext("%(n)s alert is not claimed", "%(n)s alerts are not claimed", alerts)
        lines.append(words % {"n": alerts})
    late = _late(viewer) if viewer.role in CARE_ROLES else 0
    if late:
        words = ngettext("Signs are late at %(n)s chair", "Signs are late at %(n)s chairs", late)
        lines.append(words % {"n": late})
    return lines


def _late(viewer: Viewer) -> int:
    at, zone = timezone.now(), clinic_of(viewer).time_zone
    day = at.astimezone(ZoneInfo(zone)).date()
    rows = rows_of(day=day, viewer=viewer, zone=zone, at=at)
    return sum(1 for row in rows if row.minutes_late)
