"""The clock on a person's wall: where a local time falls, and when a quiet night is over. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_MIN = timedelta(minutes=1)
DAY = timedelta(days=1)


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When the wall shows `clock` on `day`, in universal time.

    As RFC 5545 (3.3.5) has it: an hour that comes twice is its first; one that does not exist is as far behind the
    gap as it stood in it.

    >>> instant(date(2026, 3, 8), time(2, 30), ZoneInfo("America/New_York")).isoformat()
    '2026-03-08T07:30:00+00:00'
    """
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day that it is there."""
    return at.astimezone(zone).date()


def is_quiet(at: datetime, zone: ZoneInfo, quiet_from: time, quiet_until: time) -> bool:
    """Whether the wall shows a quiet hour: from `quiet_from` on, until before `quiet_until`, over midnight or not."""
    clock = at.astimezone(zone).time().replace(fold=0)
    if quiet_from <= quiet_until:
        return quiet_from <= clock < quiet_until
    return clock >= quiet_from or clock < quiet_until


def after_the_quiet(at: datetime, zone: ZoneInfo, quiet_from: time, quiet_until: time) -> datetime:
    """The first moment from `at` on at which it is not quiet: `at` itself, or the end of the quiet hours.

    In one leap where the clocks do not change meanwhile; minute by minute in the nights in which they do.
    """
    while is_quiet(at, zone, quiet_from, quiet_until):
        here = at.astimezone(zone)
        left = (_of_day(quiet_until) - _of_day(here.time())) % DAY
        leap = at + left
        if leap.astimezone(zone).utcoffset() == here.utcoffset():
            return leap
        at = at.replace(second=0, microsecond=0) + ONE_MIN
    return at


def _of_day(clock: time) -> timedelta:
    return timedelta(
        hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
    )
