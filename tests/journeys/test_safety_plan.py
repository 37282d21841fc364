"""A safety plan in a real browser: read where it is kept, without a connection, only after its owner asked for it."""

from collections.abc import Callable

from playwright.sync_api import Browser, expect


def test_it_is_read_without_a_connection_only_when_its_owner_keeps_it_on_the_phone(
    browser: Browser, site: str, cookies_of: Callable[[str], dict[str, str]]
) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844})
    context.add_cookies(
        [
            {"name": name, "value": value, "url": site}
            for name, value in cookies_of("patient").items()
        ]
    )
    page = context.new_page()
    page.goto("/safety-plan/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # from now on the worker answers for the pages
    expect(page.get_by_text("Ana, my sister")).to_be_visible()
    context.set_offline(True)
    page.goto("/safety-plan/")
    expect(page.locator("h1")).to_have_text("You can talk to someone now")
    context.set_offline(False)
    page.goto("/safety-plan/")
    page.get_by_role("button", name="Keep it on this phone").click()
    expect(page.get_by_role("button", name="Remove it from this phone")).to_be_visible()
    context.set_offline(True)
    page.goto("/crisis/")
    page.get_by_role("link", name="My safety plan").click()
    expect(page.get_by_text("as this phone kept it")).to_be_visible()
    expect(page.get_by_role("link", name="Ana, my sister")).to_have_attribute(
        "href", "tel:2075550142"
    )
    expect(page.get_by_role("link", name="Leave this page quickly")).to_be_visible()
    context.set_offline(False)
    page.goto("/safety-plan/")
    page.get_by_role("button", name="Remove it from this phone").click()
    expect(page.get_by_role("button", name="Keep it on this phone")).to_be_visible()
    assert page.evaluate("caches.keys().then((names) => names.includes('plan-kept'))") is False
    context.close()
