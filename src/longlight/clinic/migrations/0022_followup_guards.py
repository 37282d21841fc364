"""A decision on a booster is added, never changed."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only


class Migration(migrations.Migration):
    dependencies = [("clinic", "0021_answer_guards")]

    operations = [append_only("clinic_boosterdecision")]
