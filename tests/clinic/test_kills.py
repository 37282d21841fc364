"""`kill -9` of the real server during writes: nothing acknowledged is lost, nothing is half written or written twice."""

import json
import os
from collections.abc import Iterator

import psycopg
import pytest
from tests.installation import Installation
from tests.kills.harness import CHECK, Tally, kill_while_writing, what_went_wrong


@pytest.fixture(autouse=True)
def _waits_for_the_disk() -> Iterator[None]:
    """The tests' PostgreSQL does not, to be quick; here it does, as anywhere else."""
    server = os.environ.get("DATABASE_URL", "")
    if server:
        _alter(server, "ALTER SYSTEM RESET fsync")
    yield
    if server:
        _alter(server, "ALTER SYSTEM SET fsync = off")


def _alter(server_url: str, statement: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(statement)  # type: ignore[arg-type]
        server.execute("SELECT pg_reload_conf()")


def test_twenty_kills_lose_nothing_that_was_acknowledged(installation: Installation) -> None:
    tally = kill_while_writing(installation, kills=20, seed=11)
    kept = json.loads(installation.python(CHECK))
    assert what_went_wrong(tally, kept) == []
    assert tally.kills == 20
    assert len(tally.acknowledged) >= 100
    assert tally.answered_late, "some writes were cut off and repeated with the same id"


def test_the_check_itself_sees_what_is_lost_doubled_or_half() -> None:
    whole = {table: ["a", "b"] for table in ("patients", "jobs", "own", "clinic")} | {"broken": []}
    assert what_went_wrong(Tally(acknowledged=["a"], unanswered=["b"]), whole) == []
    assert what_went_wrong(Tally(acknowledged=["a", "c"], unanswered=["b"]), whole) == ["lost: c"]
    assert what_went_wrong(Tally(acknowledged=["a"]), whole) == ["never sent: b"]
    for wrong in (["a"], ["a", "b", "b"]):
        found = what_went_wrong(Tally(acknowledged=["a", "b"]), whole | {"jobs": wrong})
        assert found == ["half a write, or one twice: jobs"]
    assert what_went_wrong(Tally(acknowledged=["a", "b"]), whole | {"broken": ["x"]}) == ["x"]


def test_what_is_acknowledged_is_synced_to_the_disk(installation: Installation) -> None:
    """A kill does not test the disk, only the setting that has every commit wait for it does."""
    asked = (
        ["PRAGMA synchronous"]
        if installation.is_sqlite
        else ["SHOW synchronous_commit", "SHOW fsync"]
    )
    answer = installation.python(
        f"""
        from django.db import connection
        with connection.cursor() as cursor:
            for asked in {asked}:
                cursor.execute(asked)
                print(cursor.fetchone()[0])
        """
    )
    assert answer.split() == (["2"] if installation.is_sqlite else ["on", "on"])
