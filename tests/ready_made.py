"""Migrated databases, made once and copied: migrating takes 6 s of CPU, and the suite wants some forty databases.

The SQLite one lies in the virtual environment under the hash of what it is made from, so it serves later runs too; the
PostgreSQL one lives as long as the tests' server.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(sys.prefix) / "ready-made"
_LOCK = 20250  # any number that nobody else locks on the tests' server


def sqlite_file() -> Path:
    """The file to copy; migrated by `longlight migrate` if there is none yet."""
    kept = FOLDER / f"{_made_from()}.sqlite3"
    with locked(kept.with_suffix(".lock")):
        if not kept.exists():
            home = Path(tempfile.mkdtemp(prefix="longlight-ready-made-", dir="/tmp"))
            _run("migrate", home=home)
            with sqlite3.connect(home / "longlight.sqlite3") as made:
                made.execute("PRAGMA journal_mode = DELETE")  # one file, whatever happens
            made.close()
            for old in FOLDER.glob("*.sqlite3"):
                old.unlink()
            shutil.move(home / "longlight.sqlite3", kept)
            shutil.rmtree(home)
    return kept


def postgresql_database(server_url: str, name: str = "") -> str:
    """A new migrated database on this server: its URL."""
    name = name or f"installation_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = 'ready_made'").fetchone()
        if found is None:
            server.execute("DROP DATABASE IF EXISTS half_made")
            server.execute("CREATE DATABASE half_made")
            home = Path(tempfile.mkdtemp(prefix="longlight-ready-made-", dir="/tmp"))
            _run("migrate", home=home, database_url=at_database(server_url, "half_made"))
            shutil.rmtree(home)
            server.execute("ALTER DATABASE half_made RENAME TO ready_made")
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE ready_made')  # type: ignore[arg-type]
    return at_database(server_url, name)


def demo_home() -> Path:
    """A copy of a home in which `longlight demo` has run, with what it printed in `demo.txt`: made once for all lanes."""
    made_from = f"{_sum_of([*(ROOT / 'src').rglob('*.*')])}-{datetime.now(UTC).date()}"
    kept = FOLDER / f"demo-{made_from}"
    with locked(FOLDER / "demo.lock"):
        if not kept.exists():
            for old in FOLDER.glob("demo-*"):
                shutil.rmtree(old)
            home = Path(tempfile.mkdtemp(prefix="longlight-ready-made-", dir="/tmp"))
            shutil.copyfile(sqlite_file(), home / "longlight.sqlite3")
            printed = _run("demo", home=home)
            (home / "demo.txt").write_text(printed, encoding="utf-8")
            shutil.move(home, kept)
        home = Path(tempfile.mkdtemp(prefix="longlight-installation-", dir="/tmp"))
        return Path(shutil.copytree(kept, home, dirs_exist_ok=True))


def at_database(server_url: str, name: str) -> str:
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


def _run(*arguments: str, home: Path, database_url: str = "") -> str:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environ |= {"LONGLIGHT_HOME": str(home), "DJANGO_SETTINGS_MODULE": "longlight.server.settings"}
    environ |= {"DATABASE_URL": database_url} if database_url else {}
    done = subprocess.run(
        [sys.executable, "-m", "longlight", *arguments],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def _made_from() -> str:
    """The migrations, the models whose names Django lists in a table, and the libraries' migrations by their pins."""
    clinic = ROOT / "src/longlight/clinic"
    sources = [*clinic.glob("migrations/*.py"), *clinic.rglob("models*.py")]
    return _sum_of([*sources, *clinic.glob("*/models/*.py")])


def _sum_of(sources: list[Path]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for source in sorted({*sources, ROOT / "requirements/dev.txt"}):
        if source.is_file() and source.suffix != ".pyc":
            digest.update(str(source.relative_to(ROOT)).encode() + source.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; the others wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
