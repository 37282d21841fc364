"""What was found, agreed to, ordered, given and read is corrected with a successor: the databases refuse all else."""

from django.db import migrations

from longlight.clinic.migrations._guards import guard_facts


class Migration(migrations.Migration):
    dependencies = [("clinic", "0011_referral_guards")]

    operations = [
        guard_facts("clinic_screeningfinding"),
        guard_facts("clinic_consent"),
        guard_facts("clinic_checkanswer"),
        guard_facts("clinic_reading"),
        guard_facts(
            "clinic_doseorder", filled_later=("checked_by_id", "checked_by_name", "checked_at")
        ),
        guard_facts("clinic_dose", filled_later=("ended_at", "stop_reason")),
    ]
