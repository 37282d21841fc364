"""What was brought and what was chosen together is never rewritten; a brought summary gets its patient once."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only, append_only_but, guard_facts


class Migration(migrations.Migration):
    dependencies = [("clinic", "0050_choosing_together")]

    operations = [
        append_only_but("clinic_broughtchoice", filled_later=["patient_id"]),
        append_only("clinic_requestchange"),
        guard_facts("clinic_sharedchoice"),
    ]
