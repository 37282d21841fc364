"""A note of therapy is corrected with a successor; a journal entry leaves its stub; who read one stays known."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only, guard_facts, never_deleted


class Migration(migrations.Migration):
    dependencies = [("clinic", "0012_fact_guards")]

    operations = [
        guard_facts("clinic_therapynote"),
        never_deleted("clinic_journalentry"),
        append_only("clinic_journalreading"),
    ]
