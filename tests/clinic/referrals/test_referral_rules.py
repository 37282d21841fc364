"""What may be asked and how it goes on: sentences for every slip, invariants for any input."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.clinic.referrals.rules import (
    ASKED_AN_HOUR,
    CLOSINGS,
    NEXT,
    OPEN,
    Asked,
    CannotAsk,
    Concern,
    ContactMethod,
    LeaveMessage,
    Reason,
    Status,
    asked_within_an_hour,
    clock,
    contact_value,
    is_link_over,
    reason_against_filling,
    reasons_not_to_close,
    reasons_not_to_take,
)

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("method", "typed", "kept"),
    [
        (ContactMethod.PHONE, "(215) 555-0134", "+12155550134"),
        (ContactMethod.PHONE, "1.215.555.0134", "+12155550134"),
        (ContactMethod.TEXT, " +44 20 7946 0018 ", "+442079460018"),
        (ContactMethod.EMAIL, " sol@example.org ", "sol@example.org"),
        (ContactMethod.NONE, "whatever", ""),
    ],
)
def test_a_number_or_address_is_kept_in_one_form(
    method: ContactMethod, typed: str, kept: str
) -> None:
    assert contact_value(method, typed) == kept


@pytest.mark.parametrize(
    ("method", "typed"),
    [
        (ContactMethod.PHONE, ""),
        (ContactMethod.PHONE, "555-0134"),
        (ContactMethod.TEXT, "sol@example.org"),
        (ContactMethod.PHONE, "0151234567"),
        (ContactMethod.EMAIL, "215 555 0134"),
        (ContactMethod.EMAIL, "sol@example"),
        (ContactMethod.EMAIL, "a@example.org, b@example.org"),
    ],
)
def test_what_cannot_be_reached_is_refused_with_what_to_do(
    method: ContactMethod, typed: str
) -> None:
    with pytest.raises(CannotAsk, match=r"Enter .* or choose another way to reach you"):
        contact_value(method, typed)


@given(method=st.sampled_from(ContactMethod), typed=st.text(max_size=40))
def test_what_was_kept_is_kept_the_same_when_typed_again(method: ContactMethod, typed: str) -> None:
    try:
        kept = contact_value(method, typed)
    except CannotAsk:
        return
    assert contact_value(method, kept) == kept


def asked(**changes: object) -> Asked:
    said: dict[str, object] = {
        "id": uuid.uuid4(),
        "clinic_id": uuid.uuid4(),
        "concern": Concern.CARE,
        "name": "Sol",
        "contact_method": ContactMethod.NONE,
    }
    return Asked(**said | changes)  # type: ignore[arg-type]


def test_every_reason_not_to_take_a_request_is_told() -> None:
    assert reasons_not_to_take(asked()) == ()
    phone = {"contact_method": ContactMethod.PHONE}
    assert reasons_not_to_take(asked(**phone, leave_message=LeaveMessage.NO)) == ()
    assert len(reasons_not_to_take(asked(**phone, name=" "))) == 2
    assert len(reasons_not_to_take(asked(concern=Concern.CLINICIAN))) == 3


def test_what_someone_typed_stays_out_of_what_is_printed() -> None:
    told = repr(asked(name="Sol Marten", note="secret", contact_value="+12155550134"))
    assert not any(word in told for word in ("Marten", "secret", "2155550134"))


@pytest.mark.parametrize(
    ("open_for", "said"),
    [
        (timedelta(seconds=2), "quicker"),
        (timedelta(seconds=3), None),
        (timedelta(hours=12), None),
        (timedelta(hours=12, seconds=1), "open for long"),
        (timedelta(seconds=-5), "quicker"),
    ],
)
def test_a_page_filled_in_no_time_or_left_open_is_sent_again(
    open_for: timedelta, said: str | None
) -> None:
    reason = reason_against_filling(NOW - open_for, NOW)
    assert (reason is None) if said is None else (reason is not None and said in reason)


@given(st.lists(st.integers(0, 7200), max_size=20))
def test_only_the_last_hour_counts(ages_s: list[int]) -> None:
    times = [NOW - timedelta(seconds=age) for age in ages_s]
    assert len(asked_within_an_hour(times, NOW)) == sum(age < 3600 for age in ages_s)
    assert ASKED_AN_HOUR == 5  # the security checklist's row on public forms


def test_the_clock_runs_to_the_first_contact_and_is_late_after_the_clinics_target() -> None:
    received = NOW - timedelta(hours=26, minutes=5)
    waiting = clock(received, None, NOW, 24)
    assert (waiting.is_late, waiting.has_answer, waiting.words) == (True, False, "1 d 2 h")
    answered = clock(received, received + timedelta(minutes=35), NOW, 24)
    assert (answered.is_late, answered.words) == (False, "35 min")


def test_every_status_can_be_reached_and_the_ends_are_ends() -> None:
    assert frozenset().union(*NEXT.values()) | {Status.NEW} == frozenset(Status)
    for status in Status:
        assert (NEXT[status] == frozenset()) is (status not in OPEN)
        if status in OPEN:
            assert Status.WITHDRAWN in NEXT[status]
            assert set(CLOSINGS) <= NEXT[status]


def test_a_closing_says_why() -> None:
    def reasons(new: Status, **changes: object) -> tuple[str, ...]:
        said: dict[str, object] = {"reason": None, "text": "", "duplicate_of": None}
        return reasons_not_to_close(new, **said | changes)  # type: ignore[arg-type]

    assert reasons(Status.SPAM) == ()
    assert reasons(Status.BOOKED) == ("Choose an outcome.",)
    assert reasons(Status.NOT_FOR_US) == ("Choose a reason.",)
    assert reasons(Status.NOT_FOR_US, reason=Reason.OTHER) == ("Say in words what the reason is.",)
    assert reasons(Status.NOT_FOR_US, reason=Reason.TOO_FAR) == ()
    assert len(reasons(Status.DUPLICATE)) == 1
    assert reasons(Status.DUPLICATE, duplicate_of=object()) == ()


def test_a_link_works_while_the_request_is_open_and_ninety_days_after() -> None:
    long_ago = NOW - timedelta(days=900)
    assert not is_link_over(long_ago, None, NOW)
    assert not is_link_over(long_ago, NOW - timedelta(days=89), NOW)
    assert is_link_over(long_ago, NOW - timedelta(days=90), NOW)
