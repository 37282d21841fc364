"""A plan made anew loses nothing that was answered, and a reminder comes when it may."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.science.schedules.test_clock import clocks, nights

from longlight.science.schedules import (
    Kept,
    Later,
    Occurrence,
    Standing,
    Wall,
    changes,
    instant,
    is_quiet,
    next_reminder,
    snoozed,
    usual,
)

NOW = datetime(2026, 5, 4, 14, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
USUAL = usual()


def wanted(key: str = "r|d|0", opens: timedelta = DAY, closes: timedelta = 2 * DAY) -> Occurrence:
    return Occurrence(key, "r", "phq-9", (NOW + opens).date(), NOW + opens, NOW + closes, "why")


def kept(standing: Standing, opens: timedelta = DAY, closes: timedelta = 2 * DAY) -> Kept:
    return Kept("r|d|0", standing, NOW + opens, NOW + closes)


def test_what_is_new_is_added_and_what_is_over_already_is_not() -> None:
    late = wanted("r|e|0", -2 * DAY, -DAY)
    assert changes([], [wanted(), late], NOW).added == (wanted(),)


def test_a_moved_dose_moves_what_is_planned() -> None:
    moved = wanted(opens=3 * DAY, closes=4 * DAY)
    assert changes([kept(Standing.PLANNED)], [moved], NOW).moved == (("r|d|0", moved),)


def test_a_cancelled_dose_drops_what_is_planned_and_only_that() -> None:
    assert changes([kept(Standing.PLANNED)], [], NOW).dropped == ("r|d|0",)
    for standing in (Standing.STARTED, Standing.SETTLED, Standing.DROPPED):
        assert changes([kept(standing)], [], NOW).is_empty


def test_a_dose_that_is_back_brings_back_what_was_dropped() -> None:
    assert changes([kept(Standing.DROPPED)], [wanted()], NOW).moved == (("r|d|0", wanted()),)


def test_what_somebody_began_stays_open_as_long_as_it_was() -> None:
    begun = kept(Standing.STARTED, -HOUR, DAY)
    assert changes([begun], [wanted(opens=-2 * DAY, closes=HOUR)], NOW).is_empty
    longer = wanted(opens=2 * DAY, closes=3 * DAY)
    assert changes([begun], [longer], NOW).moved == (("r|d|0", longer),)


def test_an_answered_one_stays_and_is_asked_anew_where_its_moment_moved_away() -> None:
    answered = kept(Standing.SETTLED, -DAY, HOUR)
    later = wanted(opens=3 * DAY, closes=4 * DAY)
    found = changes([answered], [later], NOW)
    assert [each.opens_at for each in found.added] == [later.opens_at]
    assert not found.moved
    assert not found.dropped
    anew = Kept(found.added[0].key, Standing.PLANNED, later.opens_at, later.closes_at)
    assert changes([answered, anew], [later], NOW).is_empty
    near = wanted(opens=-2 * HOUR, closes=2 * HOUR)
    assert changes([answered], [near], NOW).is_empty


standings = st.sampled_from(list(Standing))
hours = st.integers(-96, 96)


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 4), standings, hours, st.integers(1, 96)), max_size=5, unique_by=lambda x: x[0]),
    st.lists(st.tuples(st.integers(0, 4), hours, st.integers(1, 96)), max_size=5, unique_by=lambda x: x[0]),
)  # fmt: skip
def test_bringing_a_record_to_its_plan_twice_is_once(
    old: list[tuple[int, Standing, int, int]], new: list[tuple[int, int, int]]
) -> None:
    record = [
        Kept(f"r|{n}|0", standing, NOW + h * HOUR, NOW + (h + length) * HOUR)
        for n, standing, h, length in old
    ]
    plan = [wanted(f"r|{n}|0", h * HOUR, (h + length) * HOUR) for n, h, length in new]
    found = changes(record, plan, NOW)
    settled = [each for each in record if each.standing is Standing.SETTLED]
    by_key = {each.key: each for each in record}
    for key, each in found.moved:
        standing = (
            Standing.STARTED if by_key[key].standing is Standing.STARTED else Standing.PLANNED
        )
        by_key[key] = Kept(key, standing, each.opens_at, each.closes_at)
    for key in found.dropped:
        by_key[key] = replace(by_key[key], standing=Standing.DROPPED)
    for each in found.added:
        by_key[each.key] = Kept(each.key, Standing.PLANNED, each.opens_at, each.closes_at)
    assert all(each in by_key.values() for each in settled)
    assert changes(by_key.values(), plan, NOW).is_empty


@settings(max_examples=50, deadline=None)
@given(nights(), st.integers(0, 1439), clocks, clocks, st.integers(0, 4), st.integers(-30, 60))
def test_a_reminder_is_never_in_the_quiet_nor_outside_its_window_nor_before_its_time(
    night: tuple[ZoneInfo, date], minute: int, quiet_from: time, quiet_until: time, sent: int, snooze_h: int
) -> None:  # fmt: skip
    zone, day = night
    wall = Wall(zone, quiet_from, quiet_until)
    opens_at = instant(day, time(0), zone) + timedelta(minutes=minute)
    closes_at = opens_at + 72 * HOUR
    until = opens_at + snooze_h * HOUR
    at = next_reminder(opens_at, closes_at, sent, until, wall, USUAL)
    if at is None:
        assert sent >= len(USUAL.reminders) or quiet_from != quiet_until or snooze_h > 60
        return
    assert opens_at <= at < closes_at or sent >= len(USUAL.reminders)
    assert at >= until
    assert not is_quiet(at, zone, quiet_from, quiet_until)


def test_the_ladder_has_an_end_and_one_that_was_asked_for_comes_after_it() -> None:
    wall = Wall(ZoneInfo("UTC"), time(20), time(9))
    opens_at, closes_at = NOW, NOW + 5 * DAY
    steps = [next_reminder(opens_at, closes_at, n, None, wall, USUAL) for n in range(4)]
    assert steps == [NOW, NOW + DAY, NOW + 2 * DAY, None]
    asked = next_reminder(opens_at, closes_at, 3, NOW + 3 * DAY, wall, USUAL)
    assert asked == NOW + 3 * DAY


def test_the_last_hours_of_a_window_bring_no_reminder() -> None:
    wall = Wall(ZoneInfo("UTC"), time(20), time(9))
    assert next_reminder(NOW, NOW + DAY + HOUR, 1, None, wall, USUAL) is None
    assert next_reminder(NOW, NOW + HOUR, 0, None, wall, USUAL) == NOW


@settings(max_examples=50, deadline=None)
@given(nights(), st.integers(0, 1439), st.sampled_from(list(Later)))
def test_what_is_put_off_comes_later_and_in_no_quiet_hour(
    night: tuple[ZoneInfo, date], minute: int, later: Later
) -> None:
    zone, day = night
    at = instant(day, time(0), zone) + timedelta(minutes=minute)
    wall = Wall(zone, USUAL.quiet_from, USUAL.quiet_until)
    until = snoozed(later, at, wall, USUAL)
    assert at < until <= at + 3 * DAY
    assert not is_quiet(until, zone, wall.quiet_from, wall.quiet_until)
