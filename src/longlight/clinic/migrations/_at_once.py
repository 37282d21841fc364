"""Many operations of one migration whose models are drawn up once: Django does so anew for each, and takes its time."""

from collections.abc import Sequence

from django.db import migrations
from django.db.migrations.operations.base import Operation


class _AtOnce(Operation):
    """The state is told every operation, and its models are drawn up when they are next asked for."""

    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return type(self).__qualname__, [], {"operations": self.operations}

    def state_forwards(self, app_label, state) -> None:  # type: ignore[no-untyped-def]
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)


class MadeAtOnce(_AtOnce):
    """New tables with all that a migration adds to them afterwards, made from what they come to in the end.

    Every operation must be on a table that this one makes.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        super().__init__(operations)
        self.made = [each for each in operations if isinstance(each, migrations.CreateModel)]
        new = {each.name.lower() for each in self.made}
        late = [each for each in operations if each not in self.made]
        if any(each.model_name.lower() not in new for each in late):
            raise ValueError("What is made at once holds an operation on a table that was there before.")

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:  # type: ignore[no-untyped-def]
        for operation in self.made:
            model = to_state.apps.get_model(app_label, operation.name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:  # type: ignore[no-untyped-def]
        for operation in reversed(self.made):
            model = from_state.apps.get_model(app_label, operation.name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.delete_model(model)

    def describe(self) -> str:
        return f"Make {len(self.made)} tables"


class EmptyColumns(_AtOnce):
    """New columns of one table that may be empty and have no default: either database adds such a column as it stands."""

    def __init__(self, operations: Sequence[migrations.AddField]) -> None:
        super().__init__(operations)
        if any(not each.field.null or each.field.has_default() for each in operations):
            raise ValueError("A column that has a default, or may not be empty, is added by itself.")

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:  # type: ignore[no-untyped-def]
        for each in self.operations:
            model = to_state.apps.get_model(app_label, each.model_name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.add_field(model, model._meta.get_field(each.name))

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:  # type: ignore[no-untyped-def]
        for each in reversed(self.operations):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Add {len(self.operations)} columns"
