"""Kept answers are added to, never changed or deleted: the newest of an item is the answer."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only


class Migration(migrations.Migration):
    dependencies = [("clinic", "0020_therapy_guards")]

    operations = [append_only("clinic_keptanswer")]
