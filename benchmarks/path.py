"""The pages that a clinic opens all day: p50, p99, requests and CPU, 1 and 4 clients, on each database.

    script/bench path [--database sqlite|postgresql|both] [--seconds 4]
    script/bench path --patients 20000 --observations 5000000    the same pages in a large clinic
    script/bench path --home FOLDER --patients 20000 ...         load once, measure again and again
    script/bench path --serve sqlite                             load and serve, print the requests, wait for Ctrl-C

What is asked, with access and audit on: register a patient, store one row of signs, list 1,000 observations of one
patient (as JSON, as a page), open the board with 60 visits today, open a chart with two years of history whose
figures were drawn before. `longlight serve` runs as anybody would run it; each client is a process of its own and
keeps its connection. Ends with 1 when an answer was wrong or the audit trail is not whole; never because of time.
"""

import argparse
import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


from benchmarks.driver.serving import (  # noqa: E402
    CSRF,
    HEAD,
    Ask,
    Measured,
    Server,
    databases,
    served,
    yardstick,
)
from tests.installation import Installation, install, uninstall  # noqa: E402

LARGE_PATIENTS = 20_000
# p50 at one client; a large clinic may take twice as long.
AIMS_MS = {
    "register a patient": 20, "store one row of signs": 10, "1,000 observations, JSON": 30,
    "1,000 observations, page": 120, "board, 60 visits": 80, "chart, two years": 120,
}  # fmt: skip


def run(installation: Installation, *arguments: str) -> str:
    """A module of Python inside the installation; what it printed last."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], env=installation.environ, cwd=ROOT, text=True,
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return (done.stdout.splitlines() or [""])[-1]


def load(installation: Installation, patients: int, observations: int) -> dict[str, Any]:
    """A clinic in bulk (see `driver/clinic.py`), or the one that is there; everybody signed in anew."""
    kept = installation.home / "loaded.json"
    if not kept.exists():
        run(installation, "longlight", "migrate")
        sizes = ("--patients", str(patients), "--observations", str(observations))
        run(installation, "benchmarks.driver.clinic", *sizes)
    loaded: dict[str, Any] = json.loads(kept.read_text())
    loaded["sessions"] = json.loads(run(installation, "benchmarks.driver.clinic", "--sessions"))
    return loaded


def asks(loaded: dict[str, Any], who: str, place: int) -> list[Ask]:
    """The six things, as this person asks them. Signs are taken at a chair of their own."""
    session, long = loaded["sessions"][who], loaded["long"]
    here = f"/dosing/{loaded['watched'][place]}/"
    token = f"csrfmiddlewaretoken={CSRF}"
    signs = "systolic_mmhg=126&diastolic_mmhg=78&heart_rate_bpm=72&oxygen_saturation_percent=98&breaths_per_min=14"
    register = f"{token}&id={{uuid}}&number=B{{n}}&name=Made+Up+{{n}}&birth_date=1980-05-17"
    return [
        Ask("register a patient", "POST", "/patients/new/", 302, "/patients/", register, session),
        Ask("store one row of signs", "POST", f"{here}reading", 302, here, f"{token}&key={{uuid}}&{signs}", session),
        Ask("1,000 observations, JSON", "GET", f"/patients/{long}/observations.json?limit=1000",
            holds='"next":"/patients/', session=session),
        Ask("1,000 observations, page", "GET", f"/patients/{long}/observations/?limit=1000", holds="</table>", session=session),
        Ask("board, 60 visits", "GET", "/board/", holds="LL-", session=session),
        Ask("chart, two years", "GET", f"/patients/{long}/", holds="<svg", session=session),
    ]  # fmt: skip


def measure_all(
    server: Server, loaded: dict[str, Any], asked: argparse.Namespace, factor: int
) -> bool:
    print(f"{yardstick()}\n{HEAD}", flush=True)
    nurses = ["nurse", "nurse-2", "nurse-3", "nurse-4"]
    by_who = [asks(loaded, who, place) for place, who in enumerate(nurses)]
    right = True
    for place, first in enumerate(by_who[0]):
        server.measure([first], 30, most=4)  # the process is warm, the figure is drawn
        for clients in (1, 4):
            found = server.measure(
                [each[place] for each in by_who[:clients]], asked.seconds, asked.requests
            )
            right &= not found.wrong
            print(found.line(_aim(found, factor)), flush=True)
    return right


def _aim(found: Measured, factor: int) -> str:
    if found.clients == 1:
        most = AIMS_MS[found.ask.name] * factor
        return f"p50 <= {most}: {'met' if found.quantile_ms(50) <= most else 'NOT met'}"
    if found.ask.name == "store one row of signs" and factor == 1:
        met = found.quantile_ms(99) <= 100 and found.a_second >= 120
        return f"p99 <= 100, >= 120/s: {'met' if met else 'NOT met'}"
    return ""


def is_whole(installation: Installation) -> bool:
    """Every chain, after everything that was written."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "longlight", "audit", "verify"], env=installation.environ, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    print(
        f"{(done.stdout + done.stderr).strip()} ({time.perf_counter() - begun:.0f} s)", flush=True
    )
    return done.returncode == 0


def serve_until_stopped(server: Server, loaded: dict[str, Any]) -> None:
    """The requests as anybody may repeat them."""
    for ask in asks(loaded, "nurse", 0):
        print(f"\n# {ask.name}\n{ask.curl(server.port)}")
        if ask.method == "GET":
            headers = " ".join(f"-H '{header}'" for header in ask.headers())
            print(f"wrk -t1 -c4 -d10 {headers} 'http://localhost:{server.port}{ask.path}'")
    print(
        "\nIn a body, {uuid} is a new UUID and {n} a new number each time. Ctrl-C ends it.",
        flush=True,
    )
    with contextlib.suppress(KeyboardInterrupt):
        server.process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--requests", type=int, default=0, help="at most so many by each client")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--observations", type=int, default=0)
    parser.add_argument("--serve", choices=["sqlite", "postgresql"])
    parser.add_argument(
        "--home", type=Path, help="an SQLite installation to load into and keep, or loaded before"
    )
    parser.add_argument(
        "--without-verify", action="store_true", help="leave the audit trail unchecked"
    )
    asked = parser.parse_args()
    right = True
    with databases("sqlite" if asked.home else asked.serve or asked.database) as each:
        for name, pid in each:
            installation = Installation(asked.home, "") if asked.home else install(migrate=False)
            loaded = load(installation, asked.patients, asked.observations)
            print(
                f"\n{name}: {loaded['patients']:,} patients, {loaded['observations']:,} observations, "
                f"{loaded['audit_rows']:,} audit rows, loaded in {loaded['seconds']:.0f} s",
                flush=True,
            )
            factor = 2 if loaded["patients"] >= LARGE_PATIENTS else 1
            with served(installation, pid) as server:
                if asked.serve:
                    serve_until_stopped(server, loaded)
                else:
                    right &= measure_all(server, loaded, asked, factor)
            if not asked.serve and not asked.without_verify:
                right &= is_whole(installation)
            if not asked.home:
                uninstall(installation)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
