"""Triggers that refuse what must not happen to a table, in both databases' words. Used by the `_guards` migrations."""

from collections.abc import Sequence

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CORRECTION_COLUMNS = (
    "status",
    "successor_id",
    "correction_reason",
    "corrected_at",
    "corrected_by_id",
    "corrected_by_name",
)


class WithoutModels(migrations.RunPython):
    """Statements alone: `RunPython` draws up every model of the project first, which takes a second each time."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:  # type: ignore[no-untyped-def]
        self.code(None, schema_editor)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:  # type: ignore[no-untyped-def]
        self.reverse_code(None, schema_editor)


def append_only(table: str) -> WithoutModels:
    """Rows may be added, and that is all."""

    def forwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
        _refuse(schema, table, "update", "UPDATE")
        _refuse(schema, table, "delete", "DELETE")

    return WithoutModels(forwards, _backwards(table, "update", "delete"))


def never_deleted(table: str) -> WithoutModels:
    """Rows may be added and changed, not deleted."""

    def forwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
        _refuse(schema, table, "delete", "DELETE")

    return WithoutModels(forwards, _backwards(table, "delete"))


def append_only_but(table: str, *, filled_later: Sequence[str]) -> WithoutModels:
    """Rows may be added; a column of `filled_later` may be empty first, and is filled once."""

    def forwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
        with schema.connection.cursor() as cursor:
            known = schema.connection.introspection.get_table_description(cursor, table)
        columns = [column.name for column in known if column.name not in filled_later]
        for column in filled_later:
            _refuse(schema, table, column, _update_of([column]), f'OLD."{column}" IS NOT NULL')
        _refuse(schema, table, "update", _update_of(columns))
        _refuse(schema, table, "delete", "DELETE")

    return WithoutModels(forwards, _backwards(table, *filled_later, "update", "delete"))


def lifted(table: str) -> WithoutModels:
    """Take `never_deleted` off, where SQLite is about to build the table anew and would lose it. Put it on again after."""

    def forwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
        _backwards(table, "delete")(apps, schema)

    def backwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
        _refuse(schema, table, "delete", "DELETE")

    return WithoutModels(forwards, backwards)


def guard_facts(table: str, *, filled_later: Sequence[str] = ()) -> WithoutModels:
    """Rows may be added and marked as corrected (once); what they say is never changed, nor are they deleted.

    Columns in `filled_later` (when a dose ended) may be empty first, and are filled once.
    """

    def forwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
        with schema.connection.cursor() as cursor:
            columns = [
                column.name
                for column in schema.connection.introspection.get_table_description(cursor, table)
                if column.name not in (*CORRECTION_COLUMNS, *filled_later)
            ]
        for column in filled_later:
            is_filled = f"OLD.\"{column}\" IS NOT NULL AND CAST(OLD.\"{column}\" AS TEXT) <> ''"
            _refuse(schema, table, column, _update_of([column]), is_filled)
        _refuse(schema, table, "update", _update_of(columns))
        _refuse(schema, table, "again", _update_of(CORRECTION_COLUMNS), "OLD.status <> 'final'")
        _refuse(schema, table, "delete", "DELETE")

    return WithoutModels(forwards, _backwards(table, *filled_later, "update", "again", "delete"))


def guard_columns(table: str, name: str, columns: Sequence[str]) -> WithoutModels:
    """Columns that a guarded table of facts got later are never changed either."""

    def forwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
        _refuse(schema, table, name, _update_of(columns))

    return WithoutModels(forwards, _backwards(table, name))


def _update_of(columns: Sequence[str]) -> str:
    return "UPDATE OF " + ", ".join(f'"{column}"' for column in columns)


def _refuse(
    schema: BaseDatabaseSchemaEditor, table: str, name: str, what: str, when: str = ""
) -> None:
    trigger = f"{table}_refuse_{name}"
    sentence = f"{table} is never changed this way ({name})"
    condition = f" WHEN ({when})" if when else ""
    if schema.connection.vendor == "sqlite":
        schema.execute(
            f'CREATE TRIGGER "{trigger}" BEFORE {what} ON "{table}"{condition} '
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        return
    schema.execute(
        "CREATE OR REPLACE FUNCTION longlight_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION USING ERRCODE = 'restrict_violation', "
        "MESSAGE = TG_TABLE_NAME || ' is never changed this way (' || TG_ARGV[0] || ')'; END $$"
    )
    schema.execute(
        f'CREATE TRIGGER "{trigger}" BEFORE {what} ON "{table}" FOR EACH ROW{condition} '
        f"EXECUTE FUNCTION longlight_refuse('{name}')"
    )


def _backwards(table: str, *names: str):  # type: ignore[no-untyped-def]
    def backwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
        place = "" if schema.connection.vendor == "sqlite" else f' ON "{table}"'
        for name in names:
            schema.execute(f'DROP TRIGGER "{table}_refuse_{name}"{place}')

    return backwards
