"""An appointment may be the time of a planned visit, and keeps that; a visit has one appointment that stands."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from longlight.clinic.migrations._guards import WithoutModels

TABLE, NAME = "clinic_appointment", "clinic_appointment_keeps_its_plan"
DIFFERS = "OLD.plan_id IS DISTINCT FROM NEW.plan_id"


def forwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
    is_sqlite = schema.connection.vendor == "sqlite"
    then = (
        f"BEGIN SELECT RAISE(ABORT, '{NAME}'); END"
        if is_sqlite
        else "EXECUTE FUNCTION longlight_schedule_refuse()"
    )
    each = "" if is_sqlite else " FOR EACH ROW"
    schema.execute(f'CREATE TRIGGER "{NAME}" BEFORE UPDATE ON "{TABLE}"{each} WHEN ({DIFFERS}) {then}')


def backwards(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
    place = "" if schema.connection.vendor == "sqlite" else f' ON "{TABLE}"'
    schema.execute(f'DROP TRIGGER "{NAME}"{place}')


class Migration(migrations.Migration):
    dependencies = [("clinic", "0041_site_text_guards")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="plan_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["arrived", "booked", "fulfilled"])),
                fields=("plan_id",),
                name="one_live_appointment_a_planned_visit",
            ),
        ),
        WithoutModels(forwards, backwards),
    ]
