"""Courses and their planned sessions."""

import uuid

from django.db import models

from longlight.clinic.courses.rules import CourseStatus, SessionStatus
from longlight.clinic.people.models import Patient
from longlight.science.protocols import VisitKind


class Course(models.Model):
    """One treatment with a beginning and an end, by one version of a protocol."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="courses")
    protocol_id = models.CharField(max_length=64)
    protocol_version = models.CharField(max_length=16)
    protocol_hash = models.CharField(max_length=64)
    approach_id = models.CharField(max_length=32)
    start_on = models.DateField()
    status = models.CharField(
        max_length=16,
        choices=[(s.value, s.value) for s in CourseStatus],
        default=CourseStatus.ACTIVE.value,
    )
    end_reason = models.TextField(blank=True, max_length=2000)
    ended_at = models.DateTimeField(null=True)
    made_by_id = models.UUIDField()
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(status=CourseStatus.ACTIVE.value),
                name="one_active_course_a_patient",
            )
        ]

    def __str__(self) -> str:
        return f"{self.protocol_id} {self.protocol_version} from {self.start_on}"


class PlannedSession(models.Model):
    """A visit of a course: when it should be, and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in VisitKind])
    phase_id = models.CharField(max_length=64)
    title = models.CharField(max_length=120)
    on = models.DateField()
    dose_number = models.PositiveSmallIntegerField(null=True)
    is_optional = models.BooleanField(default=False)
    status = models.CharField(
        max_length=16,
        choices=[(s.value, s.value) for s in SessionStatus],
        default=SessionStatus.PLANNED.value,
    )
    event_id = models.UUIDField(
        null=True
    )  # the dosing session, therapy session or task run that was it
    reason = models.CharField(max_length=400, blank=True)  # of a session missed or cancelled
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["on", "dose_number", "pk"]
        indexes = [models.Index(fields=["on", "status"], name="sessions_by_day")]

    def __str__(self) -> str:
        return f"{self.title} on {self.on}"


class SessionMove(models.Model):
    """A planned session was moved: from where, to where, why, by whom. Added, never changed."""

    session = models.ForeignKey(PlannedSession, on_delete=models.PROTECT, related_name="moves")
    from_day = models.DateField()
    to_day = models.DateField()
    reason = models.CharField(max_length=400)
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_day} to {self.to_day}"
