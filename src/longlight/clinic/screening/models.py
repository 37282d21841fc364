"""Findings, consents, decisions. Each is added; none is edited."""

import uuid

from django.db import models

from longlight.clinic.people.models import Patient
from longlight.clinic.record.models import Fact
from longlight.science.protocols import Answer, Outcome


class ScreeningFinding(Fact):
    """What was said of one finding at one time. The last one kept that stands is what is known.

    The order is that of the key, not of the clock: two answers may bear one time, and a clock may be set back.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="findings")
    finding_id = models.CharField(max_length=64)
    rules_version = models.CharField(max_length=16)
    answer = models.CharField(max_length=8, choices=[(a.value, a.value) for a in Answer])
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["patient", "finding_id", "-id"], name="newest_finding")]

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.answer}"


class AllergyStatement(Fact):
    """What was said of allergies at one time; empty: none are known. The last one kept that stands is what is known."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the form
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="allergy_statements"
    )
    text = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["patient", "-at"], name="newest_allergies")]

    def __str__(self) -> str:
        return f"allergies said {self.at:%Y-%m-%d}"


class Consent(Fact):
    """A patient's agreement to one exact wording."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    wording_id = models.CharField(max_length=64)
    wording_version = models.CharField(max_length=16)
    wording_hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    witness_id = models.UUIDField()
    witness_name = models.CharField(max_length=200)

    class Meta(Fact.Meta): ...

    def __str__(self) -> str:
        return f"{self.wording_id} {self.wording_version}"


class ConsentWithdrawal(models.Model):
    """The agreement ended. Nothing that was done under it is undone."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"withdrawn {self.at:%Y-%m-%d}"


class ScreeningDecision(models.Model):
    """A named prescriber's judgement, the rules' version and the answers it rests on. The last one kept counts."""

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="screening_decisions"
    )
    approach_id = models.CharField(max_length=32)
    outcome = models.CharField(max_length=16, choices=[(o.value, o.value) for o in Outcome])
    reasons = models.TextField(max_length=4000)
    rules_version = models.CharField(max_length=16)
    answers = models.JSONField()
    overrides = models.JSONField()
    decided_by_id = models.UUIDField()
    decided_by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["patient", "approach_id", "-id"], name="newest_decision")]

    def __str__(self) -> str:
        return f"{self.approach_id}: {self.outcome}"
