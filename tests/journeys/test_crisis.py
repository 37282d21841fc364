"""Help now: from any page in one step, without script, and without a connection."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect
from tests.journeys import checks

Visit = Callable[..., Page]


def test_it_opens_in_one_step_without_script_and_names_the_lines(visit: Visit) -> None:
    page = visit("/", width=390, script=False)
    page.get_by_role("link", name="Need help now?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You can talk to someone now")
    calls = page.locator(".call a")
    assert [calls.nth(i).get_attribute("href") for i in range(3)] == ["tel:988", "sms:988", "tel:911"]  # fmt: skip


def test_it_opens_without_a_connection_once_any_page_was_seen(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/money/")
    # The worker has kept the page when it rules this one.
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.set_offline(True)
    page.goto(f"{site}/crisis/")
    expect(page.locator('a[href="tel:988"]')).to_be_visible()
    # Drawn with its own style and letters, not bare.
    assert page.evaluate("document.fonts.check('16px \"Source Sans 3\"')")
    background = page.evaluate(
        "getComputedStyle(document.querySelector('.call a')).backgroundColor"
    )
    assert background == "rgb(138, 28, 74)"
    # Any other page leads there as well, instead of the browser's own error.
    page.goto(f"{site}/sources/")
    expect(page.locator('a[href="tel:988"]')).to_be_visible()
    context.close()


def test_the_worker_keeps_nothing_about_a_person(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/gallery/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = page.evaluate(
        """async () => {
          const all = [];
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys()) all.push(new URL(request.url).pathname);
          return all;
        }"""
    )
    assert kept
    assert all(path == "/crisis/" or path.startswith("/static/ui/") for path in kept)
    context.close()


def test_light_and_dark_are_chosen_without_script(visit: Visit) -> None:
    page = visit("/money/", script=False)
    page.get_by_role("button", name="dark").click()
    assert page.url.endswith("/money/")
    expect(page.locator("html")).to_have_class("theme-dark")
    expect(page.get_by_role("button", name="dark")).to_have_attribute("aria-pressed", "true")


def test_it_keeps_its_corner_when_our_letters_do_not_come(browser: Browser, site: str) -> None:
    for width in (320, 390):
        context = browser.new_context(viewport={"width": width, "height": 844})
        page = context.new_page()
        page.route("**/*.woff2", lambda route: route.abort())
        page.goto(f"{site}/gallery/")
        assert checks.help_is_missing(page) + checks.sideways_scroll(page) == []
        context.close()
