"""Decisions on the boosters that the calendar proposes."""

import uuid

from django.db import models

from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.followup.rules import BoosterChoice


class BoosterDecision(models.Model):
    """A prescriber's yes or no to one planned booster, with the status and scores it rests on. Added, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    planned_session = models.OneToOneField(
        PlannedSession, on_delete=models.PROTECT, related_name="booster_decision"
    )
    choice = models.CharField(max_length=16, choices=[(c.value, c.value) for c in BoosterChoice])
    reason = models.CharField(max_length=400)
    rests_on = models.JSONField(default=list)  # status, criteria and score ids of each instrument
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.choice} booster {self.planned_session_id}"
