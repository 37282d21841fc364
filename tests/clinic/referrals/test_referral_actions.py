"""Each action: it happens and leaves a trace; it is refused and changes nothing; the wrong person cannot."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from tests.clinic.house import NOW, TEN, House

from longlight.clinic.contact.actions import letter_of
from longlight.clinic.contact.models import Job, Message
from longlight.clinic.people.models import Patient
from longlight.clinic.people.queries import next_patient_number
from longlight.clinic.people.rules import Role
from longlight.clinic.record.models import AuditRow
from longlight.clinic.referrals import actions, queries
from longlight.clinic.referrals.access import TRIAGE, token_of
from longlight.clinic.referrals.models import AddressTally, ContactAttempt, Referral, RequestDesk
from longlight.clinic.referrals.rules import (
    Asked,
    CannotAsk,
    CannotTriage,
    Concern,
    ContactMethod,
    LeaveMessage,
    Reached,
    Reason,
    Status,
    TooManyAsked,
)
from longlight.clinic.schedule import actions as schedule
from longlight.clinic.schedule.models import Appointment, Hold
from longlight.clinic.schedule.rules import CannotBook, Kind
from longlight.clinic.schedule.rules import Reason as Because

LINK = "https://clinic.example/request/status/x/"


def everything() -> list[list[tuple[Any, ...]]]:
    tables = (
        Referral, ContactAttempt, RequestDesk, AddressTally, Appointment, Hold, Patient, Message,
        Job, AuditRow,
    )  # fmt: skip
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


def trace(verb: str) -> AuditRow:
    return AuditRow.objects.filter(verb=verb).latest("pk")


@pytest.fixture
def open_house(harbor: House) -> House:
    arrange(harbor)
    return harbor


def arrange(house: House) -> None:
    actions.arrange_desk(
        viewer=house.viewers[Role.DIRECTOR],
        at=NOW,
        takes_requests=True,
        target_h=24,
        readers="Two people at the front desk",
        hours="on weekdays from 9 to 5",
    )


def asked(house: House, **changes: object) -> Asked:
    said: dict[str, object] = {
        "id": uuid.uuid4(),
        "clinic_id": house.clinic.pk,
        "concern": Concern.CARE,
        "name": "Sol Marten",
        "contact_method": ContactMethod.EMAIL,
        "contact_value": "sol@example.org",
        "leave_message": LeaveMessage.YES,
        "note": "Mornings are hard",
    }
    return Asked(**said | changes)  # type: ignore[arg-type]


def ask(house: House, **changes: object) -> Referral:
    return actions.ask(at=NOW, asked=asked(house, **changes), address_hash=uuid.uuid4().hex)


def step(house: House, referral: Referral, role: Role = Role.FRONT_DESK) -> actions.Step:
    referral.refresh_from_db()
    return actions.Step(house.viewers[role], NOW, referral.pk, referral.version)


def claimed(house: House, **changes: object) -> Referral:
    return actions.claim(step=step(house, ask(house, **changes)))


def talk(house: House, **changes: object) -> Any:
    return house.somebody(
        **{
            "kind": Kind.FIRST_TALK,
            "length": timedelta(minutes=50),
            "resource_ids": frozenset({house.nurses[0].pk}),
        }
        | changes
    )


def offered(house: House) -> Referral:
    referral = claimed(house)
    return actions.book_time(
        step=step(house, referral), booking=talk(house), is_agreed=False, link=LINK
    )


# ---- asking


def test_asking_keeps_what_was_said_and_traces_no_name(open_house: House) -> None:
    referral = ask(open_house)
    stored = Referral.objects.get()
    assert (stored.name, stored.contact_value, stored.status) == (
        "Sol Marten",
        "sol@example.org",
        "new",
    )
    assert len(stored.number) == 6
    row = trace("referral-received")
    assert (row.chain_kind, row.chain_subject, row.actor_kind, row.details) == (
        "clinic",
        open_house.clinic.pk,
        "public",
        {"concern": "care"},
    )
    assert queries.referral_by_token(token_of(referral.pk), NOW) == stored


def test_the_same_page_asks_once_whatever_it_says_the_second_time(open_house: House) -> None:
    said = asked(open_house)
    first = actions.ask(at=NOW, asked=said, address_hash="a")
    with nothing_changes():
        again = actions.ask(
            at=NOW + timedelta(minutes=1),
            asked=asked(open_house, id=said.id, name="Other"),
            address_hash="a",
        )
    assert (again.pk, again.number, again.name) == (first.pk, first.number, "Sol Marten")


def test_the_sixth_from_one_address_within_an_hour_is_refused(open_house: House) -> None:
    for minutes in range(5):
        actions.ask(at=NOW + timedelta(minutes=minutes), asked=asked(open_house), address_hash="a")
    with nothing_changes(), pytest.raises(TooManyAsked):
        actions.ask(at=NOW + timedelta(minutes=59), asked=asked(open_house), address_hash="a")
    assert actions.ask(at=NOW, asked=asked(open_house), address_hash="b")
    assert actions.ask(at=NOW + timedelta(minutes=60), asked=asked(open_house), address_hash="a")


def test_what_cannot_be_taken_leaves_nothing(open_house: House, alder: House) -> None:
    before = ask(open_house)
    with nothing_changes():
        for changes in ({"name": " "}, {"contact_value": "12"}, {"leave_message": None}):
            with pytest.raises(CannotAsk):
                ask(open_house, **changes)
        with pytest.raises(Http404):  # takes no requests
            ask(alder)
        with pytest.raises(Http404):  # another clinic's id
            ask(alder, id=before.pk)


# ---- triage


def test_a_claim_is_seen_by_colleagues_and_may_be_taken_over(open_house: House) -> None:
    referral = claimed(open_house)
    assert (referral.status, referral.claimed_by_id) == ("claimed", open_house.desk.account_id)
    with nothing_changes(), pytest.raises(CannotTriage, match="You work on this"):
        actions.claim(step=step(open_house, referral))
    stale = actions.Step(open_house.viewers[Role.NURSE], NOW, referral.pk, 1)
    with nothing_changes(), pytest.raises(CannotTriage, match="while you looked at it"):
        actions.claim(step=stale)
    taken = actions.claim(step=step(open_house, referral, Role.NURSE))
    assert taken.claimed_by_id == open_house.viewers[Role.NURSE].account_id
    assert AuditRow.objects.filter(verb="referral-claimed").count() == 2


def test_the_first_attempt_stops_the_clock_and_a_second_click_is_no_attempt(
    open_house: House,
) -> None:
    referral = ask(open_house)
    attempt = uuid.uuid4()
    for _ in range(2):
        actions.log_contact(
            step=step(open_house, referral),
            attempt_id=attempt,
            method=ContactMethod.PHONE,
            outcome=Reached.NO_ANSWER,
            text="Rang long",
        )
    referral.refresh_from_db()
    assert referral.first_contact_at == NOW
    assert ContactAttempt.objects.count() == 1
    assert trace("referral-contact-tried").details == {"method": "phone", "outcome": "no-answer"}


def test_no_message_is_noted_as_left_where_it_was_not_safe(open_house: House) -> None:
    referral = ask(open_house, leave_message=LeaveMessage.NO)
    with nothing_changes(), pytest.raises(CannotTriage, match="no message be left"):
        actions.log_contact(
            step=step(open_house, referral),
            attempt_id=uuid.uuid4(),
            method=ContactMethod.PHONE,
            outcome=Reached.LEFT_MESSAGE,
        )


def test_an_offered_time_is_held_and_told_without_a_clinical_word(open_house: House) -> None:
    referral = offered(open_house)
    assert (referral.status, referral.appointment and referral.appointment.status) == (
        "offered",
        "booked",
    )
    letter = letter_of(Message.objects.get().pk)
    assert letter is not None
    assert (letter.to, letter.subject) == ("sol@example.org", "You have a message from the clinic")
    assert letter.text == f"You have a message from Harbor. You can read it here: {LINK}"


def test_nothing_is_sent_where_it_is_not_safe_or_not_wanted(open_house: House) -> None:
    for number, changes in enumerate(
        (
            {"leave_message": LeaveMessage.NO},
            {"contact_method": ContactMethod.PHONE, "contact_value": "215 555 0134"},
            {"contact_method": ContactMethod.NONE, "contact_value": "", "leave_message": None},
        )
    ):
        start = TEN + timedelta(hours=number)
        actions.book_time(
            step=step(open_house, claimed(open_house, **changes)),
            booking=talk(open_house, start_at=start),
            is_agreed=True,
            link=LINK,
        )
    assert not Message.objects.exists()


def test_two_clicks_on_a_time_hold_it_once_and_a_taken_one_leaves_nothing(
    open_house: House,
) -> None:
    referral, other = claimed(open_house), claimed(open_house)
    booking = talk(open_house)
    seen = step(open_house, referral)
    for _ in range(2):
        actions.book_time(step=seen, booking=booking, is_agreed=True, link=LINK)
    assert Appointment.objects.count() == 1
    seen = step(open_house, other)
    with nothing_changes(), pytest.raises(CannotBook, match="is taken from"):
        actions.book_time(step=seen, booking=talk(open_house), is_agreed=True, link=LINK)


def test_who_asked_says_yes_by_the_link(open_house: House) -> None:
    referral = offered(open_house)
    held = referral.appointment_id
    assert held is not None
    for _ in range(2):
        referral = actions.answer_offer(
            at=NOW, referral_id=referral.pk, appointment_id=held, suits=True
        )
    assert referral.status == "booked"
    assert trace("referral-offer-answered").actor_kind == "link"


def test_who_asked_says_no_and_the_time_is_free(open_house: House) -> None:
    referral = offered(open_house)
    held = referral.appointment_id
    assert held is not None
    with nothing_changes(), pytest.raises(CannotTriage, match="no longer open"):
        actions.answer_offer(
            at=NOW, referral_id=referral.pk, appointment_id=uuid.uuid4(), suits=False
        )
    actions.answer_offer(at=NOW, referral_id=referral.pk, appointment_id=held, suits=False)
    assert Appointment.objects.get().status == "cancelled"
    referral.refresh_from_db()
    assert (referral.status, referral.appointment_id) == ("claimed", None)
    with nothing_changes(), pytest.raises(CannotTriage):
        actions.answer_offer(at=NOW, referral_id=referral.pk, appointment_id=held, suits=True)


def test_withdrawing_frees_the_time_even_after_a_move_and_twice_is_once(
    open_house: House,
) -> None:
    referral = offered(open_house)
    assert referral.appointment_id is not None
    new = schedule.move(
        viewer=open_house.desk,
        at=NOW,
        appointment_id=referral.appointment_id,
        version=1,
        booking=talk(open_house, start_at=TEN + timedelta(hours=3)),
        reason=Because.STAFF_AWAY,
    )
    for _ in range(2):
        actions.withdraw(at=NOW, referral_id=referral.pk)
    referral.refresh_from_db()
    new.refresh_from_db()
    assert (referral.status, new.status) == ("withdrawn", "cancelled")
    assert AuditRow.objects.filter(verb="referral-withdrawn").count() == 1


def test_a_request_whose_time_was_cancelled_is_taken_up_again(open_house: House) -> None:
    referral = offered(open_house)
    with nothing_changes(), pytest.raises(CannotTriage, match="A time is held"):
        actions.claim(step=step(open_house, referral, Role.NURSE))
    assert referral.appointment_id is not None
    schedule.cancel(
        viewer=open_house.desk,
        at=NOW,
        appointment_id=referral.appointment_id,
        version=1,
        reason=Because.STAFF_AWAY,
    )
    again = actions.claim(step=step(open_house, referral, Role.NURSE))
    assert (again.status, again.appointment_id) == ("claimed", None)


@pytest.mark.parametrize("outcome", [Status.ANSWERED, Status.NOT_FOR_US, Status.SPAM])
def test_closing_keeps_the_reason_and_tells_only_those_it_should(
    open_house: House, outcome: Status
) -> None:
    referral = claimed(open_house)
    actions.close(
        step=step(open_house, referral), outcome=outcome, reason=Reason.TOO_FAR, link=LINK
    )
    referral.refresh_from_db()
    assert (referral.status, referral.ended_reason, referral.ended_at) == (
        outcome.value,
        "too-far",
        NOW,
    )
    assert trace("referral-closed").details["outcome"] == outcome.value
    assert Message.objects.exists() is (outcome is not Status.SPAM)


def test_a_duplicate_names_the_other_request_of_this_clinic(
    open_house: House, alder: House
) -> None:
    arrange(alder)
    first, second, theirs = ask(open_house), ask(open_house), ask(alder)
    for wrong in ("", second.number, theirs.number, "NOSUCH"):
        seen = step(open_house, second)
        with nothing_changes(), pytest.raises(CannotTriage, match="number of the request"):
            actions.close(step=seen, outcome=Status.DUPLICATE, duplicate_of=wrong)
    actions.close(
        step=step(open_house, second), outcome=Status.DUPLICATE, duplicate_of=first.number.lower()
    )
    second.refresh_from_db()
    assert second.duplicate_of_id == first.pk


def test_registering_makes_a_patient_whose_first_visit_is_the_booked_time(
    open_house: House,
) -> None:
    referral = claimed(open_house)
    referral = actions.book_time(
        step=step(open_house, referral), booking=talk(open_house), is_agreed=True, link=LINK
    )
    seen = step(open_house, referral)
    with nothing_changes(), pytest.raises(CannotTriage, match="already a patient"):
        actions.register(step=seen, number="ll-0001", name="Sol Marten", birth_date=None)
    with nothing_changes(), pytest.raises(CannotTriage, match="number and full name"):
        actions.register(step=seen, number=" ", name="Sol Marten", birth_date=None)
    assert next_patient_number(open_house.desk) == "LL-0002"
    patient = actions.register(
        step=seen, number="LL-0002", name="Sol Marten", birth_date=date(1990, 2, 3)
    )
    assert (patient.email, patient.clinic_id) == ("sol@example.org", open_house.clinic.pk)
    assert Appointment.objects.get().patient == patient
    assert trace("patient-registered").chain_subject == patient.pk
    referral.refresh_from_db()
    assert (referral.status, referral.patient_id) == ("registered", patient.pk)


# ---- who may


def attempts(house: House, viewer: Any, referral: Referral) -> list[Callable[[], object]]:
    seen = actions.Step(viewer, NOW, referral.pk, referral.version)
    return [
        lambda: actions.claim(step=seen),
        lambda: actions.log_contact(
            step=seen,
            attempt_id=uuid.uuid4(),
            method=ContactMethod.PHONE,
            outcome=Reached.REACHED,
        ),
        lambda: actions.book_time(step=seen, booking=talk(house), is_agreed=True, link=LINK),
        lambda: actions.close(step=seen, outcome=Status.SPAM),
        lambda: actions.register(step=seen, number="LL-9", name="X", birth_date=None),
    ]


@pytest.mark.parametrize("role", sorted(set(Role) - TRIAGE))
def test_who_does_not_work_the_queue_neither_sees_nor_touches_it(
    open_house: House, role: Role
) -> None:
    referral, viewer = claimed(open_house), open_house.viewers[role]
    with nothing_changes():
        for attempt in attempts(open_house, viewer, referral):
            with pytest.raises(Http404):
                attempt()
    assert queries.queue(viewer, now=NOW) == []
    assert queries.referral(viewer, referral.pk) is None


def test_a_colleague_elsewhere_neither_sees_nor_touches_it(open_house: House, alder: House) -> None:
    referral = claimed(open_house)
    with nothing_changes():
        for attempt in attempts(alder, alder.desk, referral):
            with pytest.raises(Http404):
                attempt()
    assert queries.queue(alder.desk, now=NOW) == []
    assert queries.referral(alder.desk, referral.pk) is None


def test_only_a_director_or_an_administrator_arranges_the_desk(open_house: House) -> None:
    words: dict[str, Any] = {"takes_requests": True, "readers": "A", "hours": "B"}
    with nothing_changes():
        for role in set(Role) - {Role.DIRECTOR, Role.ADMINISTRATOR}:
            with pytest.raises(Http404):
                actions.arrange_desk(viewer=open_house.viewers[role], at=NOW, target_h=24, **words)
        with pytest.raises(CannotTriage, match="1 to 336"):
            actions.arrange_desk(
                viewer=open_house.viewers[Role.DIRECTOR], at=NOW, target_h=0, **words
            )
    assert trace("request-desk-arranged").details == {
        "takes_requests": True,
        "target_h": 24,
        "first_talks_with": [],
    }


def test_the_database_keeps_attempts_as_they_were_noted(open_house: House) -> None:
    referral = ask(open_house)
    actions.log_contact(
        step=step(open_house, referral),
        attempt_id=uuid.uuid4(),
        method=ContactMethod.PHONE,
        outcome=Reached.REACHED,
    )
    with nothing_changes():
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactAttempt.objects.update(note="never happened")
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactAttempt.objects.all().delete()
