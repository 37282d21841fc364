"""Public pages: requests a second and CPU, of pages that are the same for everyone and of the decision aid's own.

    script/bench public_pages [--database sqlite|postgresql|both] [--seconds 3] [--clients 8]

`longlight serve` runs with its default of two processes. A request is asked as a stranger's browser would ask it
(gzip, no cookie). Aims on 2 cores: 300 a second for pages equal for everyone, 120 for the aid's own. The client's
CPU is told apart, and "on 2 cores" is what two cores would give the server alone: 2000 ms by the CPU of a request.
Ends with 1 when an answer was wrong; never because of time.
"""

import argparse
import re
import sys
import urllib.parse
import urllib.request
from html import unescape
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.driver.serving import HEAD, Ask, Server, databases, served, yardstick  # noqa: E402
from tests.installation import Installation, install, uninstall  # noqa: E402

ALIKE = (
    ("home", "/", "Three ways"), ("compare", "/approaches/", "side by side"),
    ("an approach", "/approaches/medicine/", "</html>"), ("claims", "/approaches/claims/", "<svg"),
    ("conditions", "/approaches/conditions/", "</html>"), ("sources", "/sources/", "</html>"),
    ("money", "/money/", "</html>"), ("privacy", "/privacy/", "</html>"), ("crisis", "/crisis/", "988"),
    ("clinics, as they stand", "/clinics/", "Find a"), ("request, which clinic", "/request/", "Request an"),
)  # fmt: skip
ALIKE_AIM, AID_AIM = 300, 120
STEPS = ("start", "where", "safety", "values", "options", "check", "sure", "summary")


def aid_asks(port: int) -> list[Ask]:
    """Walks the aid once, a value chosen wherever one can be, and gives each step's form to be sent again."""
    found = [Ask("aid: what this is", "GET", "/choose/", holds='name="carried"')]
    page = _read(f"http://127.0.0.1:{port}/choose/")
    for step, following in pairwise(STEPS):
        form = {"carried": _value(page, "carried"), "step": step, "go": "next"}
        for name in set(re.findall(r'<input[^>]*type="radio"[^>]*name="([^"]+)"', page)):
            form[name] = _value(page, name)
        body = urllib.parse.urlencode(form)
        page = _read(f"http://127.0.0.1:{port}/choose/", body)
        assert f'value="{following}"' in page, f"the aid went from {step} to something else"
        found.append(
            Ask(f"aid: to {following}", "POST", "/choose/", holds='name="carried"', body=body)
        )
    return found


def _read(url: str, body: str | None = None) -> str:
    with urllib.request.urlopen(url, body.encode() if body else None, timeout=60) as answer:
        return str(answer.read().decode())


def _value(page: str, name: str) -> str:
    for tag in re.findall(r"<input[^>]*>", page):
        if f'name="{name}"' in tag and (value := re.search(r'value="([^"]*)"', tag)):
            return unescape(value.group(1))
    raise AssertionError(f"the page has no {name}")


def measure_all(server: Server, asked: argparse.Namespace) -> bool:
    print(f"{yardstick()}\n{HEAD}", flush=True)
    right = True
    alike = [Ask(name, "GET", path, holds=holds) for name, path, holds in ALIKE]
    for aim, asks in ((ALIKE_AIM, alike), (AID_AIM, aid_asks(server.port))):
        for ask in asks:
            server.measure([ask] * 2, 30, most=16)
            found = server.measure([ask] * asked.clients, asked.seconds, asked.requests)
            right &= not found.wrong
            alone = 2000 / max(0.001, found.each_ms(found.server_cpu_s + found.database_cpu_s))
            print(
                found.line(
                    f">= {aim}/s; on 2 cores {alone:.0f}/s: {'met' if alone >= aim else 'NOT met'}"
                ),
                flush=True,
            )
    return right


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--requests", type=int, default=0, help="at most so many by each client")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument(
        "--home", type=Path, help="an SQLite installation that is there, such as a demo's"
    )
    asked = parser.parse_args()
    right = True
    with databases("sqlite" if asked.home else asked.database) as each:
        for name, pid in each:
            installation = Installation(asked.home, "") if asked.home else install()
            if not asked.home:
                assert installation.command("demo").returncode == 0
            print(f"\n{name}", flush=True)
            with served(installation, pid) as server:
                right &= measure_all(server, asked)
            if not asked.home:
                uninstall(installation)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
