"""What is made at once is what Django makes operation by operation."""

from collections.abc import Sequence

import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from longlight.clinic.migrations._at_once import EmptyColumns, MadeAtOnce

ID = ("id", models.BigAutoField(primary_key=True))
TABLES: list[Operation] = [
    migrations.CreateModel("SampleDoor", [ID, ("name", models.CharField(max_length=20))]),
    migrations.CreateModel("SampleRoom", [ID, ("size_m2", models.IntegerField(default=1))]),
    migrations.AddField("sampledoor", "room", models.ForeignKey("clinic.SampleRoom", models.CASCADE)),
    migrations.AddIndex("sampleroom", models.Index(fields=["size_m2"], name="sample_rooms_by_size")),
    migrations.AddConstraint(
        "sampledoor", models.UniqueConstraint(fields=["room", "name"], name="one_sample_door_a_name")
    ),
]  # fmt: skip
COLUMNS = [
    migrations.AddField("sampleroom", "seen_on", models.DateField(null=True)),
    migrations.AddField("sampleroom", "color", models.CharField(max_length=9, null=True)),
]


def run(operations: Sequence[Operation]) -> tuple[object, object]:
    """What the tables look like after the operations, and what is left once they were undone."""
    states = [ProjectState()]
    for operation in operations:
        states.append(states[-1].clone())
        operation.state_forwards("clinic", states[-1])
        with connection.schema_editor() as editor:
            operation.database_forwards("clinic", editor, states[-2], states[-1])
    made = _look()
    for operation, after, before in reversed(
        list(zip(operations, states[1:], states, strict=False))
    ):
        with connection.schema_editor() as editor:
            operation.database_backwards("clinic", editor, after, before)
    return made, _look()


def _look() -> dict[str, object]:
    with connection.cursor() as cursor:
        introspection = connection.introspection
        tables = [
            name for name in introspection.table_names(cursor) if name.startswith("clinic_sample")
        ]
        return {
            name: (
                [tuple(column[:7]) for column in introspection.get_table_description(cursor, name)],
                sorted(
                    str(sorted(found.items()))
                    for found in introspection.get_constraints(cursor, name).values()
                ),
            )
            for name in tables
        }


@pytest.mark.django_db(transaction=True)
def test_at_once_comes_to_the_same_as_one_by_one_and_can_be_undone() -> None:
    one_by_one = run([*TABLES, *COLUMNS])
    at_once = run([MadeAtOnce(TABLES), EmptyColumns(COLUMNS)])
    assert at_once == one_by_one
    assert len(at_once[0]) == 2  # type: ignore[arg-type]
    assert at_once[1] == {}


def test_what_cannot_be_done_at_once_is_refused() -> None:
    with pytest.raises(ValueError, match="there before"):
        MadeAtOnce(TABLES[1:])
    with pytest.raises(ValueError, match="by itself"):
        EmptyColumns([migrations.AddField("sampleroom", "n", models.IntegerField(default=0))])
