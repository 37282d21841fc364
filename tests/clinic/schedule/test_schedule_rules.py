"""Local times, free times and what may be booked, against slow references and the clocks of real places."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.clinic.schedule.rules import (
    LIVE,
    NEXT,
    STEP,
    Booking,
    CannotBook,
    Hours,
    Kind,
    Reason,
    ResourceKind,
    Span,
    Status,
    TimeComesTwice,
    Which,
    day_span,
    instant,
    open_spans,
    openings,
    reasons_not_to_book,
    reasons_not_to_change,
    usual_lengths,
)
from longlight.science.marks import Mark

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
ZONES = sorted(name for name in available_timezones() if name.startswith(("America/", "Europe/")))


def test_a_time_that_the_clocks_skip_is_refused_with_a_sentence() -> None:
    # New York, 14 March 2027: 02:00 becomes 03:00.
    with pytest.raises(CannotBook, match=r"02:30 on Sunday 14 March 2027 does not exist"):
        instant(date(2027, 3, 14), time(2, 30), "America/New_York")


def test_a_time_that_comes_twice_is_asked_about() -> None:
    # New York, 7 November 2027: 02:00 becomes 01:00.
    night, clock = date(2027, 11, 7), time(1, 30)
    with pytest.raises(TimeComesTwice, match="comes twice"):
        instant(night, clock, "America/New_York")
    first = instant(night, clock, "America/New_York", Which.FIRST)
    second = instant(night, clock, "America/New_York", Which.SECOND)
    assert (first, second) == (
        datetime(2027, 11, 7, 5, 30, tzinfo=UTC),
        datetime(2027, 11, 7, 6, 30, tzinfo=UTC),
    )


@given(
    zone=st.sampled_from(ZONES),
    moment=st.integers(0, 15 * 366 * 24 * 60).map(
        lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
)
def test_every_instant_can_be_said_by_the_clock_and_read_back(zone: str, moment: datetime) -> None:
    local = moment.astimezone(ZoneInfo(zone))
    which = Which.SECOND if local.fold else Which.FIRST
    clock = local.time().replace(fold=0)
    if local.second:  # zones whose offset once held seconds
        return
    assert instant(local.date(), clock, zone, which) == moment


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2027, 3, 14), 23), (date(2027, 11, 7), 25), (date(2027, 5, 1), 24)]
)
def test_a_day_is_as_long_as_its_clocks_make_it(day: date, hours: int) -> None:
    span = day_span(day, "America/New_York")
    assert span.end_at - span.start_at == timedelta(hours=hours)


spans = st.builds(
    lambda start, length: Span(
        NOW + timedelta(minutes=start), NOW + timedelta(minutes=start + length)
    ),
    st.integers(0, 600),
    st.integers(1, 180),
)


@given(busy=st.lists(spans, max_size=12), length=st.integers(1, 180), after=st.integers(0, 300))
def test_free_times_are_exactly_those_that_a_slow_search_finds(
    busy: list[Span], length: int, after: int
) -> None:
    open_at = [Span(NOW, NOW + timedelta(hours=10))]
    wanted = timedelta(minutes=length)
    earliest = NOW + timedelta(minutes=after)
    found = list(openings(open_at, busy, wanted, earliest))
    slow = []
    for number in range(41):
        start = NOW + number * STEP
        span = Span(start, start + wanted)
        fits = earliest <= start and span.end_at <= open_at[0].end_at
        if fits and not any(
            one.start_at < span.end_at and span.start_at < one.end_at for one in busy
        ):
            slow.append(start)
    assert found == slow


def test_opening_hours_follow_the_clock_through_a_change() -> None:
    sunday = [Hours(6, time(8), time(12))]
    spring = next(open_spans(sunday, "America/New_York", date(2027, 3, 8), 7))
    winter = next(open_spans(sunday, "America/New_York", date(2027, 3, 1), 7))
    assert (winter.start_at.hour, spring.start_at.hour) == (13, 12)


def a_booking(**changes: object) -> Booking:
    wanted: dict[str, object] = {
        "id": uuid.uuid4(),
        "kind": Kind.DOSING,
        "start_at": NOW + timedelta(hours=1),
        "length": timedelta(hours=2),
        "resource_ids": frozenset({1, 2}),
        "called": "Sol",
    }
    return Booking(**wanted | changes)  # type: ignore[arg-type]


BOTH = (ResourceKind.CHAIR, ResourceKind.STAFF)


@pytest.mark.parametrize(
    ("changes", "holds", "said"),
    [
        ({"start_at": NOW - timedelta(minutes=1)}, BOTH, "has passed"),
        ({"length": timedelta(0)}, BOTH, "at least one minute"),
        ({"length": timedelta(hours=13)}, BOTH, "12 hours at most"),
        ({"called": " "}, BOTH, "who is coming"),
        ({}, (), "Choose a chair, a room or a person"),
        ({}, (ResourceKind.CHAIR,), "needs a member of staff"),
        ({"kind": Kind.AWAY, "patient_id": uuid.uuid4()}, BOTH, "not booked for a patient"),
    ],
)
def test_each_reason_against_a_booking_is_one_sentence(
    changes: dict[str, object], holds: tuple[ResourceKind, ...], said: str
) -> None:
    assert reasons_not_to_book(a_booking(), now=NOW, holds=BOTH) == ()
    (reason,) = reasons_not_to_book(a_booking(**changes), now=NOW, holds=holds)
    assert said in reason


def test_all_reasons_are_told_at_once() -> None:
    bad = a_booking(start_at=NOW - timedelta(days=1), length=timedelta(0), called="")
    assert len(reasons_not_to_book(bad, now=NOW, holds=())) == 4


def test_what_is_over_stays_over_and_every_status_can_be_reached() -> None:
    for status in Status:
        if status not in LIVE:
            assert NEXT[status] == frozenset()
    assert frozenset().union(*NEXT.values()) == frozenset(Status)


def test_a_move_and_a_cancellation_need_a_reason_and_something_else_needs_words() -> None:
    assert reasons_not_to_change(Status.BOOKED, Status.MOVED, reason=None, text="")
    assert reasons_not_to_change(Status.BOOKED, Status.CANCELLED, reason=Reason.OTHER, text=" ")
    assert not reasons_not_to_change(Status.BOOKED, Status.CANCELLED, reason=Reason.ILL, text="")


def test_every_usual_length_says_where_it_comes_from() -> None:
    assert set(usual_lengths()) == set(Kind)
    for usual in usual_lengths().values():
        assert usual.length > timedelta(0)
        assert usual.source.strip()
        assert usual.mark in Mark
