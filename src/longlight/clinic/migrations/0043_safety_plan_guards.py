"""A safety plan has successors and is never overwritten; nor are its reviews."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only


class Migration(migrations.Migration):
    dependencies = [("clinic", "0042_safety_plans")]

    operations = [append_only("clinic_safetyplan"), append_only("clinic_safetyplanreview")]
