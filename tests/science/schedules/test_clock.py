"""A wall clock anywhere, on any night: an hour that does not exist, one that comes twice, a day that was left out."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longlight.science.schedules import after_the_quiet, instant, is_quiet

# Zones whose clocks change in different ways: by an hour, by half an hour, at midnight, by a whole day, not at all.
ZONES = (
    "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Beirut", "America/Santiago",
    "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "America/Phoenix", "Europe/Dublin",
)  # fmt: skip
MINUTE = timedelta(minutes=1)


@st.composite
def nights(draw: st.DrawFn) -> tuple[ZoneInfo, date]:
    """A zone and a day, more often than not one on which its clocks change."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    day = draw(st.dates(date(2011, 1, 1), date(2031, 12, 31)))
    changes = _changes(zone.key, day.year)
    return zone, draw(st.sampled_from(changes)) if changes and draw(st.booleans()) else day


_known: dict[tuple[str, int], list[date]] = {}


def _changes(key: str, year: int) -> list[date]:
    """The days of a year on which a zone's clocks change."""
    if (key, year) not in _known:
        zone, noons = ZoneInfo(key), [datetime(year, 1, 1, 12, tzinfo=UTC)]
        while noons[-1].year == year:
            noons.append(noons[-1] + timedelta(days=1))
        offsets = [noon.astimezone(zone).utcoffset() for noon in noons]
        _known[key, year] = [
            noons[place].astimezone(zone).date()
            for place in range(1, len(noons))
            if offsets[place] != offsets[place - 1]
        ]
    return _known[key, year]


clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))


def _walls(zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime]]:
    """Every minute around a day: when it is, and what the wall shows."""
    start = datetime.combine(day, time(12), UTC) - timedelta(hours=40)
    minutes = [start + MINUTE * n for n in range(80 * 60)]
    return [(at, at.astimezone(zone).replace(tzinfo=None, fold=0)) for at in minutes]


@settings(max_examples=25, deadline=None)
@given(nights(), clocks)
def test_a_local_time_is_the_first_minute_that_shows_it_or_as_far_behind_the_gap(
    night: tuple[ZoneInfo, date], clock: time
) -> None:
    zone, day = night
    found, wanted = instant(day, clock, zone), datetime.combine(day, clock)
    walls = _walls(zone, day)
    shown = [at for at, wall in walls if wall == wanted]
    if shown:
        assert found == shown[0]
        return
    after = next(place for place, (_, wall) in enumerate(walls) if wall > wanted)
    gap = walls[after][1] - walls[after - 1][1] - MINUTE
    assert found.astimezone(zone).replace(tzinfo=None, fold=0) == wanted + gap


@settings(max_examples=25, deadline=None)
@given(nights(), st.integers(0, 24 * 60), clocks, clocks)
def test_the_quiet_ends_at_the_first_minute_that_is_not_quiet(
    night: tuple[ZoneInfo, date], minute: int, quiet_from: time, quiet_until: time
) -> None:
    zone, day = night
    at = datetime.combine(day, time(0), UTC) + MINUTE * minute
    found = after_the_quiet(at, zone, quiet_from, quiet_until)

    def quiet(moment: datetime) -> bool:  # said anew, minute by minute round the dial
        shown = moment.astimezone(zone)
        since = (shown.hour * 60 + shown.minute - quiet_from.hour * 60 - quiet_from.minute) % 1440
        length = (
            quiet_until.hour * 60 + quiet_until.minute - quiet_from.hour * 60 - quiet_from.minute
        ) % 1440
        return since < length

    slow = at
    while quiet(slow):
        slow += MINUTE
    assert found == slow


@pytest.mark.parametrize(
    ("zone", "day", "clock", "told"),
    [
        ("America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08T07:30+00:00"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30+00:00"),
        ("Asia/Beirut", date(2026, 3, 29), time(0, 0), "2026-03-28T22:00+00:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(10, 0), "2011-12-30T20:00+00:00"),
    ],
)
def test_hours_that_do_not_exist_or_come_twice(
    zone: str, day: date, clock: time, told: str
) -> None:
    assert instant(day, clock, ZoneInfo(zone)) == datetime.fromisoformat(told)


def test_quiet_hours_that_are_none_are_never_quiet() -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert not is_quiet(datetime(2026, 5, 1, 3, tzinfo=UTC), zone, time(9), time(9))
