"""A course's days from its protocol."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.science import protocols
from longlight.science.protocols import PlannedSession, Protocol, VisitKind

MONDAY = date(2027, 1, 4)
START_DATES = st.dates(date(2020, 1, 1), date(2040, 1, 1))
PROTOCOLS = st.sampled_from(protocols.all())


def doses(planned: tuple[PlannedSession, ...]) -> list[PlannedSession]:
    return [session for session in planned if session.kind is VisitKind.DOSING]


def days_of(protocol_id: str) -> list[int]:
    planned = protocols.plan_sessions(protocols.get(protocol_id), MONDAY)
    return [(dose.on - MONDAY).days for dose in doses(planned)]


def test_twice_weekly_is_six_in_three_weeks_then_monthly() -> None:
    assert days_of("iv-twice-weekly")[:6] == [0, 3, 7, 10, 14, 17]
    assert days_of("iv-twice-weekly")[6] == 17 + 28


def test_three_times_weekly_is_six_in_twelve_days_as_zheng_2018_gave_them() -> None:
    assert days_of("iv-three-times-weekly")[:6] == [0, 2, 4, 7, 9, 11]


def test_esketamine_is_twice_weekly_for_four_weeks_then_weekly_then_every_two() -> None:
    days = days_of("esketamine-by-label")
    assert sum(day < 28 for day in days) == 8
    assert [day for day in days if 28 <= day < 56] == [28, 35, 42, 49]
    assert {b - a for a, b in itertools.pairwise(days[12:])} == {14}


def test_maintenance_by_need_plans_checks_and_no_dose() -> None:
    planned = protocols.plan_sessions(protocols.get("iv-maintenance-by-need"), MONDAY)
    assert doses(planned) == []
    assert {s.kind for s in planned} == {VisitKind.CHECK_IN, VisitKind.REVIEW}


def test_therapy_stands_around_each_dose_and_sixteen_times_after() -> None:
    planned = protocols.plan_sessions(protocols.get("iv-with-talk-therapy"), MONDAY)
    for dose in doses(planned):
        same_day = [s for s in planned if s.on == dose.on and s.kind is VisitKind.TALK_THERAPY]
        after = [s for s in planned if s.on == dose.on + timedelta(days=1)]
        assert same_day
        assert VisitKind.INTEGRATION in {s.kind for s in after}
    assert (
        sum(s.phase_id == "therapy-after" and s.kind is VisitKind.TALK_THERAPY for s in planned)
        == 16
    )


def test_an_experience_is_prepared_before_and_integrated_after() -> None:
    planned = protocols.plan_sessions(protocols.get("im-experience"), MONDAY)
    assert sum(s.kind is VisitKind.PREPARATION and s.on < MONDAY for s in planned) == 3
    for dose in doses(planned):
        soon = [s for s in planned if 0 < (s.on - dose.on).days <= 3]
        assert VisitKind.INTEGRATION in {s.kind for s in soon}


@given(protocol=PROTOCOLS, start=START_DATES)
def test_doses_are_numbered_in_order_and_lie_within_their_own_bounds(
    protocol: Protocol, start: date
) -> None:
    planned = doses(protocols.plan_sessions(protocol, start))
    assert [dose.dose_number for dose in planned] == list(range(1, len(planned) + 1))
    for dose in planned:
        assert dose.earliest is None or dose.earliest <= dose.on
        assert dose.latest is None or dose.on <= dose.latest
    assert not planned or planned[0].on == start


@given(protocol=PROTOCOLS, start=START_DATES, later_days=st.integers(1, 400))
def test_a_later_start_moves_every_day_alike(
    protocol: Protocol, start: date, later_days: int
) -> None:
    later = timedelta(days=later_days)
    first = protocols.plan_sessions(protocol, start)
    second = protocols.plan_sessions(protocol, start + later)
    assert [(s.title, s.on + later) for s in first] == [(s.title, s.on) for s in second]


@pytest.mark.parametrize("protocol", protocols.all(), ids=lambda p: p.id)
def test_the_plan_is_in_order_of_days(protocol: Protocol) -> None:
    days = [session.on for session in protocols.plan_sessions(protocol, MONDAY)]
    assert days == sorted(days)


@given(protocol=PROTOCOLS, start=START_DATES)
def test_nothing_speaks_against_the_days_of_a_plan(protocol: Protocol, start: date) -> None:
    days = [(dose.phase_id, dose.on) for dose in doses(protocols.plan_sessions(protocol, start))]
    assert protocols.reasons_against_days(protocol, days) == ()


def test_doses_too_close_or_too_far_apart_are_each_told() -> None:
    close, far = MONDAY + timedelta(days=1), MONDAY + timedelta(days=12)
    days = [("induction", MONDAY), ("induction", close), ("induction", far)]
    reasons = protocols.reasons_against_days(protocols.get("iv-twice-weekly"), days)
    assert len(reasons) == 2
    assert "1 day apart: at least 2" in reasons[0]
    assert "11 days apart: at most 7" in reasons[1]


def test_between_phases_only_the_shortest_gap_counts() -> None:
    days = [("induction", MONDAY), ("boosters", MONDAY + timedelta(days=200))]
    assert protocols.reasons_against_days(protocols.get("iv-twice-weekly"), days) == ()
