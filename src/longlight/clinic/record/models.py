"""The audit trail: rows in hash chains, the head of each chain, anchors over all heads; and what a fact is."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from longlight.clinic.record.rules import FactStatus


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
        return f"{self.chain_name} at {self.sequence}"

    @property
    def chain_name(self) -> str:
        return f"{self.chain_kind} {self.chain_subject}"


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
        indexes = [
            models.Index(fields=["clinic_id", "at"], name="audit_by_clinic"),
            models.Index(fields=["chain_kind", "chain_subject", "at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind} {self.object_id}"

    @property
    def chain_name(self) -> str:
        return f"{self.chain_kind} {self.chain_subject}"

    def said(self) -> dict[str, object]:
        """Everything that the row's hash covers, but for the hash before it."""
        return {
            "chain_kind": self.chain_kind,
            "chain_subject": self.chain_subject,
            "sequence": self.sequence,
            "at": self.at,
            "actor_kind": self.actor_kind,
            "actor_id": self.actor_id,
            "actor_name": self.actor_name,
            "actor_role": self.actor_role,
            "clinic_id": self.clinic_id,
            "verb": self.verb,
            "object_kind": self.object_kind,
            "object_id": self.object_id,
            "details": self.details,
        }


class AuditAnchor(models.Model):
    """The heads that moved since the anchor before, hashed and chained; also kept in a file outside the database.

    A chain that is removed whole leaves no broken link behind. Only an anchor still knows it.
    """

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    heads = models.JSONField()  # [kind, subject, sequence, hash] of each chain that moved
    previous_hash = models.CharField(max_length=64)
    row_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"anchor {self.sequence}"

    def said(self) -> dict[str, object]:
        return {"anchor": self.sequence, "at": self.at, "heads": self.heads}


class Signature(models.Model):
    """Somebody's name under a record. What was signed is not changed afterwards; what comes later is an addendum.

    `digest` stands for the text that was signed: a page that shows the record tells whether it is still the same.
    """

    object_kind = models.CharField(max_length=64)
    object_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)
    by_role = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_kind", "object_id", "by_id"], name="one_signature_by_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_kind} {self.object_id} signed"


class Addendum(models.Model):
    """What was added under a signed record: by whom, when. Added, never changed."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the form
    object_kind = models.CharField(max_length=64)
    object_id = models.UUIDField()
    text = models.TextField()
    written_at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)
    by_role = models.CharField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id", "written_at"], name="addenda_of_each")
        ]

    def __str__(self) -> str:
        return f"addendum to {self.object_kind} {self.object_id}"


FactT = TypeVar("FactT", bound="Fact")


class FactQuerySet(models.QuerySet[FactT]):
    def standing(self) -> Self:
        """Those that were not corrected."""
        return self.filter(status=FactStatus.FINAL.value)


class Fact(models.Model):
    """Something that happened and was written down: corrected with a successor, never edited or deleted.

    Inherit, with `class Meta(Fact.Meta)`, and write the action around `record.actions.correct`:

        class Assessment(Fact):
            score_points = models.FloatField()
            class Meta(Fact.Meta): ...

        def correct_assessment(*, wrong, score_points, reason, by, at):
            with writing(by=by, at=at) as pen:
                right = Assessment.objects.create(patient=wrong.patient, score_points=score_points)
                correct(pen, wrong, successor=right, reason=reason, chain=patient_chain(wrong.patient_id),
                        object_kind="assessment")
                return right

    A fact that never happened at all gets `successor=None`. Pages show `Assessment.objects.standing()`, and the
    corrected ones beside them, struck out, with reason and successor. `guard_facts("clinic_assessment")` in a
    migration (see `migrations/_guards.py`) makes the database refuse any other change, and every deletion.
    """

    status = models.CharField(
        max_length=16,
        choices=[(status.value, status.value) for status in FactStatus],
        default=FactStatus.FINAL.value,
        editable=False,
    )
    successor = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="predecessor",
    )
    correction_reason = models.CharField(max_length=400, blank=True, editable=False)
    corrected_at = models.DateTimeField(null=True, blank=True, editable=False)
    corrected_by_id = models.UUIDField(null=True, blank=True, editable=False)
    corrected_by_name = models.CharField(max_length=200, blank=True, editable=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_correction_says_why",
                condition=Q(status="final", corrected_at=None, successor=None, correction_reason="")
                | Q(status="entered-in-error", corrected_at__isnull=False)
                & ~Q(correction_reason=""),
            )
        ]

    @property
    def stands(self) -> bool:
        return self.status == FactStatus.FINAL
