"""The outbox: jobs with their leases, messages, and the worker's sign of life."""

import uuid

from django.db import models
from django.db.models import Q

from longlight.clinic.contact.rules import (
    Channel,
    GivenUpOutcome,
    GivenUpStatus,
    LeaveMessage,
    PreferredChannel,
)
from longlight.clinic.people.models import Patient


class Job(models.Model):
    """Something to be done later. Done once: whoever queues the same key again finds this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=64)
    key = models.CharField(max_length=160, unique=True)
    arguments = models.JSONField(default=dict)
    clinic_id = models.UUIDField(null=True)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True)  # whoever works on it now
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)  # given up: a person must look
    trouble = models.CharField(max_length=120, blank=True)  # what kind of error, never its words

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="jobs_waiting", condition=Q(done_at=None, dead_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class Message(models.Model):
    """A mail or text message. Its text is sealed until it is sent, and then gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=32)
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    sealed_text = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["patient_id", "queued_at"], name="messages_of_a_patient")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class GivenUp(models.Model):
    """A message that did not arrive, as work for staff: claimed by a named person, closed with an outcome.

    One for each time that a message is given up; `trouble` says what kind of error, never its words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="given_up")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="given_up")
    clinic_id = models.UUIDField(null=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    given_up_at = models.DateTimeField()
    tries = models.PositiveIntegerField()
    trouble = models.CharField(max_length=120, blank=True)
    status = models.CharField(
        max_length=8,
        choices=[(each.value, each.value) for each in GivenUpStatus],
        default=GivenUpStatus.NEW.value,
    )
    claimed_at = models.DateTimeField(null=True)
    claimed_by_id = models.UUIDField(null=True)
    claimed_by_name = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(
        max_length=20, blank=True, choices=[(each.value, each.value) for each in GivenUpOutcome]
    )
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job"], condition=~Q(status="closed"), name="one_open_given_up_a_message"
            ),
            models.CheckConstraint(
                name="given_up_closes_with_an_outcome",
                condition=Q(status="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(status="closed") & Q(closed_at=None, outcome=""),
            ),
        ]
        indexes = [models.Index(fields=["clinic_id", "status"], name="given_up_by_status")]

    def __str__(self) -> str:
        return f"given up {self.id}"


class Heartbeat(models.Model):
    """When the worker was last heard from."""

    name = models.CharField(primary_key=True, max_length=32)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"


class ContactPreference(models.Model):
    """How a patient wants to be reminded, and when not. Without one, by mail where there is an address."""

    patient = models.OneToOneField(
        Patient, on_delete=models.PROTECT, related_name="contact_preference"
    )
    channel = models.CharField(
        max_length=8, choices=[(each.value, each.value) for each in PreferredChannel]
    )
    quiet_from = models.TimeField()
    quiet_until = models.TimeField()
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"preference {self.pk}"


class ContactChange(models.Model):
    """How a patient can be reached from then on, and who wrote it down. Added, never changed: the newest holds.

    What holds also stands on the patient and in the preference, where it is looked up.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="contact_changes")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    channel = models.CharField(
        max_length=8, blank=True, choices=[(each.value, each.value) for each in PreferredChannel]
    )
    leave_message = models.CharField(
        max_length=4, blank=True, choices=[(each.value, each.value) for each in LeaveMessage]
    )
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["patient", "-id"], name="newest_contact")]

    def __str__(self) -> str:
        return f"contact of {self.patient_id}"
