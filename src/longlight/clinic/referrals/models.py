"""Requests for an appointment, attempts to reach who asked, and what a clinic promises about them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from longlight.clinic.approaches.models import BroughtChoice
from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.referrals.rules import (
    STATUS_LABELS,
    BestTime,
    Concern,
    ContactMethod,
    Interest,
    LeaveMessage,
    Reached,
    Reason,
    Status,
)
from longlight.clinic.schedule.models import Appointment, Resource

CONCERNS = [
    (Concern.CARE.value, _("Care for me")),
    (Concern.CARE_FOR_OTHER.value, _("Care for someone else")),
    (Concern.CLINICIAN.value, _("I am a clinician and refer somebody")),
    (Concern.WORK.value, _("Working here")),
]
METHODS = [
    (ContactMethod.PHONE.value, _("Phone call")),
    (ContactMethod.TEXT.value, _("Text message")),
    (ContactMethod.EMAIL.value, _("E-mail")),
    (ContactMethod.NONE.value, _("None of these: I will call, or look by my link")),
]
LEAVE_MESSAGES = [
    (LeaveMessage.YES.value, _("Yes")),
    (LeaveMessage.NO.value, _("No, keep trying me")),
]
BEST_TIMES = [
    (BestTime.ANY.value, _("Any time")),
    (BestTime.MORNING.value, _("Mornings")),
    (BestTime.AFTERNOON.value, _("Afternoons")),
    (BestTime.EVENING.value, _("Evenings")),
]
INTERESTS = [
    (Interest.MEDICINE.value, _("As a medicine")),
    (Interest.THERAPY.value, _("With talk therapy")),
    (Interest.EXPERIENCE.value, _("As an experience")),
    (Interest.NOT_SURE.value, _("I am not sure")),
]
STATUSES = [(status.value, label) for status, label in STATUS_LABELS.items()]
REASONS = [
    (Reason.NOT_OFFERED.value, _("We do not offer what they look for")),
    (Reason.NO_PLACE.value, _("We have no place in time")),
    (Reason.TOO_FAR.value, _("Too far away")),
    (Reason.FOUND_ELSEWHERE.value, _("They found care elsewhere")),
    (Reason.NOT_REACHED.value, _("Could not be reached")),
    (Reason.OTHER.value, _("Something else")),
]
REACHED = [
    (Reached.REACHED.value, _("Reached")),
    (Reached.NO_ANSWER.value, _("No answer")),
    (Reached.LEFT_MESSAGE.value, _("Left a message")),
    (Reached.WRONG_NUMBER.value, _("Wrong number or address")),
]


class RequestDesk(models.Model):
    """What a clinic promises about requests: whether it takes them, how soon it answers, who reads them."""

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, related_name="request_desk")
    takes_requests = models.BooleanField(default=True)
    target_h = models.PositiveSmallIntegerField()
    readers = models.CharField(max_length=120)  # such as "Two people at the front desk"
    hours = models.CharField(max_length=120)  # such as "weekdays from 9 to 5"
    # Who, or what, first talks are held with: their free times are shown. None: "contact me" only.
    first_talks_with = models.ManyToManyField(Resource, related_name="+")

    def __str__(self) -> str:
        return f"{self.clinic_id}: {self.target_h} h"


class Referral(models.Model):
    """An ask for care or for an answer. Kept as it was asked; only its state and outcome are written later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="referrals")
    number = models.CharField(max_length=12, unique=True)
    received_at = models.DateTimeField()
    concern = models.CharField(max_length=16, choices=CONCERNS)
    name = models.CharField(max_length=120)
    contact_method = models.CharField(max_length=8, choices=METHODS)
    contact_value = models.CharField(max_length=254, blank=True)
    leave_message = models.CharField(max_length=4, blank=True, choices=LEAVE_MESSAGES)
    best_time = models.CharField(max_length=12, choices=BEST_TIMES)
    interest = models.CharField(max_length=12, blank=True, choices=INTERESTS)
    note = models.CharField(max_length=500, blank=True)
    goals = models.CharField(max_length=500, blank=True)
    brought = models.OneToOneField(
        BroughtChoice, on_delete=models.PROTECT, null=True, blank=True, related_name="referral"
    )
    profession = models.CharField(max_length=80, blank=True)
    practice = models.CharField(max_length=120, blank=True)
    person_called = models.CharField(max_length=120, blank=True)
    person_agreed = models.BooleanField(default=False)

    status = models.CharField(max_length=12, choices=STATUSES, default=Status.NEW.value)
    version = models.PositiveIntegerField(default=1)
    claimed_by_id = models.UUIDField(null=True)
    claimed_by_name = models.CharField(max_length=200, blank=True)
    first_contact_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)
    ended_reason = models.CharField(max_length=16, blank=True, choices=REASONS)
    ended_text = models.CharField(max_length=300, blank=True)
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="referral"
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals"
    )

    class Meta:
        indexes = [
            models.Index(fields=["clinic", "status", "received_at"], name="referrals_in_queue")
        ]

    def __str__(self) -> str:
        return self.number


class ContactAttempt(models.Model):
    """One attempt to reach who asked: when, how, how it went, by whom. Added, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)
    method = models.CharField(max_length=8, choices=METHODS)
    outcome = models.CharField(max_length=16, choices=REACHED)
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"


class RequestChange(models.Model):
    """Who asked changed something by their link: what it was before. Added, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    was_contact_method = models.CharField(max_length=8, choices=METHODS)
    was_contact_value = models.CharField(max_length=254, blank=True)
    was_leave_message = models.CharField(max_length=4, blank=True, choices=LEAVE_MESSAGES)
    was_best_time = models.CharField(max_length=12, choices=BEST_TIMES)
    was_start_at = models.DateTimeField(null=True)  # of the time that was held
    note = models.CharField(max_length=500, blank=True)  # what they add

    def __str__(self) -> str:
        return f"changed {self.at:%Y-%m-%d %H:%M}"


class AddressTally(models.Model):
    """When requests came from one network address within the last hour. The address itself is not kept."""

    address_hash = models.CharField(max_length=64, unique=True)
    times = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{len(self.times)} from {self.address_hash[:8]}"
