"""What a patient's questionnaires are planned from: the protocol, its doses, what staff added or stopped; and calls."""

import uuid

from django.db import models
from django.db.models import Q

from longlight.clinic.assessments.rules import CallOutcome
from longlight.clinic.people.models import Clinic, Patient
from longlight.science.schedules import OccasionKind


class QuestionnairePlan(models.Model):
    """By which protocol a patient is asked, and what it counts from. One runs; a new course brings a new one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="questionnaire_plans"
    )
    course_id = models.UUIDField(null=True, unique=True)  # none: only what staff added is asked
    protocol_id = models.CharField(max_length=64, blank=True)
    protocol_version = models.CharField(max_length=16, blank=True)
    start_on = models.DateField()
    made_at = models.DateTimeField()
    is_running = models.BooleanField(default=True)
    look_at = models.DateTimeField(null=True)  # when the worker plans it anew

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(is_running=True),
                name="one_running_questionnaire_plan",
            )
        ]
        indexes = [models.Index(fields=["look_at"], name="questionnaire_plans_to_look_at")]

    def __str__(self) -> str:
        return f"plan from {self.start_on}"


class PlanOccasion(models.Model):
    """A dose or a planned check-in that a plan counts from, as the later steps tell it."""

    plan = models.ForeignKey(QuestionnairePlan, on_delete=models.PROTECT, related_name="occasions")
    source_id = models.UUIDField()  # the planned session
    kind = models.CharField(
        max_length=12, choices=[(each.value, each.value) for each in OccasionKind]
    )
    on = models.DateField()
    phase_id = models.CharField(max_length=64, blank=True)
    given_at = models.DateTimeField(null=True)
    stands = models.BooleanField(default=True)  # neither cancelled nor missed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "source_id"], name="one_occasion_a_session")
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"


class AddedRule(models.Model):
    """A questionnaire that a clinic asks everybody in a course, or a clinician one patient, besides the protocol's."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the form
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, related_name="added_rules"
    )
    schedule_id = models.CharField(max_length=64)
    schedule_version = models.CharField(max_length=16)
    instrument_id = models.CharField(max_length=40)
    every_days = models.PositiveSmallIntegerField(null=True)
    added_at = models.DateTimeField()
    added_by_name = models.CharField(max_length=200)
    stopped_at = models.DateTimeField(null=True)
    stopped_by_name = models.CharField(max_length=200, blank=True)
    stop_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("added_at",)

    def __str__(self) -> str:
        return f"{self.instrument_id} by {self.schedule_id}"


class RuleStop(models.Model):
    """A protocol's or the clinic's rule that one patient is not asked by any more, and why."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="rule_stops")
    rule_id = models.CharField(max_length=120)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=400)
    ended_at = models.DateTimeField(null=True)  # asked again since
    ended_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "rule_id"],
                condition=Q(ended_at=None),
                name="one_standing_stop_a_rule",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} stopped"


class ReminderLadder(models.Model):
    """How a clinic reminds its patients, as somebody set it. Added, never changed: the newest one holds.

    One without hours goes back to the usual ladder, which is data with its source (`science.schedules`).
    """

    id = models.UUIDField(primary_key=True, editable=False)  # made by the form
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    reminders_h = models.JSONField(default=list)  # hours after the opening, one for each message
    channels = models.JSONField(default=list)
    most_in_a_week = models.PositiveSmallIntegerField(null=True)
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-set_at",)
        indexes = [models.Index(fields=["clinic", "set_at"], name="ladders_of_a_clinic")]

    def __str__(self) -> str:
        return f"ladder {self.id}"


class PatientCall(models.Model):
    """Somebody telephoned a patient about questionnaires, and what came of it. Appended, never changed."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the form
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="calls")
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)
    outcome = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in CallOutcome]
    )
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"call {self.id}"
