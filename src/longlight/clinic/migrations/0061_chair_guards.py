"""What happened in the chair is corrected, never changed; nor are the two signs that a reading got."""

from django.db import migrations

from longlight.clinic.migrations._guards import guard_columns, guard_facts


class Migration(migrations.Migration):
    dependencies = [("clinic", "0060_chair")]

    operations = [
        guard_facts("clinic_happening"),
        guard_columns("clinic_reading", "later", ("sedation_points", "dissociation_points")),
    ]
