"""When the next reminder goes out: by the ladder, not in quiet hours, not before the person wants it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from longlight.science.schedules.clock import after_the_quiet, day_of, instant
from longlight.science.schedules.loading import Usual

DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)


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


@dataclass(frozen=True)
class Rung:
    """How far the reminders of one questionnaire have come."""

    opens_at: datetime
    closes_at: datetime
    sent: int = 0
    sent_at: datetime | None = None
    snoozed_until: datetime | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether the person put a reminder off that has not come since."""
        return self.snoozed_until is not None and (
            self.sent_at is None or self.sent_at < self.snoozed_until
        )


def next_reminder(rung: Rung, at: datetime, wall: Wall, usual: Usual) -> datetime | None:
    """When the next reminder goes out, `at` for at once; None when the ladder is at its end, or the window nearly is.

    One that the person asked for goes out although the ladder is at its end. After a pause of the worker no two
    follow each other faster than the ladder has them.
    """
    asked = rung.is_asked_for
    if rung.sent < len(usual.reminders):
        planned = rung.opens_at + usual.reminders[rung.sent]
    elif not asked:
        return None
    else:
        planned = rung.opens_at
    after = [planned, at]
    if asked and rung.snoozed_until is not None:
        after.append(rung.snoozed_until)
    elif rung.sent_at is not None and rung.sent:
        after.append(rung.sent_at + usual.reminders[rung.sent] - usual.reminders[rung.sent - 1])
    when = wall.loud(max(after))
    last = rung.closes_at if rung.sent == 0 else rung.closes_at - usual.last_call
    return when if when < last else None


def not_too_many(
    when: datetime, sent: Sequence[datetime], most_in_a_week: int | None, wall: Wall
) -> datetime:
    """The first moment from `when` on, outside quiet hours, at which one more stays within so many in seven days."""
    if most_in_a_week is None:
        return when
    newest = sorted(sent)[-most_in_a_week:]
    if len(newest) == most_in_a_week:
        when = max(when, newest[0] + A_WEEK)
    return wall.loud(when)


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
