"""A course begins only where everything holds, and a session moves within the protocol's gaps."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.clinic.courses.rules import (
    CourseStatus,
    Limits,
    SessionStatus,
    limits_after,
    reasons_not_to_end,
    reasons_not_to_move,
    reasons_not_to_start_course,
)
from longlight.science import protocols
from longlight.science.protocols import Outcome

TODAY = date(2026, 11, 23)
GOOD = {
    "outcome": Outcome.FIT,
    "has_consent": True,
    "wording": "Ketamine, off label",
    "is_adopted": True,
    "has_active_course": False,
}


def test_a_course_begins_where_everything_holds() -> None:
    assert reasons_not_to_start_course(**GOOD) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "bad",
    [
        {"outcome": None},
        {"outcome": Outcome.NOT_NOW},
        {"outcome": Outcome.NOT_FOR_US},
        {"has_consent": False},
        {"is_adopted": False},
        {"has_active_course": True},
    ],
)
def test_each_thing_that_is_missing_is_told(bad: dict[str, object]) -> None:
    assert len(reasons_not_to_start_course(**GOOD | bad)) == 1  # type: ignore[arg-type]


def test_all_that_is_missing_is_told_at_once() -> None:
    reasons = reasons_not_to_start_course(
        outcome=None,
        has_consent=False,
        wording="Ketamine, off label",
        is_adopted=False,
        has_active_course=True,
    )
    assert len(reasons) == 4


days = st.integers(-30, 60).map(lambda n: TODAY + timedelta(days=n))


@given(days, st.sampled_from(SessionStatus), st.text(max_size=5), st.booleans())
def test_a_session_moves_only_ahead_with_a_reason_and_within_limits_unless_a_prescriber_says_so(
    day: date, status: SessionStatus, reason: str, may_override: bool
) -> None:
    limits = Limits(TODAY + timedelta(days=2), TODAY + timedelta(days=5))
    allowed = not reasons_not_to_move(
        status=status,
        day=day,
        today=TODAY,
        limits=limits,
        reason=reason,
        may_override=may_override,
    )
    within = TODAY + timedelta(days=2) <= day <= TODAY + timedelta(days=5)
    expected = (
        status is SessionStatus.PLANNED
        and day >= TODAY
        and bool(reason.strip())
        and (within or may_override)
    )
    assert allowed is expected


@pytest.mark.parametrize("may_override", [True, False])
def test_a_year_that_was_mistyped_is_refused_to_everyone(may_override: bool) -> None:
    def reasons(day: date) -> list[str]:
        return reasons_not_to_move(
            status=SessionStatus.PLANNED, day=day, today=TODAY, limits=Limits(None, None),
            reason="asked for", may_override=may_override,
        )  # fmt: skip

    assert reasons(TODAY + timedelta(days=731)) == []
    for far in (TODAY + timedelta(days=732), date.max):
        assert reasons(far) == ["The day lies more than two years ahead: check the year."]


def test_a_published_plan_keeps_its_own_limits() -> None:
    for protocol in protocols.all():
        phases = {phase.id: phase for phase in protocol.phases}
        last = None
        for session in protocols.plan_sessions(protocol, TODAY):
            if session.kind is not protocols.VisitKind.DOSING:
                continue
            assert limits_after(last, phases[session.phase_id]).hold(session.on), protocol.id
            last = session.on


def test_a_course_ends_once_and_with_a_reason() -> None:
    assert reasons_not_to_end(CourseStatus.ACTIVE, "done") == []
    assert len(reasons_not_to_end(CourseStatus.STOPPED, "")) == 2
