"""Statements whose SQL is worked out once for each connection, and that are then asked with other values.

    memberships = Prepared(
        lambda account_id: Membership.objects.filter(account_id=account_id, is_active=True), account_id=UUID
    )
    memberships(account_id=account.id)  # a list, as the query set would give it

    keep_reading = PreparedInsert(Reading)
    keep_reading(Reading(...))  # as its `save` would write it

Django works a query out anew each time it is asked, which takes several times as long as the database needs to answer;
PostgreSQL plans it anew too. On most pages that is nothing; here stand the few things that every request and every
write asks. What a statement looks like must not depend on the values: a value is only put where it stood.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import getrandbits
from typing import Any, Generic, Self, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, QuerySet
from django.db.models.sql import InsertQuery

RowT = TypeVar("RowT")
ModelT = TypeVar("ModelT", bound=Model)
Value = UUID | datetime | str


@dataclass
class _Worked:
    """A query as one connection asks it. `names` says of each parameter which value it takes; None keeps it as it is."""

    queryset: QuerySet[Any, Any]
    compiler: Any  # Django's: it is asked for rows by the query set, and gives those that were fetched here
    sql: str
    parameters: tuple[object, ...]
    names: tuple[str | None, ...]


class Prepared(Generic[RowT]):
    """A query of named values, each of a type that is told: `UUID`, `datetime` or `str`."""

    def __init__(self, build: Callable[..., QuerySet[Any, RowT]], **types: type[Value]) -> None:
        self.build = build
        self.types = types

    def __call__(self, **values: Value) -> list[RowT]:
        """The rows. Raises `TypeError`, naming it, when a value is missing or of another type."""
        for name, kind in self.types.items():
            if not isinstance(values.get(name), kind):
                raise TypeError(name, kind)
        asked = connections[DEFAULT_DB_ALIAS]
        worked = self.worked(asked)
        put = {name: _adapted(value, asked) for name, value in values.items()}
        parameters = [
            kept if name is None else put[name]
            for kept, name in zip(worked.parameters, worked.names, strict=True)
        ]
        fetched = _fetched(asked, worked.sql, parameters)
        worked.compiler.execute_sql = lambda *_, **__: (fetched,)
        rows: Any = worked.queryset._iterable_class(worked.queryset)
        return list(rows)

    def first(self, **values: Value) -> RowT | None:
        """The first row, or None. The query itself says how many it gives at most."""
        return next(iter(self(**values)), None)

    def worked(self, asked: BaseDatabaseWrapper) -> _Worked:
        return _kept(asked, self, self._work_out)

    def _work_out(self, asked: BaseDatabaseWrapper) -> _Worked:
        marks = {name: _mark(kind) for name, kind in self.types.items()}
        queryset = self.build(**marks)
        compiler: Any = queryset.query.get_compiler(connection=asked)
        sql, parameters = compiler.as_sql()
        adapted = {name: _adapted(mark, asked) for name, mark in marks.items()}
        names = tuple(
            next((name for name, mark in adapted.items() if mark == parameter), None)
            for parameter in parameters
        )
        if set(names) - {None} != set(self.types):
            raise ValueError(sql, names)  # a value must stand in the query as it is given
        query: Any = queryset.query
        query.get_compiler = lambda *_, **__: compiler
        compiler.get_converters = _once(compiler.get_converters)
        return _Worked(queryset, compiler, sql, tuple(parameters), names)


class PreparedInsert(Generic[ModelT]):
    """A row of one model, written as its `save` would write it, but for the signals, to which nobody listens here."""

    def __init__(self, model: type[ModelT]) -> None:
        self.model = model

    def __call__(self, row: ModelT) -> ModelT:
        """The row, now kept, with the key that the database gave it."""
        asked = connections[DEFAULT_DB_ALIAS]
        sql, fields = _kept(asked, self, self._work_out)
        values = [field.get_db_prep_save(field.pre_save(row, True), asked) for field in fields]
        ((key,),) = _fetched(asked, sql, values)
        row.pk = self.model._meta.pk.to_python(key)
        row._state.adding, row._state.db = False, asked.alias
        return row

    def _work_out(self, asked: BaseDatabaseWrapper) -> "tuple[str, list[Field[Any, Any]]]":
        meta = self.model._meta
        fields = [field for field in meta.local_concrete_fields if field is not meta.auto_field]
        query = InsertQuery(self.model)
        query.insert_values(fields, [self.model()])
        compiler: Any = query.get_compiler(connection=asked)
        compiler.returning_fields = [meta.pk]
        ((sql, _parameters),) = compiler.as_sql()
        return sql, fields


def changed(sql: str, values: Sequence[object]) -> int:
    """How many rows a statement changed. It is written in words that both databases know, `%s` for each value."""
    with _cursor(connections[DEFAULT_DB_ALIAS]) as cursor:
        cursor.execute(sql, values)
        rows: int = cursor.rowcount
        return rows


KeptT = TypeVar("KeptT")


def _kept(
    asked: BaseDatabaseWrapper, by: object, work_out: Callable[[BaseDatabaseWrapper], KeptT]
) -> KeptT:
    # Kept on the connection, which is a thread's own: a compiler keeps what it is doing in itself.
    kept: dict[object, Any] = asked.__dict__.setdefault("_prepared", {})
    worked: KeptT | None = kept.get(by)
    if worked is None:
        worked = kept[by] = work_out(asked)
    return worked


def _once(convert: Callable[..., Any]) -> Callable[..., Any]:
    """The converters of a query's columns, found out once."""
    found: list[Any] = []

    def converters(columns: Sequence[Any]) -> Any:
        if not found:
            found.append(convert(columns))
        return found[0]

    return converters


def _fetched(asked: BaseDatabaseWrapper, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with _cursor(asked) as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


@contextmanager
def _cursor(asked: BaseDatabaseWrapper) -> Iterator[Any]:
    """The driver's own cursor, within Django's: errors, broken transactions and the log of queries are as always.

    PostgreSQL plans a statement that it was given to keep once; Django's cursor gives it each one as a new text.
    """
    asked.ensure_connection()
    cursor = _cursors(asked.vendor)(asked.connection)
    with asked._prepare_cursor(cursor) as wrapped:  # type: ignore[attr-defined]
        yield wrapped


@lru_cache
def _cursors(vendor: str) -> Callable[[Any], Any]:
    """How a cursor of this kind of database is made. Its driver is loaded only where it is used."""
    if vendor == "sqlite":
        return _MarkedCursor
    from psycopg import Cursor

    class KeepingCursor(Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            return super().execute(query, params, **{**options, "prepare": True})

        def _convert_query(self, query: Any, params: Any = None) -> Any:
            # Django's log of queries reads it here; the driver itself leaves it out for a statement that is kept.
            self._query = super()._convert_query(query, params)
            return self._query

    return KeepingCursor


class _MarkedCursor(sqlite3.Cursor):
    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        return super().execute(_question_marked(sql), parameters)


@lru_cache(maxsize=256)
def _question_marked(sql: str) -> str:
    """SQLite's driver has question marks where Django has `%s`."""
    return sql % (("?",) * sql.count("%s"))


def _mark(kind: type[Value]) -> Value:
    """A value that stands nowhere else in the query, by which its places are found."""
    if kind is UUID:
        return uuid4()
    if kind is datetime:
        return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=getrandbits(48))
    return uuid4().hex


def _adapted(value: Value, to: BaseDatabaseWrapper) -> object:
    """The value as the database's driver is given it."""
    if isinstance(value, UUID):
        return value if to.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return to.ops.adapt_datetimefield_value(value)
    return value
