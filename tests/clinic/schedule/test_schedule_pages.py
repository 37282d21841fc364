"""The staff's pages as a browser without script sees them."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.clinic.house import NOW, TEN, House, signed_in

from longlight.clinic.people.rules import CARE_ROLES, Role
from longlight.clinic.schedule import actions
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.rules import Kind, Reason

DAY_QUERIES = 5  # the plan's: clinic, hours, holds, resources, given up
PAGES = ["schedule-day", "schedule-book"]
PAGES_OF_ONE = ["schedule-appointment", "schedule-move", "schedule-cancel", "schedule-mark"]


@pytest.fixture(autouse=True)
def _at_ten_on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(harbor: House) -> Client:
    return signed_in(harbor.accounts[Role.FRONT_DESK])


def typed(harbor: House, **changes: object) -> dict[str, object]:
    return {
        "id": str(uuid.uuid4()),
        "kind": "dosing",
        "patient_number": "ll-0001",
        "day": "2026-11-24",
        "clock": "10:00",
        "length_min": "120",
        "chair": harbor.chairs[0].pk,
        "staff": harbor.nurses[0].pk,
    } | changes


def test_a_booking_typed_twice_is_one_and_stands_on_its_day(harbor: House, desk: Client) -> None:
    sent = typed(harbor)
    for _ in range(2):
        answer = desk.post(reverse("schedule-book"), sent)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/schedule/?day=2026-11-24#a-")
    made = Appointment.objects.get()
    assert (made.start_at, made.patient) == (TEN, harbor.patient)
    page = desk.get(reverse("schedule-day"), {"day": "2026-11-24"}).content.decode()
    assert "10:00–12:00" in page
    assert "Ana Brook" in page
    assert "08:00–10:00 free" in re.sub(r"\s+", " ", page)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"clock": "14:3x"}, "Enter a valid time."),
        ({"day": "2027-03-14", "clock": "02:30"}, "does not exist, because the clocks go forward"),
        ({"day": "2027-11-07", "clock": "01:30"}, "choose the first or the second"),
        ({"patient_number": "LL-9999"}, "No patient has this number"),
        ({"patient_number": ""}, "Say who is coming"),
        ({"staff": ""}, "needs a member of staff"),
        ({"length_min": "721"}, "less than or equal to 720"),
        ({"chair": "999999"}, "Select a valid choice"),
        ({"id": "x"}, "Enter a valid UUID"),
        ({"day": "9999-12-31", "clock": "23:59"}, "the calendar ends on"),
        ({"day": "0001-01-01", "clock": "00:00"}, "the calendar begins on"),
    ],
)
def test_each_slip_is_answered_with_a_sentence_and_what_was_typed_is_kept(
    harbor: House, desk: Client, changes: dict[str, object], said: str
) -> None:
    answer = desk.post(reverse("schedule-book"), typed(harbor, **changes, note="Bring a blanket"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Bring a blanket" in page
    assert not Appointment.objects.exists()


def test_the_second_of_two_equal_times_can_be_booked(harbor: House, desk: Client) -> None:
    night = typed(harbor, day="2027-11-07", clock="01:30", which="second")
    assert desk.post(reverse("schedule-book"), night).status_code == 302
    assert Appointment.objects.get().start_at == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)


def test_a_taken_chair_is_answered_with_the_nearest_free_times(harbor: House, desk: Client) -> None:
    actions.book(viewer=harbor.desk, at=NOW, booking=harbor.somebody())
    answer = desk.post(reverse("schedule-book"), typed(harbor, clock="11:00"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Chair 1 is taken from 10:00 to 12:00." in page
    assert "Next free: Tue 24 Nov, 12:00; Tue 24 Nov, 12:15; Tue 24 Nov, 12:30." in page


def test_move_cancel_and_mark_by_pages(harbor: House, desk: Client) -> None:
    made = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    form = desk.get(reverse("schedule-move", args=[made.pk])).context["form"]
    sent = {
        name: form[name].value() or ""
        for name in form.fields
        if name not in {"clock", "day", "which"}
    }
    sent |= {"day": "2026-11-25", "clock": "09:00", "reason": "ill"}
    answer = desk.post(reverse("schedule-move", args=[made.pk]), sent)
    assert answer.status_code == 302, answer.content.decode()
    new = Appointment.objects.get(moved_from=made)
    page = desk.get(reverse("schedule-appointment", args=[made.pk])).content.decode()
    assert "Moved to" in page
    assert "The patient is ill" in page
    refused = desk.post(
        reverse("schedule-mark", args=[new.pk]), {"version": 7, "status": "arrived"}
    )
    assert refused.status_code == 409
    assert "Somebody changed this appointment" in refused.content.decode()
    assert (
        desk.post(
            reverse("schedule-mark", args=[new.pk]), {"version": 1, "status": "arrived"}
        ).status_code
        == 302
    )
    cancel = reverse("schedule-cancel", args=[new.pk])
    assert desk.post(cancel, {"version": 2, "reason": "other"}).status_code == 422
    done = desk.post(cancel, {"version": 2, "reason": "other", "text": "Snow"})
    assert done.status_code == 302
    assert "Snow" in desk.get(reverse("schedule-appointment", args=[new.pk])).content.decode()


def test_the_day_asks_the_database_no_more_when_it_is_full(
    harbor: House, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # What finds out who looks stands before every page; a page that looks nothing up costs just that.
    desk.get(reverse("sources"))  # the first page of a session also writes down when it began
    desk.get(reverse("sources"))  # the first visit notes in the session that it was there
    with CaptureQueriesContext(connection) as before_any_page:
        desk.get(reverse("sources"))

    def show() -> str:
        with django_assert_num_queries(DAY_QUERIES + len(before_any_page)):
            return desk.get(reverse("schedule-day"), {"day": "2026-11-24"}).content.decode()

    show()
    start = TEN - timedelta(hours=2)
    for number in range(16):
        for chair, nurse in zip(harbor.chairs, harbor.nurses, strict=True):
            made = actions.book(
                viewer=harbor.desk,
                at=NOW,
                booking=harbor.somebody(
                    f"Caller {number}",
                    kind=Kind.REVIEW,
                    start_at=start + timedelta(minutes=30 * number),
                    length=timedelta(minutes=30),
                    resource_ids=frozenset({chair.pk, nurse.pk}),
                ),
            )
            if number % 5 == 0:
                actions.cancel(
                    viewer=harbor.desk, at=NOW, appointment_id=made.pk, version=1, reason=Reason.ILL
                )
    assert "Caller 15" in show()


def test_every_page_is_for_those_who_care_for_patients_here(harbor: House, alder: House) -> None:
    made = actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    urls = [reverse(name) for name in PAGES]
    own = [reverse(name, args=[made.pk]) for name in PAGES_OF_ONE]
    absent = Client().get("/no-such-page/")
    for role in Role:
        client = signed_in(harbor.accounts[role])
        for url in urls + own:
            answer = client.get(url)
            if role in CARE_ROLES:
                assert answer.status_code in {200, 302}, (role, url)
            else:
                assert answer.status_code == 404, (role, url)
    elsewhere = signed_in(alder.accounts[Role.NURSE])
    nowhere = reverse("schedule-appointment", args=[uuid.uuid4()])
    for url in own[:3]:
        assert elsewhere.get(url).status_code == elsewhere.get(nowhere).status_code == 404
        assert Client().get(url).status_code == absent.status_code == 404
    assert (
        elsewhere.post(own[2], {"version": 1, "reason": "ill"}).status_code
        == elsewhere.post(own[3], {"version": 1, "status": "arrived"}).status_code
        == 404
    )
    made.refresh_from_db()
    assert made.status == "booked"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("31.13.2026", "Enter a valid date."),
        ("9999-12-31", "Check the year"),
        ("0001-01-01", "Check the year"),
    ],
)
def test_a_day_that_is_none_is_answered_with_a_sentence(desk: Client, day: str, said: str) -> None:
    answer = desk.get(reverse("schedule-day"), {"day": day})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_director_sets_up_what_can_be_booked_and_when(harbor: House) -> None:
    director = signed_in(harbor.accounts[Role.DIRECTOR])
    page = reverse("schedule-set-up")
    assert "Chair 1" in director.get(page).content.decode()
    added = director.post(reverse("schedule-add"), {"kind": "room", "name": "Room 3"})
    assert added.status_code == 302
    again = director.post(reverse("schedule-add"), {"kind": "room", "name": "Room 3"})
    assert again.status_code == 422
    assert "already one called Room 3" in again.content.decode()
    hours = {"opens_5": "09:00", "closes_5": "12:00"}
    wrong = director.post(reverse("schedule-hours"), hours | {"opens_0": "09:00"})
    assert wrong.status_code == 422
    assert "or neither" in wrong.content.decode()
    assert director.post(reverse("schedule-hours"), hours).status_code == 302
    saturday = director.get(reverse("schedule-day"), {"day": "2026-11-28"}).content.decode()
    assert "09:00–12:00 free" in re.sub(r"\s+", " ", saturday)


def test_what_is_booked_is_not_retired_and_what_is_retired_is_not_offered(harbor: House) -> None:
    director = signed_in(harbor.accounts[Role.DIRECTOR])
    actions.book(viewer=harbor.desk, at=NOW, booking=harbor.booking())
    refused = director.post(reverse("schedule-retire", args=[harbor.chairs[0].pk]))
    assert refused.status_code == 422
    assert "Chair 1 has appointments to come" in refused.content.decode()
    done = director.post(reverse("schedule-retire", args=[harbor.chairs[1].pk]))
    assert done.status_code == 302
    assert "Chair 2" not in director.get(reverse("schedule-day")).content.decode()


def test_setting_up_is_for_directors_and_administrators_of_this_clinic(
    harbor: House, alder: House
) -> None:
    retire = reverse("schedule-retire", args=[harbor.chairs[1].pk])
    presses = [reverse("schedule-add"), reverse("schedule-hours"), retire]
    for role in set(Role) - {Role.DIRECTOR, Role.ADMINISTRATOR}:
        client = signed_in(harbor.accounts[role])
        assert client.get(reverse("schedule-set-up")).status_code == 404
        assert {client.post(press).status_code for press in presses} == {404}
    assert signed_in(alder.accounts[Role.DIRECTOR]).post(retire).status_code == 404
    harbor.chairs[1].refresh_from_db()
    assert harbor.chairs[1].is_active
