"""One window for all pages that are only looked at: emptied before each, which costs a third of opening a new one.

A new window starts a process that has to read and warm up everything again, axe-core first of all. What matters of a
new window is kept: no cookie, no cache, nothing stored by an earlier page.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page
from tests.journeys.conftest import PATIENCE_S, Watch

_KEEPS_ROWS = "() => location.protocol.startsWith('http') && indexedDB.databases().then((all) => all.length > 0)"
PHONE = {"width": 390, "height": 844}


class Window:
    """A phone in a browser. `script=False` is one that runs no scripts."""

    def __init__(self, browser: Browser, site: str, *, script: bool) -> None:
        self.site, self.script = site, script
        self.context = browser.new_context(
            viewport=PHONE,  # type: ignore[arg-type]
            reduced_motion="reduce",
            java_script_enabled=script,
            is_mobile=True,
            has_touch=True,
        )
        self.context.set_default_timeout(PATIENCE_S * 1000)
        # What a page writes as it is left would stand in the next one's way.
        self.context.add_init_script("try { sessionStorage.clear() } catch {}")
        self.page = self.context.new_page()
        self.developer = self.context.new_cdp_session(self.page)
        self.watch = Watch(site)
        self.watch.follow(self.page)

    @contextmanager
    def looking_at(self, path: str, cookies: dict[str, str], status: int) -> Iterator[Page]:
        """The page as it comes the first time. Fails as `visit` does, on whatever went wrong meanwhile."""
        self._leave()
        self.context.clear_cookies()
        if self.script:
            self._empty()
        if cookies:
            self.context.add_cookies(
                [
                    {"name": name, "value": value, "url": self.site}
                    for name, value in cookies.items()
                ]
            )
        self.watch.begin({200, status})
        answer = self.page.goto(f"{self.site}{path}")
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        if self.script:
            self._settle()
        yield self.page
        assert self.watch.problems == [], self.watch.problems

    def _leave(self) -> None:
        """The page before asks nothing more: one that asks again and again would be told that nobody is signed in.

        One that keeps rows in a database is left for another of the site, lest it miss them as they are emptied.
        """
        keeps_rows = self.script and self.page.evaluate(_KEEPS_ROWS)
        self.page.goto(f"{self.site}/healthz" if keeps_rows else "about:blank")

    def _empty(self) -> None:
        """Nothing is left of the page before."""
        everything = {"origin": self.site, "storageTypes": "all"}
        self.developer.send("Storage.clearDataForOrigin", everything)
        self.developer.send("Network.clearBrowserCache")
        for is_off in (True, False):  # and what the page's process holds in memory
            self.developer.send("Network.setCacheDisabled", {"cacheDisabled": is_off})
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    def _settle(self) -> None:
        """Until the letters are there, and nothing that the page asked for is still on its way."""
        self.page.evaluate("() => document.fonts.ready.then(() => true)")
        for _ in range(PATIENCE_S * 200):
            if not self.watch.on_their_way:
                return
            self.page.wait_for_timeout(5)
        raise AssertionError(f"never answered: {[each.url for each in self.watch.on_their_way]}")
