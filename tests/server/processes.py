"""Starts the product as its administrator does, for tests that need a real server."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.ready_made import sqlite_file


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_longlight(
    *arguments: str, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "longlight", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@contextlib.contextmanager
def served(home: Path, port: int, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """`longlight migrate`, then `longlight serve`, until the block ends. Waits until it is ready.

    On SQLite a migrated file is laid there first: what `migrate` makes of nothing is the same file.
    """
    environment = {"LONGLIGHT_HOME": str(home), "LONGLIGHT_PORT": str(port), **variables}
    if not (os.environ | variables).get("DATABASE_URL") and not list(home.glob("*.sqlite3")):
        shutil.copyfile(sqlite_file(), home / "longlight.sqlite3")
    migrated = run_longlight("migrate", environment=environment)
    assert migrated.returncode == 0, migrated.stderr
    log = (home / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "longlight", "serve"],
        env=os.environ | environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_until_answering(f"http://127.0.0.1:{port}/healthz", process)
        yield process
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def wait_until_answering(url: str, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        assert process.poll() is None, "the server ended before it answered"
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer in {seconds} s")
