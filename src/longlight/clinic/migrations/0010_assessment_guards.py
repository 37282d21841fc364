"""Assessments, reported doses and imports are corrected or added to, never changed or deleted."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only, guard_facts, never_deleted


class Migration(migrations.Migration):
    dependencies = [("clinic", "0003_schedule_guards")]

    operations = [
        guard_facts("clinic_assessment"),
        guard_facts("clinic_reporteddose"),
        append_only("clinic_score"),
        append_only("clinic_scoreimport"),
        never_deleted("clinic_dueassessment"),
    ]
