"""A psychotherapy note leaves its stub: only its text can go."""

from django.db import migrations

from longlight.clinic.migrations._guards import never_deleted


class Migration(migrations.Migration):
    dependencies = [("clinic", "0071_psychotherapy_notes")]

    operations = [never_deleted("clinic_psychotherapynote")]
