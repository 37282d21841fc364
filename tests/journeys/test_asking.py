"""Somebody asks by phone without script; the front desk offers a time; they accept; the desk registers them."""

import re

from playwright.sync_api import Page, expect
from tests.installation import Installation
from tests.journeys.checks import axe_violations, sideways_scroll
from tests.journeys.conftest import Visit

ASK = "/request/harbor-light/"
FREE = """
from datetime import timedelta
from django.utils import timezone
from zoneinfo import ZoneInfo
from longlight.clinic.people.models import Clinic
from longlight.clinic.schedule.models import Resource
from longlight.clinic.schedule.queries import next_openings
clinic = Clinic.objects.get(slug="harbor-light")
nurse = Resource.objects.get(clinic=clinic, kind="staff", name="Tomas Reyes")
after = timezone.now() + timedelta(days=3)
found = next_openings(clinic=clinic, resource_ids=[nurse.pk], length=timedelta(minutes=50), after=after)
print(f"{found[0]:%Y-%m-%d %H:%M}")
"""


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value={value}])").click()


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def look_well(page: Page) -> None:
    assert axe_violations(page) == []
    assert sideways_scroll(page) == []


def ask_with_mistakes(page: Page, name: str) -> str:
    """Fill the form as people do, and give the receipt's number."""
    press(page, "Check my answers")
    expect(page.get_by_role("alert")).to_contain_text("Say what it is about.")
    choose(page, "slot", "contact-me")
    choose(page, "concern", "care")
    page.get_by_label("Your name, or what we may call you").fill(name)
    choose(page, "contact_method", "phone")
    page.get_by_label("Phone number or e-mail address").fill("0134")
    choose(page, "leave_message", "no")
    page.wait_for_timeout(3100)  # nobody reads a form in less, and the server knows
    press(page, "Check my answers")
    expect(page.get_by_role("alert")).to_contain_text("Enter a phone number with its area code")
    page.get_by_label("Phone number or e-mail address").fill("215 555 0134")
    press(page, "Check my answers")
    expect(page.locator("main")).to_contain_text("Nothing has been sent")
    expect(page.locator("main")).to_contain_text(name)
    press(page, "Change my answers")
    page.get_by_label("Anything you want to say first").fill("Mornings are hard")
    press(page, "Check my answers")
    press(page, "Send my request")
    expect(page.locator("main")).to_contain_text("We have your request.")
    found = re.search(r"Request ([2-9A-Z]{6})", page.locator("h1").inner_text())
    assert found
    return found[1]


def test_asking_on_a_phone_without_script_until_registered(
    visit: Visit, installation: Installation
) -> None:
    asker = visit(ASK, width=390, script=False, status=200)
    asker.watch.statuses.add(422)  # type: ignore[attr-defined]
    number = ask_with_mistakes(asker, "Sol of the journey")
    link = asker.url

    desk = visit("/requests/", role="front-desk")
    desk.get_by_role("row", name=re.compile(number)).get_by_role("link", name="Open").click()
    look_well(desk)
    press(desk, "I work on this")
    desk.get_by_role("link", name="Offer or book a time").click()
    look_well(desk)
    day, clock = installation.python(FREE).split()
    desk.locator("#id_day").fill(day)
    desk.locator("#id_clock").fill(clock)
    desk.locator("#id_staff").select_option(label="Tomas Reyes")
    press(desk, "Offer this time")
    expect(desk.locator("main")).to_contain_text("A time is offered")

    asker.goto(link)
    expect(asker.locator("main")).to_contain_text("The clinic offers you a time.")
    press(asker, "Yes, I will come")
    expect(asker.locator("main")).to_contain_text("Your first talk is booked.")

    desk.reload()
    desk.get_by_role("link", name="Register as a patient").click()
    look_well(desk)
    desk.get_by_label("Full name").fill("Solveig Marten")
    press(desk, "Register")
    expect(desk.locator("main")).to_contain_text("Solveig Marten")

    asker.goto(link)
    expect(asker.locator("main")).to_contain_text("You are registered with the clinic.")


def test_the_receipt_and_its_withdrawal_look_well_on_a_phone(visit: Visit) -> None:
    asker = visit(ASK, width=390)
    asker.watch.statuses.add(422)  # type: ignore[attr-defined]
    ask_with_mistakes(asker, "Another of the journey")
    look_well(asker)
    asker.get_by_role("link", name="Withdraw this request").click()
    look_well(asker)
    press(asker, "Withdraw it")
    expect(asker.locator("main")).to_contain_text("You withdrew this request.")
