"""What was signed, added, said or told is never rewritten; nobody's wish to talk is deleted."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only, guard_facts, never_deleted


class Migration(migrations.Migration):
    dependencies = [("clinic", "0095_signatures_topics_allergies_contact")]

    operations = [
        append_only("clinic_signature"),
        append_only("clinic_addendum"),
        append_only("clinic_contactchange"),
        guard_facts("clinic_allergystatement"),
        never_deleted("clinic_topic"),
    ]
