"""When the next reminder goes out: by the ladder, not in quiet hours, not before the person wants it. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from longlight.science.schedules.clock import after_the_quiet, day_of, instant
from longlight.science.schedules.loading import Usual

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wall:
    """Where a person is, and when their day is quiet."""

    zone: ZoneInfo
    quiet_from: time
    quiet_until: time

    def loud(self, at: datetime) -> datetime:
        return after_the_quiet(at, self.zone, self.quiet_from, self.quiet_until)


class Later(StrEnum):
    """What a person may say to a reminder."""

    SHORT = "short"
    EVENING = "evening"
    TOMORROW = "tomorrow"


def next_reminder(
    opens_at: datetime, closes_at: datetime, sent: int, snoozed_until: datetime | None,
    wall: Wall, usual: Usual,
) -> datetime | None:  # fmt: skip
    """When the reminder after `sent` others goes out; None when the ladder is at its end, or the window nearly is.

    One that the person asked for goes out although the ladder is at its end.
    """
    if sent < len(usual.reminders):
        planned = opens_at + usual.reminders[sent]
    elif snoozed_until is not None:
        planned = snoozed_until
    else:
        return None
    at = wall.loud(max(planned, snoozed_until) if snoozed_until else planned)
    last = closes_at if sent == 0 else closes_at - usual.last_call
    return at if at < last else None


def snoozed(later: Later, at: datetime, wall: Wall, usual: Usual) -> datetime:
    """Until when a reminder waits that a person puts off now: never a quiet hour, and always ahead."""
    if later is Later.SHORT:
        return wall.loud(at + usual.snooze_short)
    today = day_of(at, wall.zone)
    clock = usual.evening if later is Later.EVENING else usual.clock
    until = instant(today, clock, wall.zone)
    if later is Later.TOMORROW or until <= at:
        until = instant(today + DAY, clock, wall.zone)
    return wall.loud(max(until, at))
