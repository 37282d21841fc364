"""An attempt to reach somebody is never rewritten, and a request is never removed."""

from django.db import migrations

from longlight.clinic.migrations._guards import append_only, never_deleted


class Migration(migrations.Migration):
    dependencies = [("clinic", "0010_assessment_guards")]

    operations = [append_only("clinic_contactattempt"), never_deleted("clinic_referral")]
