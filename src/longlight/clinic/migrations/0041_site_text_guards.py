"""A site's wording is never deleted; only that it was withdrawn is added to it."""

from django.db import migrations

from longlight.clinic.migrations._guards import never_deleted


class Migration(migrations.Migration):
    dependencies = [("clinic", "0040_answers_that_waited_and_site_texts")]

    operations = [never_deleted("clinic_sitetext")]
