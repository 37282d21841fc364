"""How a clinic reminds is added to, never changed."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only


class Migration(migrations.Migration):
    dependencies = [("clinic", "0107_reminder_ladders")]

    operations = [append_only("clinic_reminderladder")]
