"""What came late is added to and never changed, but for who has seen it, once."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only_but


class Migration(migrations.Migration):
    dependencies = [("clinic", "0115_late_answers")]

    operations = [
        append_only_but(
            "clinic_lateanswer", filled_later=["seen_at", "seen_by_id", "seen_by_name"]
        ),
    ]
