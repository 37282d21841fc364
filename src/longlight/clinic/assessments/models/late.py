"""What a patient chose and could not be kept as an answer of its check-in any more."""

import uuid

from django.db import models
from django.db.models import Q

from longlight.clinic.assessments.rules import WhyLate


class LateAnswer(models.Model):
    """An answer that was chosen on a phone and came when its check-in took none. It counts in no score.

    Added, never changed; who has seen it is filled in once. The same key with the same choice is the same answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    due = models.ForeignKey(
        "clinic.DueAssessment", on_delete=models.PROTECT, related_name="late_answers"
    )
    instrument_version = models.CharField(max_length=40)
    item_id = models.CharField(max_length=40)
    code = models.CharField(max_length=40, blank=True)  # of the option; empty when skipped
    value_points = models.FloatField(null=True)  # none when skipped
    key = models.UUIDField()
    chosen_at = models.DateTimeField()  # as the phone says, never after it came
    came_at = models.DateTimeField()
    why = models.CharField(max_length=12, choices=[(each.value, each.value) for each in WhyLate])
    site_text_id = models.UUIDField(null=True)  # which wording of the site's own was shown
    seen_at = models.DateTimeField(null=True)
    seen_by_id = models.UUIDField(null=True)
    seen_by_name = models.CharField(max_length=200, null=True)  # noqa: DJ001 filled once

    class Meta:
        ordering = ("chosen_at", "came_at")
        constraints = [
            models.UniqueConstraint(
                fields=["due", "item_id", "key", "code"], name="one_late_answer_a_choice"
            ),
            models.CheckConstraint(
                name="late_skipped_or_a_value",
                condition=Q(code="", value_points__isnull=True)
                | ~Q(code="") & Q(value_points__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["came_at"], name="late_answers_unseen", condition=Q(seen_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"late answer of {self.due_id}"
