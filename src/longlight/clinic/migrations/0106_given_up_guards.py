"""Messages that did not arrive are never deleted, and what was given up already becomes work."""

import json
import uuid

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from longlight.clinic.migrations._guards import WithoutModels, never_deleted

FIND = """
SELECT id, arguments, dead_at, tries, trouble FROM clinic_job
WHERE name = 'send-message' AND dead_at IS NOT NULL AND done_at IS NULL
"""
ADD = """
INSERT INTO clinic_givenup (id, job_id, message_id, clinic_id, patient_id, given_up_at, tries, trouble, status,
    claimed_by_name, closed_by_name, outcome, note)
SELECT %s, %s, m.id, m.clinic_id, p.id, %s, %s, %s, 'new', '', '', '', ''
FROM clinic_message m LEFT JOIN clinic_patient p ON p.id = m.patient_id WHERE m.id = %s
"""


def make_work(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
    with schema.connection.cursor() as cursor:
        cursor.execute(FIND)
        for job_id, arguments, dead_at, tries, trouble in cursor.fetchall():
            told = json.loads(arguments) if isinstance(arguments, str) else arguments
            message_id = uuid.UUID(told["message"]).hex
            cursor.execute(ADD, [uuid.uuid4().hex, job_id, dead_at, tries, trouble, message_id])


def nothing(apps: None, schema: BaseDatabaseSchemaEditor) -> None:
    """The rows go with their table."""


class Migration(migrations.Migration):
    dependencies = [("clinic", "0105_given_up_messages")]

    operations = [
        never_deleted("clinic_givenup"),
        WithoutModels(make_work, nothing),
    ]
