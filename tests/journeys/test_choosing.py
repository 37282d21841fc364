"""Learn, think it through, find a clinic: on a phone and a desk, without script, by keyboard, and with a stop halfway."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.journeys import checks

Visit = Callable[..., Page]
CONTINUE = 'button[value="next"]'


def mark(page: Page, name: str, value: str) -> None:
    page.locator(f'input[name="{name}"][value="{value}"]').check(force=True)


@pytest.mark.parametrize(
    ("width", "scheme", "script"),
    [(390, "light", True), (1280, "dark", True), (390, "dark", False)],
)
def test_from_the_home_to_three_clinics_side_by_side(
    width: int, scheme: str, script: bool, visit: Visit
) -> None:
    page = visit("/", width=width, scheme=scheme, script=script)
    page.click("main >> text=Compare the approaches")
    page.click("text=Think it through, step by step")
    seen = []
    for step in range(1, 9):
        assert f"Step {step} of 8" in page.inner_text(".stepper")
        if script:
            wide = checks.sideways_scroll(page) + checks.small_targets(page)
            seen += [f"step {step}: {wrong}" for wrong in wide + checks.axe_violations(page)]
        if step == 4:
            mark(page, "values.cost", "5")
        if step < 8:
            page.click(CONTINUE)
    assert seen == []
    assert "Cost: It matters very much" in page.inner_text("main")
    page.go_back()
    assert "Step 7 of 8" in page.inner_text(".stepper")
    page.goto(re.sub(r"(//[^/]+).*", r"\1/clinics/", page.url))
    page.fill("#place", "Portland, ME")
    page.select_option("#within", "250")
    page.click('main button:has-text("Search")')
    for box in page.locator('input[name="clinic"]').all()[:3]:
        box.check(force=True)
    page.click("text=Compare the marked clinics")
    assert page.locator("thead th").count() == 4


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
    assert "Step 4 of 8" in again.inner_text(".stepper")
    assert again.locator('input[name="values.altered-states"][value="1"]').is_checked()
    again.click("text=Destroy what was kept")
    assert "destroyed" in again.inner_text("main")
    visit(re.sub(r"^https?://[^/]+", "", link), status=404)


def test_the_aid_goes_by_keyboard_alone(visit: Visit) -> None:
    page = visit("/choose/")
    for step in range(1, 8):
        assert f"Step {step} of 8" in page.inner_text(".stepper")
        if step == 4:
            assert checks.invisible_focus(page, most=400) == []
        page.locator(CONTINUE).focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert "Step 8 of 8" in page.inner_text(".stepper")


def test_the_summary_prints_without_buttons(visit: Visit) -> None:
    page = visit("/choose/")
    for _ in range(7):
        page.click(CONTINUE)
    page.emulate_media(media="print")
    assert not page.locator('button[value="keep"]').is_visible()
    assert page.locator("h1").is_visible()
