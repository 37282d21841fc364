"""Rooms, chairs and staff; opening hours; appointments and what they hold."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from longlight.clinic.people.models import Account, Clinic, Patient
from longlight.clinic.schedule.rules import (
    LIVE,
    STATUS_LABELS,
    Kind,
    Reason,
    ResourceKind,
)

KIND_LABELS = {
    Kind.FIRST_TALK: _("First talk"),
    Kind.SCREENING: _("Screening"),
    Kind.PREPARATION: _("Preparation"),
    Kind.DOSING: _("Dosing day"),
    Kind.THERAPY: _("Talk therapy"),
    Kind.REVIEW: _("Review"),
    Kind.AWAY: _("Not available"),
}
RESOURCE_LABELS = {
    ResourceKind.CHAIR: _("Chair"),
    ResourceKind.ROOM: _("Room"),
    ResourceKind.STAFF: _("Staff"),
}
REASON_LABELS = {
    Reason.PATIENT_ASKED: _("The patient asked"),
    Reason.ILL: _("The patient is ill"),
    Reason.NO_RIDE: _("No ride home"),
    Reason.NOT_FASTED: _("Ate or drank too late"),
    Reason.STAFF_AWAY: _("Staff not available"),
    Reason.EQUIPMENT: _("Room or equipment not available"),
    Reason.WEATHER: _("Weather or travel"),
    Reason.BOOKED_BY_MISTAKE: _("Booked by mistake"),
    Reason.OTHER: _("Something else"),
}


class Resource(models.Model):
    """A chair, a room or a member of staff: what an appointment holds and nobody else may hold meanwhile."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="resources")
    kind = models.CharField(
        max_length=8, choices=[(kind.value, label) for kind, label in RESOURCE_LABELS.items()]
    )
    name = models.CharField(max_length=80)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "kind", "name"], name="one_resource_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """A stretch of a weekday in which the clinic is open, by its own clock."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="closes_after_it_opens"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_of_seven"),
            models.UniqueConstraint(
                fields=["clinic", "weekday", "opens_at"], name="one_opening_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens_at}–{self.closes_at}"


class Appointment(models.Model):
    """A time set aside for somebody. Never edited: a move makes a successor, an end keeps its reason.

    `id` comes from the page that asked, so that asking twice books once. Its time, kind and holds are guarded by
    triggers (migration 0003): only its status, version, end and a patient that was not yet known may be written.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="appointments")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    called = models.CharField(max_length=120, blank=True)  # whom to expect, when not yet a patient
    kind = models.CharField(
        max_length=16, choices=[(kind.value, label) for kind, label in KIND_LABELS.items()]
    )
    status = models.CharField(
        max_length=12, choices=[(status.value, label) for status, label in STATUS_LABELS.items()]
    )
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    # The planned visit that this is the time of: an id and no more, since plans stand further on.
    plan_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    booked_at = models.DateTimeField()
    booked_by_id = models.UUIDField(null=True)
    booked_by_name = models.CharField(max_length=200)
    moved_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="moved_to"
    )
    ended_reason = models.CharField(
        max_length=20,
        blank=True,
        choices=[(reason.value, label) for reason, label in REASON_LABELS.items()],
    )
    ended_text = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end_at__gt=F("start_at")), name="appointment_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["plan_id"],
                condition=Q(status__in=[status.value for status in sorted(LIVE)]),
                name="one_live_appointment_a_planned_visit",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "start_at"], name="appointments_of_a_day"),
            models.Index(fields=["patient", "start_at"], name="appointments_of_a_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start_at:%Y-%m-%d %H:%M}"


class Hold(models.Model):
    """One resource held by one appointment. Two that are not released never overlap: the database refuses it."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="holds")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="holds")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    is_released = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "resource"], name="one_hold_an_appointment_and_resource"
            ),
            models.CheckConstraint(
                condition=Q(end_at__gt=F("start_at")), name="hold_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["resource", "start_at"], name="holds_of_a_resource")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.start_at:%Y-%m-%d %H:%M}"
