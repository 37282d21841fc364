"""The browser lane: a real installation served as in production, and headless Chromium that looks at it.

Fixtures: `site` (an address), `visit` (opens a page as someone, and fails on console errors, refused content and
requests to other hosts), `cast` (who there is to be). Pages to look at stand in `pages.py`, checks in `checks.py`.
"""

import os
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from tests.installation import Installation, uninstall
from tests.journeys.cast import Cast
from tests.ready_made import demo_home

CHROMIUM = os.environ.get("LONGLIGHT_CHROMIUM", "/usr/bin/chromium")
# Chromium looks up names of its own; this lets it reach nobody but us.
QUIET = [
    "--disable-quic",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]
# Bounds for what hangs, not for a machine that is busy.
PATIENCE_S = 120
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shots", metavar="FOLDER", help="write screenshots of the pages here")


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """An installation that holds the demo: a copy for each worker."""
    made = Installation(demo_home(), "")
    yield made
    uninstall(made)


@pytest.fixture(scope="session")
def site(installation: Installation) -> Iterator[str]:
    """The address of an installation that holds the demo, served by `longlight serve`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (installation.home / "serve.log").open("w", encoding="utf-8")
    server = installation.start("serve", "--port", str(port), stdout=log, stderr=log)
    address = f"http://localhost:{port}"
    try:
        _wait_for(f"{address}/readyz", lambda: server.poll() is None, Path(log.name))
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def _wait_for(address: str, is_running: Callable[[], bool], log: Path) -> None:
    for _ in range(PATIENCE_S * 5):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
        if not is_running():
            break
    raise AssertionError(f"longlight serve did not come up: {log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def cast(installation: Installation, site: str) -> Cast:
    return Cast(installation, site)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        raise AssertionError(
            f"Chromium is missing at {CHROMIUM}: install it (Debian: apt-get install chromium), "
            "or name it in LONGLIGHT_CHROMIUM."
        )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@dataclass
class Watch:
    """What went wrong while a page was open, whatever the test looked at."""

    host: str
    statuses: set[int] = field(default_factory=lambda: {200})
    problems: list[str] = field(default_factory=list)
    answered: list[Request] = field(default_factory=list)
    on_their_way: set[Request] = field(default_factory=set)
    goes_offline: bool = False  # the test cuts the network, and the browser says so

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("requestfinished", self._finished)
        page.on("requestfailed", lambda request: self.on_their_way.discard(request))

    def begin(self, statuses: set[int]) -> None:
        """Another page in the same window."""
        self.statuses = statuses
        self.problems.clear()
        self.answered.clear()
        self.on_their_way.clear()

    def _console(self, message: ConsoleMessage) -> None:
        expected = any(f"status of {status} " in message.text for status in self.statuses - {200})
        expected |= self.goes_offline and "ERR_INTERNET_DISCONNECTED" in message.text
        if message.type in {"error", "warning"} and not expected:
            self.problems.append(f"console: {message.text} {message.location.get('url', '')}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.host, "data:", "blob:")):
            self.problems.append(f"a request left for {request.url}")
        self.on_their_way.add(request)

    def _finished(self, request: Request) -> None:
        self.answered.append(request)
        self.on_their_way.discard(request)

    def wire_bytes(self) -> int:
        """Bytes that came so far. Asked for here: within the event, the answer may come after the test has looked."""
        sizes = [request.sizes() for request in self.answered]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Open a page: `visit("/path/", role="nurse", width=390, scheme="dark", script=False)`.

    `status` says which answer is expected. At the end the test fails on console errors, content that the policy
    refused, and requests to other hosts.
    """
    opened: list[tuple[BrowserContext, Watch]] = []

    def go(
        path: str,
        *,
        role: str = "",
        width: int = 1280,
        scheme: str = "light",
        script: bool = True,
        status: int = 200,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 500 else 800},
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            java_script_enabled=script,
            is_mobile=width < 500,
            has_touch=width < 500,
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        if role:
            cookies = request.getfixturevalue("cookies_of")(role)
            context.add_cookies(
                [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
            )
        watch = Watch(site, {200, status})
        opened.append((context, watch))
        page = context.new_page()
        page.watch = watch  # type: ignore[attr-defined]
        watch.follow(page)
        answer = page.goto(f"{site}{path}")
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        return page

    yield go
    problems = [problem for _, watch in opened for problem in watch.problems]
    for context, _ in opened:
        context.close()
    assert problems == []


@pytest.fixture(scope="session")
def cookies_of(cast: Cast) -> Callable[[str], dict[str, str]]:
    """Cookies of someone in a role; signed in once for all tests."""
    known: dict[str, dict[str, str]] = {}

    def give(role: str) -> dict[str, str]:
        if role not in known:
            known[role] = cast.cookies(role)
        return known[role]

    return give
