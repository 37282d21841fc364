"""Learn, think it through, compare clinics, ask, be read, choose together: on a phone and a desk, without script, by keyboard, and with a stop halfway."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page, expect
from tests.installation import Installation
from tests.journeys import checks

Visit = Callable[..., Page]
# Of one address five requests an hour are taken: these journeys, and others, all come from here.
FORGET = """
from longlight.clinic.referrals.models import AddressTally
AddressTally.objects.all().delete()
"""
CONTINUE = 'button[value="next"]'


def mark(page: Page, name: str, value: str) -> None:
    page.locator(f'input[name="{name}"][value="{value}"]').check(force=True)


@dataclass
class Look:
    """Looks at each page of a walk with axe, where script may run; what is wrong is told at the end."""

    page: Page
    has_script: bool
    seen: list[str] = field(default_factory=list)

    def __call__(self, name: str) -> None:
        if self.has_script:
            wrong = checks.sideways_scroll(self.page) + checks.small_targets(self.page)
            self.seen += [f"{name}: {w}" for w in wrong + checks.axe_violations(self.page)]


def through_the_aid(page: Page, look: Look) -> None:
    for step in range(1, 9):
        expect(page.locator(".stepper").first).to_contain_text(
            f"Step {step} of 8", use_inner_text=True
        )
        look(f"step {step}")
        if step == 4:
            mark(page, "values.cost", "5")
        if step < 8:
            page.click(CONTINUE)
    expect(page.locator("main").first).to_contain_text(
        "Cost: It matters very much", use_inner_text=True
    )
    page.go_back()
    expect(page.locator(".stepper").first).to_contain_text("Step 7 of 8", use_inner_text=True)
    page.go_forward()
    page.fill("#leaning", "Not to lose control")


def compare_three(page: Page, look: Look) -> None:
    page.click("text=Find clinics to compare")
    page.fill("#place", "04101")
    page.select_option("#within", "250")
    page.click('main button:has-text("Search")')
    look("clinics")
    for box in page.locator('input[name="clinic"]').all()[:3]:
        box.check(force=True)
    page.click("text=Compare the marked clinics")
    expect(page.locator("thead th")).to_have_count(4)
    page.locator("textarea").first.fill("A therapist is there.")
    look("compare")


def ask_harbor(page: Page, look: Look, name: str) -> str:
    """Ask for the second free time, with the summary; gives the receipt's number."""
    page.click("text=Request an appointment at Harbor Light")
    page.click(".btn:has-text('Check my answers')")
    expect(page.locator("[role=alert]").first).to_contain_text("Choose a time", use_inner_text=True)
    look("request")
    for field_name, value in (("concern", "care"), ("contact_method", "none")):
        mark(page, field_name, value)
    page.locator('input[name="slot"]').nth(1).check(force=True)
    page.fill('[name="name"]', name)
    page.fill('[name="goals"]', "To get up without dread")
    page.wait_for_timeout(3100)  # nobody reads a form in less, and the server knows
    page.click("text=Check my answers")
    expect(page.locator("main").first).to_contain_text("Send my summary along", use_inner_text=True)
    look("check")
    page.click("text=Send my request")
    look("receipt")
    expect(page.locator("main").first).to_contain_text(
        "not booked until the clinic confirms it", use_inner_text=True
    )
    found = re.search(r"Request ([2-9A-Z]{6})", page.inner_text("h1"))
    assert found is not None
    return found[1]


def triage(desk: Page, look: Look, number: str, name: str) -> None:
    desk.locator(f'tr:has-text("{number}") >> text=Open').click()
    desk.click("text=I work on this")
    look("triage")
    expect(desk.locator("main").first).to_contain_text("Not to lose control", use_inner_text=True)
    desk.click("text=Confirm the time they asked for")
    desk.click("text=Register as a patient")
    with desk.expect_navigation():
        desk.click("main form button:has-text('Register')")
    desk.goto(re.sub(r"/requests/.*", f"/patients/?q={quote_plus(name)}", desk.url))
    desk.click(f'main a:has-text("{name}")')
    look("chart")
    expect(desk.locator("main").first).to_contain_text(
        "To get up without dread", use_inner_text=True
    )


def choose_with_them(desk: Page, look: Look) -> None:
    desk.locator('a:has-text("Choose together")').first.click()
    desk.select_option('[name="leaning"]', "medicine")
    mark(desk, "chosen", "talk-therapy")
    desk.click("text=Keep what we chose")
    expect(desk.locator("main").first).to_contain_text("write down why", use_inner_text=True)
    look("choice")
    desk.fill('[name="reason"]', "Blood pressure first")
    desk.click("text=Keep what we chose")
    expect(desk.locator(".cols > .stack").first).to_contain_text(
        "With talk therapy", use_inner_text=True
    )
    expect(desk.locator(".cols > .stack").first).to_contain_text(
        "Blood pressure first", use_inner_text=True
    )


@pytest.mark.parametrize(
    ("width", "scheme", "script"),
    [(390, "light", True), (1280, "dark", True), (390, "dark", False)],
)
def test_from_the_home_to_a_choice_made_together(
    width: int, scheme: str, script: bool, visit: Visit, installation: Installation
) -> None:
    installation.python(FORGET)
    page = visit("/", width=width, scheme=scheme, script=script)
    page.watch.statuses.add(422)  # type: ignore[attr-defined]
    look = Look(page, script)
    page.click("main >> text=Compare the approaches")
    page.click("text=Think it through, step by step")
    through_the_aid(page, look)
    compare_three(page, look)
    name = f"Kai {scheme} {width}"
    number = ask_harbor(page, look, name)
    desk = visit("/requests/", role="nurse", width=width, scheme=scheme, script=script)
    desk.watch.statuses.add(422)  # type: ignore[attr-defined]
    staff_look = Look(desk, script)
    triage(desk, staff_look, number, name)
    choose_with_them(desk, staff_look)
    assert look.seen + staff_look.seen == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_person_stops_halfway_and_comes_back_by_their_link(width: int, visit: Visit) -> None:
    page = visit("/choose/", width=width, script=False)
    for _ in range(3):
        page.click(CONTINUE)
    mark(page, "values.altered-states", "1")
    page.click("text=Keep this and come back by a link")
    link = page.inner_text("main code")
    assert "/choose/kept/" in link
    again = visit(re.sub(r"^https?://[^/]+", "", link), width=width, script=False)
    expect(again.locator(".stepper").first).to_contain_text("Step 4 of 8", use_inner_text=True)
    assert again.locator('input[name="values.altered-states"][value="1"]').is_checked()
    again.click("text=Destroy what was kept")
    expect(again.locator("main").first).to_contain_text("destroyed", use_inner_text=True)
    visit(re.sub(r"^https?://[^/]+", "", link), status=404)


def test_the_aid_goes_by_keyboard_alone(visit: Visit) -> None:
    page = visit("/choose/")
    for step in range(1, 8):
        expect(page.locator(".stepper").first).to_contain_text(
            f"Step {step} of 8", use_inner_text=True
        )
        if step == 4:
            assert checks.invisible_focus(page, most=400) == []
        page.locator(CONTINUE).focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.locator(".stepper").first).to_contain_text("Step 8 of 8", use_inner_text=True)


def test_the_summary_prints_without_buttons(visit: Visit) -> None:
    page = visit("/choose/")
    for _ in range(7):
        page.click(CONTINUE)
    page.emulate_media(media="print")
    assert not page.locator('button[value="keep"]').is_visible()
    assert page.locator("h1").is_visible()
