"""The audit trail is appended to, never changed: the databases themselves refuse it."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only, never_deleted


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]

    operations = [
        append_only("clinic_auditrow"),
        append_only("clinic_auditanchor"),
        never_deleted("clinic_audithead"),
    ]
