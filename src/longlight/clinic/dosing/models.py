"""A dosing day as it happened. Readings, doses and answers are facts: corrected with a successor, never edited."""

import uuid

from django.db import models

from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.dosing.rules import HappeningKind, SessionState
from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.record.models import Fact


class DosingSession(models.Model):
    """One dosing day, arrival to leaving."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="dosing_sessions")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="dosing_sessions")
    planned = models.OneToOneField(
        PlannedSession, on_delete=models.PROTECT, related_name="dosing_session"
    )
    state = models.CharField(
        max_length=16,
        choices=[(s.value, s.value) for s in SessionState],
        default=SessionState.BOOKED.value,
    )
    arrived_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_by_name = models.CharField(max_length=200, blank=True)
    overrides = models.JSONField(default=dict)  # check id: the prescriber's reason
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=400, blank=True)
    escort_name = models.CharField(max_length=120, blank=True)
    signed_at = models.DateTimeField(
        null=True
    )  # first; who signed stands in the record's signatures
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["clinic", "state"], name="dosing_by_state"),
            models.Index(
                fields=["clinic", "-ended_at"],
                condition=models.Q(signed_at=None, ended_at__isnull=False),
                name="dosing_to_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.planned_id}"


class CheckAnswer(Fact):
    """A yes or no to one check of a gate. The newest that stands counts."""

    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="answers")
    gate_id = models.CharField(max_length=64)
    gate_version = models.CharField(max_length=16)
    check_id = models.CharField(max_length=64)
    holds = models.BooleanField()
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    class Meta(Fact.Meta): ...

    def __str__(self) -> str:
        return f"{self.check_id}: {self.holds}"


class Reading(Fact):
    """Signs taken at one time. What was not measured is empty. `key` is made where it was typed: a repeat is the same."""

    key = models.UUIDField(unique=True)
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="readings")
    observed_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    systolic_mmhg = models.PositiveSmallIntegerField(null=True)
    diastolic_mmhg = models.PositiveSmallIntegerField(null=True)
    heart_rate_bpm = models.PositiveSmallIntegerField(null=True)
    oxygen_saturation_percent = models.PositiveSmallIntegerField(null=True)
    breaths_per_min = models.PositiveSmallIntegerField(null=True)
    weight_kg = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    sedation_points = models.PositiveSmallIntegerField(null=True)  # MOAA/S: 5 is awake
    dissociation_points = models.PositiveSmallIntegerField(
        null=True
    )  # 0 to 10, as the nurse sees it
    note = models.CharField(max_length=200, blank=True)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["session", "observed_at"], name="readings_by_time")]

    def __str__(self) -> str:
        return f"reading {self.observed_at:%H:%M}"

    @property
    def has_signs(self) -> bool:
        """Whether a vital sign was measured: a weight alone is none."""
        vital = (
            self.systolic_mmhg, self.heart_rate_bpm, self.oxygen_saturation_percent,
            self.breaths_per_min,
        )  # fmt: skip
        return any(value is not None for value in vital)


class Happening(Fact):
    """Noted with one tap: what was seen, what the pump did, an alarm that somebody saw. `key` as in a reading."""

    key = models.UUIDField(unique=True)
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="happenings")
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in HappeningKind])
    observed_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    rate_mg_per_min = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    about = models.CharField(max_length=64, blank=True)  # which alarm was seen
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["session", "observed_at"], name="happenings_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.observed_at:%H:%M}"


class DoseOrder(Fact):
    """What was prescribed for this session, from today's weight, and the second person's own working."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="orders")
    drug = models.CharField(max_length=64)
    route = models.CharField(max_length=24)
    amount = models.DecimalField(max_digits=8, decimal_places=3)
    amount_unit = models.CharField(max_length=16)
    weight_kg = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    dose_mg = models.DecimalField(max_digits=8, decimal_places=1)
    override_reason = models.CharField(max_length=400, blank=True)
    ordered_by_id = models.UUIDField()
    ordered_by_name = models.CharField(max_length=200)
    ordered_at = models.DateTimeField()
    checked_by_id = models.UUIDField(null=True)
    checked_by_name = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True)

    class Meta(Fact.Meta): ...

    def __str__(self) -> str:
        return f"{self.dose_mg} mg {self.drug}"


class Dose(Fact):
    """What was given."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="doses")
    order = models.ForeignKey(DoseOrder, on_delete=models.PROTECT, related_name="doses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=400, blank=True)  # ended before it was all given
    given_by_id = models.UUIDField()
    given_by_name = models.CharField(max_length=200)

    class Meta(Fact.Meta): ...

    def __str__(self) -> str:
        return f"{self.order} at {self.started_at:%H:%M}"
