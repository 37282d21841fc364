"""Calls and entries by hand are added, never changed; courses that run already bring their questionnaires."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from longlight.clinic.migrations._guards import append_only, never_deleted

ASKED_ALREADY = 9  # beyond the last rung of the ladder
COUNTED = ("dosing", "check-in")


def follow_running_courses(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    """A plan for each running course, and what it counts from. The worker then plans; nothing past is asked."""
    plans = apps.get_model("clinic", "QuestionnairePlan")
    occasions = apps.get_model("clinic", "PlanOccasion")
    doses = apps.get_model("clinic", "Dose")
    for course in apps.get_model("clinic", "Course").objects.filter(status="active").iterator():
        plan = plans.objects.create(
            patient_id=course.patient_id, course_id=course.pk, protocol_id=course.protocol_id,
            protocol_version=course.protocol_version, start_on=course.start_on,
            made_at=course.made_at, look_at=course.made_at,
        )
        given = dict(
            doses.objects.filter(session__planned__course=course, status="final").values_list(
                "session__planned_id", "started_at"
            )
        )
        occasions.objects.bulk_create(
            occasions(
                plan=plan, source_id=session.pk,
                kind="dose" if session.kind == "dosing" else session.kind, on=session.on,
                phase_id=session.phase_id, given_at=given.get(session.pk),
                stands=session.status in ("planned", "done"),
            )
            for session in course.sessions.filter(kind__in=COUNTED)
        )


def give_check_ins_their_moments(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    """Those that stand open close by themselves; nobody is reminded of them all at once."""
    dues = apps.get_model("clinic", "DueAssessment")
    for due in dues.objects.filter(status="due").select_related("patient__clinic").iterator():
        zone = ZoneInfo(due.patient.time_zone or due.patient.clinic.time_zone)
        due.opens_at = datetime.combine(due.due_on, time.min, zone)
        due.closes_at = datetime.combine(due.closes_on + timedelta(days=1), time.min, zone)
        due.act_at, due.sent_count = due.opens_at, ASKED_ALREADY
        due.save(update_fields=["opens_at", "closes_at", "act_at", "sent_count"])


class Migration(migrations.Migration):
    dependencies = [("clinic", "0030_questionnaire_schedules")]

    operations = [
        migrations.RunPython(follow_running_courses, migrations.RunPython.noop),
        migrations.RunPython(give_check_ins_their_moments, migrations.RunPython.noop),
        append_only("clinic_handentry"),
        append_only("clinic_patientcall"),
        never_deleted("clinic_addedrule"),
        never_deleted("clinic_rulestop"),
    ]
