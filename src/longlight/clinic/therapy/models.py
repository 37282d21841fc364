"""Notes of therapy; the journal's entries, and apart from them their sealed texts."""

import uuid

from django.db import models
from django.db.models import Q

from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.people.models import Patient
from longlight.clinic.record.models import Fact
from longlight.clinic.therapy.rules import About, NoteKind


class TherapyNote(Fact):
    """What was talked about in a session, as staff wrote it. Part of the chart."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="therapy_notes")
    planned_session = models.ForeignKey(
        PlannedSession, on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in NoteKind])
    on = models.DateField()
    text = models.TextField()
    written_at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    class Meta(Fact.Meta):
        ordering = ("-on", "-written_at")

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"


class Topic(models.Model):
    """Something that a patient wants to talk about at the next visit. `about` is the page it was asked from."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the form
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="topics")
    about = models.CharField(max_length=16, choices=[(a.value, a.value) for a in About])
    text = models.CharField(max_length=400, blank=True)
    asked_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    talked_at = models.DateTimeField(null=True)
    talked_by_id = models.UUIDField(null=True)
    talked_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("asked_at",)
        indexes = [
            models.Index(
                fields=["patient", "asked_at"],
                condition=Q(taken_back_at=None, talked_at=None),
                name="open_topics",
            )
        ]

    def __str__(self) -> str:
        return f"topic {self.id}"


class JournalEntry(models.Model):
    """That a patient wrote something, when, and whether staff may read it now. The text stands in `JournalBody`."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the form
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="journal")
    prompt = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True)  # none: private
    destroyed_at = models.DateTimeField(null=True)  # the text is gone; this row stays as its stub

    class Meta:
        ordering = ("-written_at",)
        constraints = [
            models.CheckConstraint(
                name="nothing_destroyed_is_shared",
                condition=Q(shared_at=None) | Q(destroyed_at=None),
            )
        ]
        indexes = [models.Index(fields=["patient", "-written_at"], name="journal_by_patient")]

    def __str__(self) -> str:
        return f"journal entry {self.id}"


class JournalBody(models.Model):
    """A journal entry's text, sealed. Deleted when the patient has it destroyed."""

    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="body")
    sealed_text = models.TextField()

    def __str__(self) -> str:
        return f"text of {self.entry_id}"


class JournalReading(models.Model):
    """Somebody on the staff read a shared entry: so that its writer is told who did. Appended, never changed."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="readings")
    account_id = models.UUIDField()
    name = models.CharField(max_length=200)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ("read_at",)
        constraints = [
            models.UniqueConstraint(fields=["entry", "account_id"], name="first_reading_by_each")
        ]

    def __str__(self) -> str:
        return f"reading of {self.entry_id}"


class JournalDraft(models.Model):
    """What a patient has begun to write, sealed; one each, gone when it becomes an entry."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="+")
    sealed_text = models.TextField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"journal draft of {self.patient_id}"


class PsychotherapyNote(models.Model):
    """That a therapist keeps a note for themself, of whom and when. No part of the chart; the text stands in its body."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by the form
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="psychotherapy_notes"
    )
    on = models.DateField()
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)  # the text is gone; this row stays as its stub
    destroyed_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-on", "-written_at")
        indexes = [
            models.Index(fields=["patient", "author_id", "-on"], name="psychotherapy_by_author")
        ]

    def __str__(self) -> str:
        return f"psychotherapy note {self.id}"


class PsychotherapyBody(models.Model):
    """A psychotherapy note's text, sealed. Deleted when its author destroys it."""

    note = models.OneToOneField(PsychotherapyNote, on_delete=models.PROTECT, related_name="body")
    sealed_text = models.TextField()

    def __str__(self) -> str:
        return f"text of {self.note_id}"
