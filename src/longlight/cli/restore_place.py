"""Where a backup is restored to: made ready beside what is there, and put in its place in one step, or not at all."""

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from longlight.cli.main import Refusal

# Rows that `longlight migrate` itself puts there: a database with nothing else is empty.
NOT_DATA = frozenset({"django_migrations", "django_content_type", "auth_permission", "django_site"})
PATIENCE_S = 2.0
STOP_FIRST = "Somebody is connected to the database: stop the server and the worker first."


def holds_data() -> bool:
    """Is there anything in the database that a restore would take away?"""
    from django.db import Error, connection

    try:
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                if table in NOT_DATA:
                    continue
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
                if cursor.fetchone() is not None:
                    return True
    except Error:
        raise Refusal(
            "The database does not answer: check DATABASE_URL, and that it runs."
        ) from None
    finally:
        connection.close()
    return False


@contextmanager
def new_place(*, keep_old: bool) -> Iterator[list[str]]:
    """Inside, the database is a new and empty one. It takes the old one's place when the block ends without an error.

    Gives a list that then says where the old one is kept, when it is.
    """
    from django.db import connection

    kept: list[str] = []
    beside = _beside_sqlite if connection.vendor == "sqlite" else _beside_postgresql
    with beside(kept, keep_old):
        yield kept


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%d_%H%M%S}"


@contextmanager
def _beside_sqlite(kept: list[str], keep_old: bool) -> Iterator[None]:
    from django.db import connection

    place = Path(str(connection.settings_dict["NAME"]))
    draft = place.with_name(f"{place.name}.restoring")
    _remove(draft)
    connection.close()
    connection.settings_dict["NAME"] = str(draft)
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file
        connection.close()
        with _nobody_else(place):
            if keep_old and place.exists():
                old = place.with_name(f"{place.name}.before-restore-{_stamp()}")
                os.link(place, old)
                kept.append(str(old))
            draft.replace(place)
            for suffix in ("-wal", "-shm"):
                place.with_name(place.name + suffix).unlink(missing_ok=True)
            _onto_disk(place.parent)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(place)
        _remove(draft)


@contextmanager
def _nobody_else(place: Path) -> Iterator[None]:
    """Holds the old database alone; whoever opens it afterwards opens the new one."""
    if not place.exists():
        yield
        return
    old = sqlite3.connect(place, timeout=2, isolation_level=None)
    try:
        # Leaving the write-ahead log needs the database for oneself, and puts everything into the one file.
        old.execute("PRAGMA journal_mode=DELETE")
        old.execute("BEGIN EXCLUSIVE")
        yield
    except sqlite3.OperationalError:
        raise Refusal(STOP_FIRST) from None
    finally:
        old.close()


@contextmanager
def _beside_postgresql(kept: list[str], keep_old: bool) -> Iterator[None]:
    """All in one transaction: PostgreSQL takes back whole tables as it takes back rows."""
    from django.db import connection, transaction

    _alone_on_postgresql()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.introspection.table_names(cursor):
            if keep_old:
                old = f"before_restore_{_stamp()}"
                cursor.execute(f'ALTER SCHEMA public RENAME TO "{old}"')
                kept.append(f"schema {old}")
            else:
                cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _alone_on_postgresql() -> None:
    """Refuse while others are connected. Connections that were just closed are given a moment to go."""
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["OPTIONS"].pop("pool", None)
    ends = time.monotonic() + PATIENCE_S
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if not cursor.fetchone()[0]:
                return
        if time.monotonic() > ends:
            raise Refusal(STOP_FIRST)
        time.sleep(0.1)


def _remove(draft: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal", ".lock"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def _onto_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def load_rows(models: dict[str, Any], tables: Any, read: Any) -> None:
    """Fill the new place: each table's rows as they were, in blocks."""
    from django.core.management.color import no_style
    from django.db import connection, transaction

    from longlight.cli.backup_file import from_json

    with transaction.atomic():
        with click.progressbar(tables, label="restoring", file=sys.stderr) as bar:
            for entry in bar:
                model = models[entry.table]
                model._base_manager.all()._raw_delete(
                    connection.alias
                )  # what a migration put there itself
                fields = [model._meta.get_field(name) for name in _names(model, entry.columns)]
                for field in fields:
                    field.auto_now = field.auto_now_add = False
                block: list[Any] = []
                for row in read(entry):
                    values = zip(entry.columns, fields, row, strict=True)
                    block.append(
                        model(**{name: from_json(field, value) for name, field, value in values})
                    )
                    if len(block) == 500:
                        model._base_manager.bulk_create(block)
                        block = []
                model._base_manager.bulk_create(block)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
                cursor.execute(statement)


def _names(model: Any, columns: tuple[str, ...]) -> list[str]:
    by_column = {field.attname: field.name for field in model._meta.concrete_fields}
    return [by_column[column] for column in columns]
