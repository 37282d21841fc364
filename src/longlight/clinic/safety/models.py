"""Alerts, what was done about each, and the clinic's own times."""

import uuid

from django.db import models
from django.db.models import F, Q

from longlight.clinic.people.models import Account, Clinic, Patient
from longlight.clinic.safety.rules import (
    AlertStatus,
    ContactResult,
    EventKind,
    Outcome,
    Priority,
)


class SafetyPolicy(models.Model):
    """A clinic's own times and its named backup. Without a row nothing is promised, and the inbox says so."""

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, related_name="safety_policy")
    claim_high_min = models.PositiveIntegerField()
    claim_medium_min = models.PositiveIntegerField()
    claim_low_min = models.PositiveIntegerField()
    backup = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    # Told at once of a high alert that comes while nobody is on duty; none: nobody is.
    on_call = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    out_of_hours = models.CharField(max_length=200)  # a sentence that staff and patients read

    def __str__(self) -> str:
        return f"{self.clinic}: {self.claim_high_min} min"


class DutyHours(models.Model):
    """A weekly stretch, by the clinic's own clock, in which a named person reads alerts. Ended, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="duty_hours")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    begins_at = models.TimeField()
    ends_at = models.TimeField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("weekday", "begins_at")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="duty_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["clinic", "account", "weekday", "begins_at", "ends_at"],
                condition=Q(ended_at=None),
                name="one_duty_a_stretch",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.begins_at}–{self.ends_at}"


class Alert(models.Model):
    """One flag on one answer of one patient. One per rule and assessment, however often the answer changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="alerts")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="alerts")
    rule_id = models.CharField(max_length=64)
    source_id = models.UUIDField()
    instrument_id = models.CharField(max_length=64)
    item_number = models.PositiveSmallIntegerField()
    priority = models.CharField(max_length=8, choices=[(p.value, p.value) for p in Priority])
    status = models.CharField(
        max_length=12,
        choices=[(s.value, s.value) for s in AlertStatus],
        default=AlertStatus.NEW.value,
    )
    raised_at = models.DateTimeField()
    claimed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_id", "source_id"], name="one_alert_a_rule_and_source"
            )
        ]
        indexes = [models.Index(fields=["clinic", "status", "raised_at"], name="alerts_by_status")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.status}"


class AlertEvent(models.Model):
    """One thing that happened to an alert. Added, never changed."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in EventKind])
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200)
    answer = models.CharField(max_length=120, blank=True)
    chosen_at = models.DateTimeField(null=True)  # where the answer had to wait on a device
    contact = models.CharField(
        max_length=16, blank=True, choices=[(c.value, c.value) for c in ContactResult]
    )
    outcome = models.CharField(
        max_length=32, blank=True, choices=[(o.value, o.value) for o in Outcome]
    )
    note = models.TextField(blank=True, max_length=4000)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.kind


class SafetyPlan(models.Model):
    """One version of a person's safety plan, in their own words. Added, never changed: the newest one holds."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the form
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="safety_plans")
    version = models.PositiveIntegerField()
    steps = models.JSONField()  # the text of each step, by its name
    opens_by_link = models.BooleanField()  # its owner lets it be read without signing in
    made_at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)
    by_role = models.CharField(max_length=16)

    class Meta:
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(fields=["patient", "version"], name="one_plan_a_version")
        ]

    def __str__(self) -> str:
        return f"safety plan {self.id}"


class SafetyPlanReview(models.Model):
    """A clinician and the patient went through a version, and it held. Added, never changed."""

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="reviews")
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"review of {self.plan_id}"
