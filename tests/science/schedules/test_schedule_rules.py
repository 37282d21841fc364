"""Each rule of a schedule, over zones and dates: what it counts, where it stops, and that a dose sets the clock back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.science.schedules.test_clock import nights

from longlight.science import protocols
from longlight.science import schedules as sut
from longlight.science.schedules import (
    Calendar,
    CountedFrom,
    Occasion,
    OccasionKind,
    Rule,
    instant,
    occurrences,
    schedule,
    usual,
)

NEW_YORK = ZoneInfo("America/New_York")
USUAL = usual()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def dose(name: str, on: date, given_at: datetime | None = None, **other: object) -> Occasion:
    return Occasion(name, OccasionKind.DOSE, on, given_at=given_at, **other)  # type: ignore[arg-type]


def calendar(
    occasions: Sequence[Occasion], zone: ZoneInfo, now: datetime, days: int = 120
) -> Calendar:
    return Calendar(tuple(occasions), zone, now, now + DAY * days, USUAL)


@settings(max_examples=40, deadline=None)
@given(nights(), st.integers(0, 24 * 60), st.sampled_from([4, 7, 24, 72, 168, 336]))
def test_hours_after_a_dose_are_hours_that_passed(
    night: tuple[ZoneInfo, date], minute: int, offset_h: int
) -> None:
    zone, day = night
    given_at = instant(day, time(0), zone) + timedelta(minutes=minute)
    rule = Rule("r", "phq-9", CountedFrom.EACH_DOSE, offset_h)
    found = occurrences([rule], calendar([dose("d", day, given_at)], zone, given_at))
    assert [each.opens_at - given_at for each in found] == [offset_h * HOUR]
    assert found[0].closes_at - found[0].opens_at == USUAL.window(offset_h)
    assert found[0].due_on == found[0].opens_at.astimezone(zone).date()


@settings(max_examples=40, deadline=None)
@given(nights(), st.sampled_from([-2, -24, -72]))
def test_before_a_dose_is_open_for_a_day_at_least_and_closes_when_it_begins(
    night: tuple[ZoneInfo, date], offset_h: int
) -> None:
    zone, day = night
    planned = instant(day, USUAL.clock, zone)
    rule = Rule("r", "phq-9", CountedFrom.EACH_DOSE, offset_h)
    found = occurrences([rule], calendar([dose("d", day)], zone, planned - 10 * DAY))
    assert [each.closes_at for each in found] == [planned]
    assert planned - found[0].opens_at == max(-offset_h * HOUR, USUAL.before_opens)


@settings(max_examples=30, deadline=None)
@given(nights(), st.lists(st.integers(1, 40), max_size=4), st.integers(0, 1439))
def test_a_series_counts_calendar_days_from_the_newest_dose(
    night: tuple[ZoneInfo, date], gaps: list[int], minute: int
) -> None:
    zone, first = night
    days = [first]
    for gap in gaps:
        days.append(days[-1] + DAY * gap)
    given = [
        dose(str(n), day, instant(day, time(minute // 60, minute % 60), zone))
        for n, day in enumerate(days)
    ]
    now = instant(days[-1], time(0), zone)
    rule = schedule("weekly-then-fortnightly").rule("r", "phq-9")
    found = occurrences([rule], calendar(given, zone, now, days=100))
    assert [(each.due_on, each.opens_at) for each in found] == _series_slowly(given, zone, now)


def _series_slowly(
    given: Sequence[Occasion], zone: ZoneInfo, now: datetime
) -> list[tuple[date, datetime]]:
    """Day by day: is it so many days since the newest dose?"""
    counted = {7, 14, 21, 28, *range(42, 400, 14)}
    found = []
    moments = [each.given_at for each in given if each.given_at]
    day = min(at.astimezone(zone).date() for at in moments)
    while (opens_at := instant(day, time(0), zone)) < now + 100 * DAY:
        newest = max((at for at in moments if at <= opens_at), default=None)
        if newest and (day - newest.astimezone(zone).date()).days in counted:
            found.append((opens_at.astimezone(zone).date(), opens_at))
        day += DAY
    return found


@settings(max_examples=25, deadline=None)
@given(nights(), st.integers(1, 60))
def test_every_so_many_days_from_the_start_goes_on_through_doses(
    night: tuple[ZoneInfo, date], every: int
) -> None:
    zone, day = night
    start = Occasion("c", OccasionKind.START, day)
    rule = schedule("every-so-many-days").rule("r", "who-5", every_days=every)
    now = instant(day, time(0), zone)
    found = occurrences([rule], calendar([start, dose("d", day + 3 * DAY)], zone, now, days=200))
    wanted = [instant(day + DAY * n, time(0), zone) for n in range(every, 260, every)]
    shown = [at for at in dict.fromkeys(wanted) if at < now + 200 * DAY]
    assert [each.opens_at for each in found] == shown


@settings(max_examples=15, deadline=None)
@given(nights(), st.data())
def test_of_any_plan_no_two_windows_of_one_questionnaire_overlap(
    night: tuple[ZoneInfo, date], data: st.DataObject
) -> None:
    zone, day = night
    protocol = data.draw(st.sampled_from(protocols.all()))
    occasions = [Occasion("c", OccasionKind.START, day)]
    for n, session in enumerate(protocols.plan_sessions(protocol, day)):
        kind = {"dosing": OccasionKind.DOSE, "check-in": OccasionKind.CHECK_IN}.get(session.kind)
        if kind:
            occasions.append(Occasion(str(n), kind, session.on, phase_id=session.phase_id))
    rules = [
        *sut.rules_of(protocol.id, protocol.version),
        *(each.rule(each.id, "phq-9") for each in sut.schedules()),
    ]
    now = instant(day, time(0), zone) - 4 * DAY
    found = occurrences(rules, calendar(occasions, zone, now))
    assert len({each.key for each in found}) == len(found)
    for instrument in {each.instrument for each in found}:
        own = [each for each in found if each.instrument == instrument]
        assert all(a.closes_at <= b.opens_at for a, b in pairwise(own))
        assert all(b.opens_at - a.opens_at >= 22 * HOUR for a, b in pairwise(own))
    shuffled = data.draw(st.permutations(occasions))
    assert occurrences(rules, calendar(shuffled, zone, now)) == found


def test_a_dose_that_was_planned_and_not_given_starts_no_clock() -> None:
    rule = Rule("r", "mood-0-10", CountedFrom.EACH_DOSE, 24)
    planned = dose("d", date(2026, 5, 4))
    at = instant(planned.on, USUAL.clock, NEW_YORK)
    assert occurrences([rule], calendar([planned], NEW_YORK, at))
    assert not occurrences([rule], calendar([planned], NEW_YORK, at + 13 * HOUR))


def test_what_is_asked_after_a_dose_closes_when_the_next_begins() -> None:
    rule = Rule("r", "mood-0-10", CountedFrom.EACH_DOSE, 24)
    given = [dose("a", date(2026, 5, 4)), dose("b", date(2026, 5, 6))]
    now = datetime(2026, 5, 1, tzinfo=UTC)
    first = occurrences([rule], calendar(given, NEW_YORK, now))[0]
    assert first.closes_at == instant(date(2026, 5, 6), USUAL.clock, NEW_YORK)


def test_of_two_at_one_moment_the_one_before_the_dose_is_asked() -> None:
    rules = [
        Rule("after", "phq-9", CountedFrom.EACH_DOSE, 24),
        Rule("before", "phq-9", CountedFrom.EACH_DOSE, -2),
    ]
    given = [dose("a", date(2026, 5, 4)), dose("b", date(2026, 5, 6))]
    found = occurrences(rules, calendar(given, NEW_YORK, datetime(2026, 5, 1, tzinfo=UTC)))
    assert [each.key for each in found] == ["before|a|0", "before|b|0", "after|b|0"]


@pytest.mark.parametrize("each", sut.schedules(), ids=lambda each: each.id)
def test_every_schedule_asks_something_of_a_course(each: sut.Schedule) -> None:
    day = date(2026, 5, 4)
    occasions = [
        Occasion("c", OccasionKind.START, day),
        dose("d", day),
        Occasion("k", OccasionKind.CHECK_IN, day + 2 * DAY),
    ]
    now = datetime(2026, 4, 20, tzinfo=UTC)
    assert occurrences([each.rule("r", "phq-9")], calendar(occasions, NEW_YORK, now))


def test_a_published_file_keeps_its_hash() -> None:
    assert sut.hashes() == sut.published_hashes()


def test_an_unknown_schedule_is_answered_with_the_nearest() -> None:
    with pytest.raises(sut.UnknownSchedule, match="before-each-dose"):
        schedule("before-dose")


# Two nights in which the clocks change, in places where they do so by an hour and by half of one.
GAP_AND_REPEAT = [
    (ZoneInfo("America/New_York"), date(2026, 3, 8), time(2, 30)),
    (ZoneInfo("America/New_York"), date(2026, 11, 1), time(1, 30)),
    (ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 4), time(2, 15)),
    (ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 5), time(1, 45)),
    (ZoneInfo("America/Sao_Paulo"), date(2018, 11, 4), time(0, 30)),  # midnight itself was left out
]


@pytest.mark.parametrize("each", sut.schedules(), ids=lambda each: each.id)
@pytest.mark.parametrize(("zone", "day", "clock"), GAP_AND_REPEAT, ids=lambda value: str(value))
def test_every_schedule_over_an_hour_that_does_not_exist_or_comes_twice(
    each: sut.Schedule, zone: ZoneInfo, day: date, clock: time
) -> None:
    """Hours are hours that pass from the dose; days go from midnight to midnight, 23 or 25 hours long."""
    begins = day - 3 * DAY
    occasions = [
        Occasion("c", OccasionKind.START, begins),
        dose("first", begins, clock=clock),
        dose("that-night", day, clock=clock),
        Occasion("k", OccasionKind.CHECK_IN, day),
    ]
    rule = each.rule("r", "phq-9", every_days=1)
    now = instant(begins, time(0), zone) - 5 * DAY
    found = occurrences([rule], calendar(occasions, zone, now, days=40))
    assert found
    moments = {
        "first": instant(begins, clock, zone), "that-night": instant(day, clock, zone),
    }  # fmt: skip
    for one in found:
        assert one.due_on == one.opens_at.astimezone(zone).date()
        counted = moments.get(one.key.split("|")[1])
        if rule.stretches or counted is None:
            assert one.opens_at == instant(one.due_on, time(0), zone)
        elif rule.offset_h < 0:
            assert one.closes_at == counted
            assert counted - one.opens_at >= -rule.offset_h * HOUR
        else:
            assert one.opens_at - counted == rule.offset_h * HOUR
    days = [one.due_on for one in found if one.due_on >= day]
    if rule.stretches and rule.counted_from is CountedFrom.START:
        assert days[:3] == [day, day + DAY, day + 2 * DAY], "no day left out, none twice"
    for before, after in pairwise(found):
        assert before.closes_at <= after.opens_at
