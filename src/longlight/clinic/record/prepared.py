"""Queries whose SQL is worked out once for each connection, and that are then asked with other values.

    memberships = Prepared(
        lambda account_id: Membership.objects.filter(account_id=account_id, is_active=True), account_id=UUID
    )
    memberships(account_id=account.id)  # a list, as the query set would give it

Django works a query out anew each time it is asked, which takes several times as long as the database needs to answer.
On most pages that is nothing; here stand the few questions that every request and every write asks. What the query
looks like must not depend on the values: a value is only put where it stood.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import getrandbits
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

RowT = TypeVar("RowT")
Value = UUID | datetime | str


@dataclass
class _Worked:
    """A query as one connection asks it. `names` says of each parameter which value it takes; None keeps it as it is."""

    queryset: QuerySet[Any, Any]
    compiler: Any  # Django's, whose SQL is put in its place here
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
        worked = self._worked(asked)
        put = {name: _adapted(value, asked) for name, value in values.items()}
        parameters = tuple(
            kept if name is None else put[name]
            for kept, name in zip(worked.parameters, worked.names, strict=True)
        )
        worked.compiler.as_sql = lambda *_, **__: (worked.sql, parameters)
        rows: Any = worked.queryset._iterable_class(worked.queryset)
        return list(rows)

    def first(self, **values: Value) -> RowT | None:
        """The first row, or None. The query itself says how many it gives at most."""
        return next(iter(self(**values)), None)

    def _worked(self, asked: BaseDatabaseWrapper) -> _Worked:
        # Kept on the connection, which is a thread's own: a compiler keeps what it is doing in itself.
        kept: dict[Prepared[Any], _Worked] = asked.__dict__.setdefault("_prepared", {})
        worked = kept.get(self)
        if worked is None:
            worked = kept[self] = self._work_out(asked)
        return worked

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
        return _Worked(queryset, compiler, sql, tuple(parameters), names)


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
