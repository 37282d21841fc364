"""The questionnaires of a course hang on its doses."""

from datetime import date

import pytest

from longlight.science import instruments, protocols
from longlight.science.protocols import Anchor, Protocol, VisitKind

MONDAY = date(2027, 1, 4)


@pytest.mark.parametrize("protocol", protocols.all(), ids=lambda protocol: protocol.id)
def test_every_questionnaire_is_in_the_catalogue(protocol: Protocol) -> None:
    assert {due.instrument for due in protocol.instruments} <= set(instruments.ids())


@pytest.mark.parametrize("protocol", protocols.all(), ids=lambda protocol: protocol.id)
def test_suicide_is_asked_about_before_every_dose(protocol: Protocol) -> None:
    sessions = protocols.plan_sessions(protocol, MONDAY)
    doses = {s.dose_number for s in sessions if s.kind is VisitKind.DOSING}
    asked = {
        due.dose_number
        for due in protocols.plan_assessments(protocol, MONDAY)
        if due.instrument == "phq-9" and due.anchor is Anchor.EACH_DOSE and due.offset_h < 0
    }
    assert asked == doses


@pytest.mark.parametrize("protocol", protocols.all(), ids=lambda protocol: protocol.id)
def test_each_hangs_on_a_session_or_the_start(protocol: Protocol) -> None:
    days = {session.on for session in protocols.plan_sessions(protocol, MONDAY)} | {MONDAY}
    planned = protocols.plan_assessments(protocol, MONDAY)
    assert planned
    assert {due.anchor_on for due in planned} <= days


def test_a_course_is_judged_two_weeks_after_each_phase() -> None:
    planned = protocols.plan_assessments(protocols.get("iv-twice-weekly"), MONDAY)
    ends = [due for due in planned if due.anchor is Anchor.LAST_DOSE_OF_PHASE]
    assert [(due.phase_id, due.dose_number) for due in ends] == [("induction", 6), ("boosters", 11)]
    assert {due.offset_h for due in ends} == {14 * 24}


def test_maintenance_by_need_measures_at_its_start_and_at_each_check() -> None:
    protocol = protocols.get("iv-maintenance-by-need")
    planned = protocols.plan_assessments(protocol, MONDAY)
    checks = [s for s in protocols.plan_sessions(protocol, MONDAY) if s.kind is VisitKind.CHECK_IN]
    assert [due.anchor_on for due in planned if due.anchor is Anchor.PHASE_START] == [MONDAY]
    assert sum(due.anchor is Anchor.EACH_CHECK_IN for due in planned) == len(checks)


def test_the_experience_scale_is_optional_and_only_for_the_experience() -> None:
    for protocol in protocols.all():
        scales = [due for due in protocol.instruments if due.instrument == "meq30"]
        assert bool(scales) == (protocol.approach == "experience")
        assert all(due.is_optional for due in scales)
