"""Nothing is booked twice, and what an appointment says is never edited: the databases themselves refuse it.

PostgreSQL: exclusion constraints. A chair's number becomes a range of one, since btree_gist is not everywhere; a
patient's id becomes a number by hashing. SQLite: triggers that look for an overlap. The constraints are the second
net: `schedule.actions` locks what it books first, so that nobody waits in a ring.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from longlight.clinic.migrations._guards import WithoutModels

HOLD, APPOINTMENT = "clinic_hold", "clinic_appointment"
LIVE = "('booked', 'arrived', 'fulfilled')"
FIXED = {
    HOLD: ("appointment_id", "resource_id", "start_at", "end_at"),
    APPOINTMENT: (
        "clinic_id", "called", "kind", "start_at", "end_at", "note",
        "booked_at", "booked_by_id", "booked_by_name", "moved_from_id",
    ),
}  # fmt: skip
HELD = {  # what may not overlap: table, whose, and when a row counts
    HOLD: ("resource_id", "NOT {row}is_released"),
    APPOINTMENT: ("patient_id", f"{{row}}patient_id IS NOT NULL AND {{row}}status IN {LIVE}"),
}


def forwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
    if schema.connection.vendor == "sqlite":
        _sqlite(schema)
    else:
        _postgresql(schema)


def _sqlite(schema: BaseDatabaseSchemaEditor) -> None:
    for table, (whose, counts) in HELD.items():
        other = f'SELECT 1 FROM "{table}" AS held WHERE held.{whose} = NEW.{whose} AND ' + (
            f"{counts.format(row='held.')} AND held.start_at < NEW.end_at AND held.end_at > NEW.start_at"
        )
        for what, itself in (("INSERT", ""), ("UPDATE", " AND held.id <> OLD.id")):
            schema.execute(
                f'CREATE TRIGGER "{table}_overlap_{what.lower()}" BEFORE {what} ON "{table}" '
                f"WHEN {counts.format(row='NEW.')} AND EXISTS ({other}{itself}) "
                f"BEGIN SELECT RAISE(ABORT, '{table}: taken at this time'); END"
            )
    for name, table, what, when in _refusals():
        schema.execute(
            f'CREATE TRIGGER "{name}" BEFORE {what} ON "{table}" WHEN {when} '
            f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )


def _postgresql(schema: BaseDatabaseSchemaEditor) -> None:
    numbers = {HOLD: "resource_id", APPOINTMENT: "hashtextextended(patient_id::text, 0)"}
    for table, (_, counts) in HELD.items():
        number = numbers[table]
        schema.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_overlap" EXCLUDE USING gist '
            f"(int8range({number}, {number}, '[]') WITH &&, tstzrange(start_at, end_at) WITH &&) "
            f"WHERE ({counts.format(row='')})"
        )
    schema.execute(
        "CREATE FUNCTION longlight_schedule_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'restrict_violation'; END $$",
        params=None,
    )
    for name, table, what, when in _refusals():
        schema.execute(
            f'CREATE TRIGGER "{name}" BEFORE {what} ON "{table}" FOR EACH ROW WHEN ({when}) '
            "EXECUTE FUNCTION longlight_schedule_refuse()"
        )


def _refusals() -> list[tuple[str, str, str, str]]:
    """Name, table, which writes, and when they are refused."""
    differs = " OR ".join
    found = [
        (
            f"{table}_keeps_what_it_says",
            table,
            "UPDATE",
            differs(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns),
        )
        for table, columns in FIXED.items()
    ]
    return [
        *found,
        (f"{HOLD}_is_never_deleted", HOLD, "DELETE", "1 = 1"),
        (f"{APPOINTMENT}_is_never_deleted", APPOINTMENT, "DELETE", "1 = 1"),
        (f"{HOLD}_stays_released", HOLD, "UPDATE", "OLD.is_released AND NOT NEW.is_released"),
        (
            f"{APPOINTMENT}_stays_ended",
            APPOINTMENT,
            "UPDATE",
            f"OLD.status NOT IN {LIVE} AND OLD.status <> NEW.status",
        ),
        (
            f"{APPOINTMENT}_patient_named_once",
            APPOINTMENT,
            "UPDATE",
            "OLD.patient_id IS NOT NULL AND OLD.patient_id IS DISTINCT FROM NEW.patient_id",
        ),
    ]


def backwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
    is_sqlite = schema.connection.vendor == "sqlite"
    for name, table, _, _ in _refusals():
        schema.execute(f'DROP TRIGGER "{name}"' + ("" if is_sqlite else f' ON "{table}"'))
    for table in HELD:
        if is_sqlite:
            schema.execute(f'DROP TRIGGER "{table}_overlap_insert"')
            schema.execute(f'DROP TRIGGER "{table}_overlap_update"')
        else:
            schema.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_overlap"')
    if not is_sqlite:
        schema.execute("DROP FUNCTION longlight_schedule_refuse()")


class Migration(migrations.Migration):
    dependencies = [("clinic", "0002_record_guards")]

    operations = [WithoutModels(forwards, backwards)]
