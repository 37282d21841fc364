"""Every page of `pages.py`: on a phone and a desk, in light and dark, by keyboard, without script."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys import checks
from tests.journeys.cast import Cast
from tests.journeys.pages import PAGES, JourneyPage
from tests.journeys.window import Window

WIDTHS = (1280, 320, 390)  # the last one at its full height: all of a page is seen there
AT_HAND = (820, 1024, 1280)  # tablets, and a desk
SHOTS = ((1280, "light"), (390, "light"), (390, "dark"))
Visit = Callable[..., Page]
each_page = pytest.mark.parametrize("looked_at", PAGES, ids=lambda page: page.name)


@pytest.fixture
def path(looked_at: JourneyPage, cast: Cast) -> str:
    return looked_at.path.format(**cast.places()) if "{" in looked_at.path else looked_at.path


@pytest.fixture(scope="module")
def window(browser: Browser, site: str) -> Iterator[Window]:
    kept = Window(browser, site, script=True)
    yield kept
    kept.context.close()


@pytest.fixture(scope="module")
def window_without_script(browser: Browser, site: str) -> Iterator[Window]:
    kept = Window(browser, site, script=False)
    yield kept
    kept.context.close()


@pytest.fixture
def cookies(looked_at: JourneyPage, request: pytest.FixtureRequest) -> dict[str, str]:
    """Of the one who looks."""
    return request.getfixturevalue("cookies_of")(looked_at.role) if looked_at.role else {}


@each_page
def test_on_a_phone_and_at_a_desk(
    looked_at: JourneyPage, path: str, window: Window, cookies: dict[str, str]
) -> None:
    """One visit: weighed as it comes the first time, walked by keyboard, looked at at every width, then in the dark."""
    with window.looking_at(path, cookies, looked_at.status) as page:
        kilobytes = window.watch.wire_bytes() / 1000
        wrong = [] if 5 < kilobytes <= looked_at.most_kb else [f"it weighs {kilobytes:.0f} kB"]
        wrong += [f"keyboard: {problem}" for problem in checks.invisible_focus(page)]
        wrong += [f"{width} px: {problem}" for width in WIDTHS for problem in found_at(page, width)]
        wrong += [
            f"{width} px: {problem}" for width in AT_HAND for problem in out_of_sight(page, width)
        ]
        page.emulate_media(color_scheme="dark")
        wrong += [f"dark: {problem}" for problem in checks.axe_violations(page, checks.COLOR_RULES)]
        if looked_at.in_docs:
            page.set_viewport_size({"width": 1280, "height": 800})
            found = checks.axe_violations(page, checks.COLOR_RULES)
            wrong += [f"dark: {problem}" for problem in found]
            wrong += [f"keyboard at a desk: {problem}" for problem in checks.invisible_focus(page)]
        assert wrong == []


def found_at(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 844 if width < 500 else 800})
    if width == 390:
        # A bar at the foot of a phone lies over whatever passes under it: look at the page at its full height.
        page.set_viewport_size({"width": width, "height": _height(page)})
    found = checks.sideways_scroll(page) + checks.help_is_missing(page)
    found += checks.steps_out_of_sight(page)
    if width != 320:
        found += checks.small_targets(page) + checks.small_svg_text(page)
        found += checks.axe_violations(page)
    return found


def out_of_sight(page: Page, width: int) -> list[str]:
    """A table's, in our letters and in the device's own, which are wider and stand in where ours come late."""
    if not page.locator("table").count():
        return []
    page.set_viewport_size({"width": width, "height": 1180})
    found = []
    for letters in ("", "sans-serif"):
        page.evaluate("(f) => document.documentElement.style.setProperty('--font', f)", letters)
        found += checks.sideways_scroll(page) + checks.steps_out_of_sight(page)
    page.evaluate("() => document.documentElement.style.removeProperty('--font')")
    return found


def _height(page: Page) -> int:
    return max(844, int(page.evaluate("document.documentElement.scrollHeight")) + 1)


@each_page
def test_it_stands_without_script(
    looked_at: JourneyPage, path: str, window_without_script: Window, cookies: dict[str, str]
) -> None:
    with window_without_script.looking_at(path, cookies, looked_at.status) as page:
        expect(page.locator("main h1")).to_have_count(1)
        assert page.locator("main").inner_text().strip()


def test_screenshots(visit: Visit, cast: Cast, pytestconfig: pytest.Config) -> None:
    """Pictures of the pages for the docs, when asked: `script/shots`."""
    folder = pytestconfig.getoption("--shots")
    if folder is None:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for looked_at in PAGES:
        if not looked_at.in_docs:
            continue
        for width, scheme in SHOTS:
            path = (
                looked_at.path.format(**cast.places()) if "{" in looked_at.path else looked_at.path
            )
            page = visit(
                path, role=looked_at.role, width=width, scheme=scheme, status=looked_at.status
            )
            page.reload()  # the letters are in the cache now: with an empty one the stand-in may be drawn
            page.evaluate("() => document.fonts.ready.then(() => true)")
            page.screenshot(
                path=Path(folder) / f"{looked_at.name}-{scheme}-{width}.png", animations="disabled"
            )


def test_only_known_roles_look() -> None:
    known = {"", "patient", "nurse", "prescriber", "therapist", "front-desk", "director", "researcher", "administrator"}  # fmt: skip
    assert {page.role for page in PAGES} <= known
    names = [page.name for page in PAGES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in names)
