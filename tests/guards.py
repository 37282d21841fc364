"""Lifts the triggers that guard the record: to empty a test database, or to do what an intruder would do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def guards_lifted() -> Iterator[None]:
    with connection.cursor() as cursor:
        lift, restore = _lift_and_restore(cursor)
        for statement in lift:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in restore:
                cursor.execute(statement)


def _lift_and_restore(cursor) -> tuple[list[str], list[str]]:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        return [f'DROP TRIGGER "{name}"' for name, _ in triggers], [sql for _, sql in triggers]
    cursor.execute(
        "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_schema = 'public'"
    )
    tables = [name for (name,) in cursor.fetchall()]
    return (
        [f'ALTER TABLE "{table}" DISABLE TRIGGER USER' for table in tables],
        [f'ALTER TABLE "{table}" ENABLE TRIGGER USER' for table in tables],
    )
