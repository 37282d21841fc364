"""A whole installation of its own for a test: a home folder, a real database file or PostgreSQL database, and commands."""

import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from tests import warm
from tests.ready_made import at_database, postgresql_database, sqlite_file

PATIENCE_S = 600
PREAMBLE = "import sys, django; django.setup()\n"


@dataclass(frozen=True)
class Installation:
    home: Path
    database_url: str

    @property
    def is_sqlite(self) -> bool:
        return not self.database_url

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        extra = {
            "LONGLIGHT_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "longlight.server.settings",
        }
        if self.database_url:
            extra["DATABASE_URL"] = self.database_url
        return kept | extra

    def command(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        """Run `longlight …` and wait for it. With options for its process, that is started from nothing."""
        if not options:
            return warm.run(["-m", "longlight", *arguments], self.environ, PATIENCE_S)
        return subprocess.run(
            [sys.executable, "-m", "longlight", *arguments],
            env=self.environ, capture_output=True, text=True, timeout=PATIENCE_S, check=False, **options,
        )  # fmt: skip

    def start(self, *arguments: str, **options) -> subprocess.Popen[str]:
        """Start `longlight …` and leave it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "longlight", *arguments], env=self.environ, text=True, **options
        )

    def start_python(self, code: str, *arguments: str, **options) -> subprocess.Popen[str]:
        """Start Python code inside this installation, Django set up."""
        return subprocess.Popen(
            [sys.executable, "-c", PREAMBLE + textwrap.dedent(code), *arguments],
            env=self.environ, text=True, stdout=subprocess.PIPE, **options,
        )  # fmt: skip

    def python(self, code: str, *arguments: str) -> str:
        """Run Python code inside this installation and give what it printed."""
        done = warm.run(
            ["-c", PREAMBLE + textwrap.dedent(code), *arguments], self.environ, PATIENCE_S
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


def install(*, migrate: bool = True) -> Installation:
    """A new installation. `DATABASE_URL` of the test run says on which server its PostgreSQL database is made."""
    home = Path(tempfile.mkdtemp(prefix="longlight-installation-", dir="/tmp"))
    server = os.environ.get("DATABASE_URL", "")
    if not migrate:
        return Installation(home, _empty_database(server) if server else "")
    if server:
        return Installation(home, postgresql_database(server))
    shutil.copyfile(sqlite_file(), home / "longlight.sqlite3")
    return Installation(home, "")


def uninstall(installation: Installation) -> None:
    shutil.rmtree(installation.home, ignore_errors=True)
    if installation.database_url:
        name = urlsplit(installation.database_url).path.lstrip("/")
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def _empty_database(server_url: str) -> str:
    name = f"installation_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    return at_database(server_url, name)
