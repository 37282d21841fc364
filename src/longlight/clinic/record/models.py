"""The audit trail: rows in hash chains, and the head of each chain."""

from django.db import models


class AuditHead(models.Model):
    """The newest row of a chain. Locked by whoever appends, so that a chain never forks."""

    chain_kind = models.CharField(max_length=16)
    chain_subject = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    row_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain_kind", "chain_subject"], name="one_head_a_chain")
        ]

    def __str__(self) -> str:
        return f"{self.chain_kind} {self.chain_subject} at {self.sequence}"


class AuditRow(models.Model):
    """Who did what to which record, when. Appended, never changed: a database trigger refuses it."""

    chain_kind = models.CharField(max_length=16)
    chain_subject = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=32)
    clinic_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    row_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chain_kind", "chain_subject", "sequence"],
                name="one_row_a_place_in_a_chain",
            )
        ]
        indexes = [models.Index(fields=["clinic_id", "at"], name="audit_by_clinic")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind} {self.object_id}"
