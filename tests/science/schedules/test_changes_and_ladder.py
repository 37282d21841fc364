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
    Rung,
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


@settings(max_examples=60, deadline=None)
@given(nights(), st.integers(0, 1439), clocks, clocks, st.integers(0, 4), st.integers(-30, 60))
def test_a_reminder_is_never_in_the_quiet_nor_outside_its_window_nor_before_its_time(
    night: tuple[ZoneInfo, date], minute: int, quiet_from: time, quiet_until: time, sent: int, snooze_h: int
) -> None:  # fmt: skip
    zone, day = night
    wall = Wall(zone, quiet_from, quiet_until)
    opens_at = instant(day, time(0), zone) + timedelta(minutes=minute)
    until = opens_at + snooze_h * HOUR
    rung = Rung(opens_at, opens_at + 72 * HOUR, sent, snoozed_until=until)
    when = next_reminder(rung, opens_at, wall, USUAL)
    if when is None:
        assert snooze_h > 40 or quiet_from != quiet_until
        return
    assert max(opens_at, until) <= when < rung.closes_at
    assert not is_quiet(when, zone, quiet_from, quiet_until)


def test_the_ladder_has_an_end_and_one_that_was_asked_for_comes_after_it() -> None:
    wall = Wall(ZoneInfo("UTC"), time(20), time(9))
    rung = Rung(NOW, NOW + 5 * DAY)
    sent = []
    while (when := next_reminder(rung, rung.sent_at or NOW, wall, USUAL)) is not None:
        sent.append(when)
        rung = replace(rung, sent=rung.sent + 1, sent_at=when)
    assert sent == [NOW, NOW + DAY, NOW + 2 * DAY]
    asked = replace(rung, snoozed_until=NOW + 3 * DAY)
    assert next_reminder(asked, NOW + 2 * DAY, wall, USUAL) == NOW + 3 * DAY
    again = replace(asked, sent=4, sent_at=NOW + 3 * DAY)
    assert next_reminder(again, NOW + 3 * DAY, wall, USUAL) is None


def test_after_a_pause_reminders_do_not_come_in_a_burst() -> None:
    wall = Wall(ZoneInfo("UTC"), time(20), time(9))
    late = NOW + 3 * DAY
    first = next_reminder(Rung(NOW, NOW + 7 * DAY), late, wall, USUAL)
    assert first == late
    second = next_reminder(Rung(NOW, NOW + 7 * DAY, 1, late), late + HOUR, wall, USUAL)
    assert second == late + DAY


def test_the_last_hours_of_a_window_bring_no_reminder() -> None:
    wall = Wall(ZoneInfo("UTC"), time(20), time(9))
    assert next_reminder(Rung(NOW, NOW + DAY + HOUR, 1, NOW), NOW, wall, USUAL) is None
    assert next_reminder(Rung(NOW, NOW + HOUR), NOW, wall, USUAL) == NOW


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
