"""Free times as big buttons, by the clinic's clock or the person's own."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from longlight.clinic.referrals.queries import first_talk_length

ZONES = [
    ("", _("The clinic's own")),
    ("America/New_York", _("Eastern")),
    ("America/Chicago", _("Central")),
    ("America/Denver", _("Mountain")),
    ("America/Phoenix", _("Arizona")),
    ("America/Los_Angeles", _("Pacific")),
    ("America/Anchorage", _("Alaska")),
    ("Pacific/Honolulu", _("Hawaii")),
    ("America/Puerto_Rico", _("Puerto Rico")),
]


def first_talk_minutes() -> int:
    return first_talk_length() // timedelta(minutes=1)


CONTACT_ME = "contact-me"


def slot_choices(slots: Sequence[datetime], zone: str, *, is_own: bool) -> list[tuple[str, str]]:
    """Free times as big buttons: "Thu 26 Nov, 10:00" by the clock that the person chose."""
    told = []
    for moment in slots:
        here = moment.astimezone(ZoneInfo(zone))
        words = date_format(here, "D j M, H:i")
        name = here.tzname() or zone
        if is_own:
            words = _("%(time)s, your time (%(zone)s)") % {"time": words, "zone": name}
        else:
            words = f"{words} {name}"
        told.append((moment.astimezone(UTC).isoformat(), str(words)))
    return told


def start_at(value: str) -> datetime | None:
    """The instant of a chosen time; None for "contact me" and for what is no time."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
