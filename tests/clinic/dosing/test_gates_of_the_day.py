"""Every check before a dose and before leaving: with it against the day nothing goes on; with it met, it does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.cast import Cast
from tests.walk import MORNING, arrive, make_fit_to_leave, make_ready, plan_course

from longlight.clinic.dosing import actions, queries
from longlight.clinic.dosing.models import DosingSession
from longlight.clinic.dosing.rules import CannotDo, Signs
from longlight.science.protocols.gates import Check

pytestmark = pytest.mark.django_db

READY = Signs(124, 78, 72, 98, 14)
BEYOND = {
    "systolic": Signs(systolic_mmhg=160),
    "diastolic": Signs(diastolic_mmhg=100),
    "oxygen-saturation": Signs(oxygen_saturation_percent=89),
}
LATER = MORNING + timedelta(minutes=180)


def answer(cast: Cast, session: DosingSession, gate_id: str, check: Check, holds: bool, at) -> None:  # type: ignore[no-untyped-def]
    actions.answer_checks(
        session_id=session.pk, gate_id=gate_id, answers={check.id: holds},
        viewer=cast.nurse.viewer, at=at,
    )  # fmt: skip


def read(cast: Cast, session: DosingSession, signs: Signs) -> None:
    actions.record_reading(
        session_id=session.pk, key=uuid4(), signs=signs, observed_at=MORNING,
        viewer=cast.nurse.viewer, at=MORNING,
    )  # fmt: skip


def test_each_check_before_the_dose_holds_it_back_and_then_lets_it_go(cast: Cast) -> None:
    session = arrive(cast, plan_course(cast))
    make_ready(cast, session)
    viewer = cast.nurse.viewer

    def clear() -> None:
        actions.clear(session_id=session.pk, overrides={}, viewer=viewer, at=MORNING)

    day = queries.dosing_day(session_id=session.pk, viewer=viewer, at=MORNING)
    asked = [each.check for each in day.asked(day.readiness)]
    assert len(asked) >= 10
    for check in asked:
        answer(cast, session, day.readiness.id, check, False, MORNING)
        with pytest.raises(CannotDo) as refused:
            clear()
        assert str(refused.value) == check.reason
        answer(cast, session, day.readiness.id, check, True, MORNING)
    for sign, signs in BEYOND.items():
        read(cast, session, signs)
        with pytest.raises(CannotDo) as refused:
            clear()
        assert sign.split("-")[0] in str(refused.value).lower()
        read(cast, session, READY)
    clear()
    session.refresh_from_db()
    assert session.state == "cleared"


def test_what_cleared_it_must_still_hold_when_it_starts(cast: Cast) -> None:
    session = arrive(cast, plan_course(cast))
    make_ready(cast, session)
    viewer = cast.nurse.viewer
    actions.clear(session_id=session.pk, overrides={}, viewer=viewer, at=MORNING)
    read(cast, session, BEYOND["systolic"])
    with pytest.raises(CannotDo, match="160 mmHg"):
        actions.start_dose(session_id=session.pk, viewer=viewer, at=MORNING)
    read(cast, session, READY)
    actions.start_dose(session_id=session.pk, viewer=viewer, at=MORNING)


def test_each_check_before_leaving_keeps_the_person_here_and_then_lets_them_go(cast: Cast) -> None:
    session = arrive(cast, plan_course(cast))
    make_ready(cast, session)
    viewer = cast.nurse.viewer
    actions.clear(session_id=session.pk, overrides={}, viewer=viewer, at=MORNING)
    actions.start_dose(session_id=session.pk, viewer=viewer, at=MORNING)
    end = MORNING + timedelta(minutes=40)
    actions.end_dose(session_id=session.pk, stop_reason="", viewer=viewer, at=end)

    def ready(at=LATER) -> None:  # type: ignore[no-untyped-def]
        actions.ready_to_leave(session_id=session.pk, viewer=viewer, at=at)

    with pytest.raises(CannotDo, match="escort"):
        ready()
    make_fit_to_leave(cast, session, at=LATER)
    day = queries.dosing_day(session_id=session.pk, viewer=viewer, at=LATER)
    asked = [each.check for each in day.asked(day.discharge)]
    assert len(asked) >= 10
    for check in asked:
        answer(cast, session, day.discharge.id, check, False, LATER)
        with pytest.raises(CannotDo) as refused:
            ready()
        assert str(refused.value) == check.reason
        answer(cast, session, day.discharge.id, check, True, LATER)
    with pytest.raises(CannotDo, match="Only 59 minutes"):
        ready(end + timedelta(minutes=59))
    ready(end + timedelta(minutes=60))
    session.refresh_from_db()
    assert session.state == "ready-to-leave"
