"""What happened to an alert is added to and never changed; alerts, times and hours of duty are never deleted."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only, never_deleted


class Migration(migrations.Migration):
    dependencies = [("clinic", "0044_duty_hours_and_on_call")]

    operations = [
        append_only("clinic_alertevent"),
        never_deleted("clinic_alert"),
        never_deleted("clinic_safetypolicy"),
        never_deleted("clinic_dutyhours"),
    ]
