"""An alert moves only by named people, and closes only with an outcome."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.clinic.safety.rules import (
    AlertStatus,
    Outcome,
    reasons_not_to_claim,
    reasons_not_to_close,
    reasons_not_to_log_contact,
)

ME, OTHER = uuid4(), uuid4()
statuses = st.sampled_from(AlertStatus)
holders = st.sampled_from([None, ME, OTHER])


@given(statuses, holders, st.sampled_from(Outcome), st.text(max_size=20))
def test_only_its_holder_closes_an_alert(
    status: AlertStatus, holder: UUID | None, outcome: Outcome, reason: str
) -> None:
    if not reasons_not_to_close(status, holder, ME, outcome, reason):
        assert holder == ME
        assert status in {AlertStatus.CLAIMED, AlertStatus.CONTACTED}


@given(holders, st.sampled_from(Outcome), st.text(max_size=20))
def test_a_closed_alert_takes_nothing_more(
    holder: UUID | None, outcome: Outcome, reason: str
) -> None:
    closed = AlertStatus.CLOSED
    assert reasons_not_to_claim(closed)
    assert reasons_not_to_log_contact(closed, holder, ME)
    assert reasons_not_to_close(closed, holder, ME, outcome, reason)


@pytest.mark.parametrize(("reason", "stops"), [("", True), ("  ", True), ("Seen today.", False)])
def test_no_further_action_needs_a_reason(reason: str, stops: bool) -> None:
    reasons = reasons_not_to_close(AlertStatus.CONTACTED, ME, ME, Outcome.NO_FURTHER_ACTION, reason)
    assert bool(reasons) is stops


def test_every_reason_is_told_at_once() -> None:
    reasons = reasons_not_to_close(AlertStatus.NEW, None, ME, Outcome.NO_FURTHER_ACTION, "")
    assert len(reasons) == 2


def test_escalating_needs_no_contact_first() -> None:
    assert not reasons_not_to_close(AlertStatus.CLAIMED, ME, ME, Outcome.ESCALATED, "")
    assert reasons_not_to_close(AlertStatus.CLAIMED, ME, ME, Outcome.ASSESSED, "")
