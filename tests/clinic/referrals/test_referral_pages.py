"""The pages as a browser without script sees them: asking, following by the link, working the queue."""

import re
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.clinic.house import NOW, House, signed_in
from tests.clinic.referrals.test_referral_actions import arrange, ask, claimed, offered, talk

from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Role
from longlight.clinic.referrals import actions
from longlight.clinic.referrals.access import TRIAGE, token_of
from longlight.clinic.referrals.models import Referral
from longlight.clinic.schedule.models import Appointment

PROBE = '<b onclick="x">&Probe</b>'
QUEUE_QUERIES = 4  # desk, waiting; desk again for its promise; closed lately
STAFF_PAGES_OF_ONE = ["referral", "referral-book", "referral-register"]
STAFF_PRESSES = ["referral-claim", "referral-contact", "referral-close"]


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def open_house(harbor: House) -> House:
    arrange(harbor)
    return harbor


def hidden(page: HttpResponse) -> dict[str, str]:
    """What the page's hidden fields hold, as a browser would send it back."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def filled(client: Client, clock: Any, url: str = "/request/harbor/") -> dict[str, str]:
    """A form that somebody took ten seconds over."""
    said = hidden(client.get(url))
    clock.shift(timedelta(seconds=10))
    return said | {
        "concern": "care",
        "name": "Sol Marten",
        "contact_method": "phone",
        "contact_value": "215 555 0134",
        "leave_message": "no",
        "best_time": "morning",
        "interest": "not-sure",
        "note": PROBE,
    }


def send(client: Client, said: dict[str, str], **extra: Any) -> HttpResponse:
    return client.post("/request/harbor/", said | {"step": "send"}, **extra)


def test_asking_checking_changing_sending_and_the_receipt(open_house: House, clock: Any) -> None:
    client = Client()
    said = filled(client, clock)
    check = client.post("/request/harbor/", said | {"step": "check"})
    assert check.status_code == 200
    assert not Referral.objects.exists()
    assert "+12155550134" in check.content.decode()
    assert PROBE not in check.content.decode()
    changed = client.post("/request/harbor/", hidden(check) | {"step": "change"})
    assert 'value="Sol Marten"' in changed.content.decode()
    for _ in range(2):  # two clicks, one receipt
        sent = client.post("/request/harbor/", hidden(check) | {"step": "send"})
        assert sent.status_code == 302
    referral = Referral.objects.get()
    assert (referral.name, referral.note, referral.best_time) == ("Sol Marten", PROBE, "morning")
    receipt = Client().get(sent["Location"])
    page = receipt.content.decode()
    assert referral.number in page
    assert "no-store" in receipt["Cache-Control"]
    for private in ("Sol Marten", "2155550134", "Probe"):
        assert private not in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"concern": ""}, "Say what it is about."),
        ({"name": " "}, "Enter a name, or what we may call you."),
        ({"contact_method": ""}, "Say how we should reach you"),
        ({"contact_value": "0134"}, "Enter a phone number with its area code"),
        ({"contact_method": "email"}, "Enter an e-mail address such as"),
        ({"leave_message": ""}, "Say whether it is safe to leave a message."),
        ({"concern": "clinician"}, "Ask the person first"),
        ({"website": "https://spam.example"}, "Empty the box"),
        ({"note": "x" * 501}, "at most 500 characters"),
        ({"stamp": "1:forged"}, "Look over your answers"),
        ({"id": "7"}, "Enter a valid UUID"),
        ({"interest": "heroics"}, "Select a valid choice"),
    ],
)
def test_each_slip_is_answered_with_a_sentence_and_everything_is_kept(
    open_house: House, clock: Any, changes: dict[str, str], said: str
) -> None:
    client = Client()
    answer = send(client, filled(client, clock) | {"practice": "Alder Court"} | changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in unescape(page)
    assert "Alder Court" in page
    assert not Referral.objects.exists()


def test_none_of_these_needs_no_number_and_asks_nothing_about_messages(
    open_house: House, clock: Any
) -> None:
    client = Client()
    said = filled(client, clock) | {"contact_method": "none", "contact_value": ""}
    del said["leave_message"]
    assert send(client, said).status_code == 302
    assert Referral.objects.get().leave_message == ""


def test_a_page_filled_in_no_time_passes_when_sent_again(open_house: House, clock: Any) -> None:
    client = Client()
    said = filled(client, clock)
    clock.shift(timedelta(seconds=-9))
    quick = send(client, said)
    assert quick.status_code == 422
    assert "wait a few seconds" in quick.content.decode()
    clock.shift(timedelta(seconds=5))
    assert send(client, said | {"stamp": hidden(quick)["stamp"]}).status_code == 302


def test_a_page_left_open_overnight_passes_when_sent_again(open_house: House, clock: Any) -> None:
    client = Client()
    said = filled(client, clock)
    clock.shift(timedelta(hours=13))
    late = send(client, said)
    assert late.status_code == 422
    clock.shift(timedelta(seconds=5))
    assert send(client, said | {"stamp": hidden(late)["stamp"]}).status_code == 302


def test_the_sixth_in_an_hour_gets_a_phone_number_whatever_it_forges(
    open_house: House, clock: Any
) -> None:
    client = Client()
    for number in range(6):
        answer = send(
            client, filled(client, clock), headers={"x-forwarded-for": f"203.0.113.{number}"}
        )
        assert answer.status_code == (302 if number < 5 else 429)
    assert "tel:555-0100" in answer.content.decode()
    assert Referral.objects.count() == 5
    other = send(client, filled(client, clock), REMOTE_ADDR="198.51.100.7")
    assert other.status_code == 302


def test_behind_a_proxy_the_visitors_own_address_counts(
    open_house: House, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = settings.ENVIRONMENT.model_copy(update={"trusted_proxies": 1})
    monkeypatch.setattr(settings, "ENVIRONMENT", behind)
    client = Client()
    for number in range(6):
        # What the visitor wrote itself stands to the left; our proxy's word is the last.
        forged = {"x-forwarded-for": f"10.0.0.{number}, 203.0.113.9"}
        answer = send(client, filled(client, clock), headers=forged)
    assert answer.status_code == 429
    other = send(client, filled(client, clock), headers={"x-forwarded-for": "203.0.113.10"})
    assert other.status_code == 302


def test_the_link_shows_and_withdraws_its_one_request_and_no_other_token_does(
    open_house: House, clock: Any
) -> None:
    referral = offered(open_house)
    token = token_of(referral.pk)
    page = Client().get(reverse("referral-status", args=[token])).content.decode()
    assert "Tuesday 24 November 2026, 10:00" in page
    absent = Client().get("/request/no/such/page/")
    other_end = "B" if token.endswith("A") else "A"
    for wrong in (
        token[:-1] + other_end,
        referral.pk.hex,
        f"{uuid.uuid4().hex}.{token.split('.')[1]}",
    ):
        for name in ("referral-status", "referral-withdraw"):
            answer = Client().get(reverse(name, args=[wrong]))
            assert (answer.status_code, len(answer.content)) == (404, len(absent.content))
            assert Client().post(reverse(name, args=[wrong])).status_code == 404
    withdraw = reverse("referral-withdraw", args=[token])
    assert Client().get(withdraw).status_code == 200
    referral.refresh_from_db()
    assert referral.status == "offered"  # looking changes nothing
    for _ in range(2):
        assert Client().post(withdraw).status_code == 302
    referral.refresh_from_db()
    assert referral.status == "withdrawn"
    clock.shift(timedelta(days=91))
    assert Client().get(reverse("referral-status", args=[token])).status_code == 404


def test_the_offered_time_is_answered_by_the_link(open_house: House, clock: Any) -> None:
    referral = offered(open_house)
    token = token_of(referral.pk)
    answer = reverse("referral-answer", args=[token, referral.appointment_id])
    assert Client().post(answer, {"suits": "yes"}).status_code == 302
    page = Client().get(reverse("referral-status", args=[token])).content.decode()
    assert "Your first talk is booked." in page
    late = Client().post(answer, {"suits": "no"})
    assert late.status_code == 409
    assert "This offer is no longer open" in late.content.decode()


def test_staff_work_one_request_from_the_queue_to_a_patient(open_house: House, clock: Any) -> None:
    referral = ask(open_house, name=PROBE)
    desk = signed_in(open_house.accounts[Role.FRONT_DESK])
    page = desk.get(reverse("referral-queue")).content.decode()
    assert referral.number in page
    assert PROBE not in page

    def press(page_name: str, **said: object) -> HttpResponse:
        referral.refresh_from_db()
        return desk.post(
            reverse(page_name, args=[referral.pk]), {"version": referral.version} | said
        )

    assert press("referral-claim").status_code == 302
    wrong = press("referral-contact", id=str(uuid.uuid4()), method="phone")
    assert wrong.status_code == 422
    assert (
        press(
            "referral-contact", id=str(uuid.uuid4()), method="phone", outcome="reached"
        ).status_code
        == 302
    )
    time = {
        "id": str(uuid.uuid4()),
        "day": "2026-11-24",
        "clock": "10:00",
        "length_min": "50",
        "staff": open_house.nurses[0].pk,
        "agreed": "yes",
    }
    assert press("referral-book", **time | {"clock": ""}).status_code == 422
    assert press("referral-book", **time).status_code == 302
    refused = press("referral-close", outcome="not-for-us")
    assert refused.status_code == 422
    assert "Choose a reason." in refused.content.decode()
    shown = desk.get(reverse("referral-register", args=[referral.pk])).content.decode()
    assert 'value="LL-0002"' in shown
    done = press("referral-register", number="LL-0002", name="Sol Marten", birth_date="1990-02-03")
    assert done.status_code == 302
    assert Appointment.objects.get().patient == Patient.objects.get(number="LL-0002")
    assert "LL-0002" in desk.get(reverse("referral", args=[referral.pk])).content.decode()


def test_every_staff_page_is_for_those_who_work_the_queue_here(
    open_house: House, alder: House, clock: Any
) -> None:
    referral = claimed(open_house)
    urls = [reverse(name, args=[referral.pk]) for name in STAFF_PAGES_OF_ONE + STAFF_PRESSES]
    for role in Role:
        client = signed_in(open_house.accounts[role])
        for url in [reverse("referral-queue"), *urls]:
            expected = {200, 302} if role in TRIAGE else {404}
            assert client.get(url).status_code in expected, (role, url)
        may_arrange = role in {Role.DIRECTOR, Role.ADMINISTRATOR}
        desk_page = client.get(reverse("referral-desk"))
        assert desk_page.status_code == (200 if may_arrange else 404)
    elsewhere = signed_in(alder.accounts[Role.NURSE])
    for url in urls:
        assert elsewhere.get(url).status_code == 404
        assert elsewhere.post(url, {"version": referral.version}).status_code == 404
        assert Client().get(url).status_code == 404


def test_the_queue_asks_the_database_no_more_when_it_is_long(
    open_house: House, clock: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk = signed_in(open_house.accounts[Role.FRONT_DESK])
    desk.get(reverse("sources"))  # the first visit notes in the session that it was there
    with CaptureQueriesContext(connection) as before_any_page:
        desk.get(reverse("sources"))

    def show() -> str:
        with django_assert_num_queries(QUEUE_QUERIES + len(before_any_page)):
            return desk.get(reverse("referral-queue")).content.decode()

    show()
    for number in range(12):
        referral = claimed(open_house, name=f"Caller {number}")
        if number % 3 == 0:
            seen = actions.Step(open_house.desk, NOW, referral.pk, referral.version)
            booking = talk(open_house, start_at=NOW + timedelta(hours=1 + number))
            actions.book_time(step=seen, booking=booking, is_agreed=True, link="https://x.example/")
    assert "Caller 11" in show()


def test_the_director_says_what_the_public_page_promises(harbor: House, clock: Any) -> None:
    assert Client().get("/request/harbor/").status_code == 404
    assert "No clinic takes requests" in Client().get("/request/").content.decode()
    director = signed_in(harbor.accounts[Role.DIRECTOR])
    promise = {"takes_requests": "on", "target_h": "48", "readers": "The desk", "hours": "daily"}
    assert director.post("/requests/desk/", promise | {"target_h": "0"}).status_code == 422
    assert director.post("/requests/desk/", promise).status_code == 302
    page = Client().get("/request/harbor/").content.decode()
    assert "within 48 hours" in page
    assert "The desk read this, daily." in page
    assert 'href="/request/harbor/"' in Client().get("/request/").content.decode()
