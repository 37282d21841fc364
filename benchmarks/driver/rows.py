"""Rows into a table in bulk, on either database: `executemany` on SQLite, `COPY` on PostgreSQL. No page, no action."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection, models

AT_ONCE = 20_000


Change = Callable[[Any], Any] | None


def _sqlite(field: Any) -> Change:
    kind = (
        field.target_field.get_internal_type() if field.is_relation else field.get_internal_type()
    )
    return {
        "UUIDField": lambda value: value.hex,
        "DateTimeField": lambda value: str(value)[:-6],  # all are given in UTC
        "DateField": str,
        "TimeField": str,
        "DecimalField": str,
        "JSONField": json.dumps,
    }.get(kind)


def _postgresql(field: Any) -> Change:
    return json.dumps if field.get_internal_type() == "JSONField" else None


class Rows:
    """Rows of one model, kept until there are many. What is not given is the field's own default."""

    def __init__(self, model: type[models.Model]) -> None:
        serial = {"BigAutoField", "AutoField"}
        self.fields = [
            f for f in model._meta.concrete_fields if f.get_internal_type() not in serial
        ]
        self.table = model._meta.db_table
        self.defaults = {f.attname: f.get_default() for f in self.fields if f.name != "id"}
        change = _sqlite if connection.vendor == "sqlite" else _postgresql
        self.names = [f.attname for f in self.fields]
        self.changes = [(f.attname, how) for f in self.fields if (how := change(f)) is not None]
        self.waiting: list[tuple[Any, ...]] = []
        self.count = 0

    def add(self, **values: Any) -> None:
        row = self.defaults | values
        for name, change in self.changes:
            if row[name] is not None:
                row[name] = change(row[name])
        self.waiting.append(tuple([row[name] for name in self.names]))
        self.count += 1

    def write(self) -> None:
        if not self.waiting:
            return
        names = ", ".join(f'"{field.column}"' for field in self.fields)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                marks = ", ".join("?" * len(self.fields))
                insert = f'INSERT INTO "{self.table}" ({names}) VALUES ({marks})'
                cursor.connection.executemany(insert, self.waiting)
            else:
                with cursor.copy(f'COPY "{self.table}" ({names}) FROM STDIN') as copy:
                    for row in self.waiting:
                        copy.write_row(row)
        self.waiting.clear()
