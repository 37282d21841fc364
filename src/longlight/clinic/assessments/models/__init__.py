"""Assessments and their scores, what is due, and what came in a file."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from longlight.clinic.assessments.models.late import LateAnswer as LateAnswer
from longlight.clinic.assessments.models.planning import AddedRule as AddedRule
from longlight.clinic.assessments.models.planning import PatientCall as PatientCall
from longlight.clinic.assessments.models.planning import PlanOccasion as PlanOccasion
from longlight.clinic.assessments.models.planning import QuestionnairePlan as QuestionnairePlan
from longlight.clinic.assessments.models.planning import ReminderLadder as ReminderLadder
from longlight.clinic.assessments.models.planning import RuleStop as RuleStop
from longlight.clinic.assessments.rules import DueStatus, HandWay, Source
from longlight.clinic.people.models import Patient
from longlight.clinic.record.models import Fact


class ScoreImport(models.Model):
    """One file that was taken into a patient's record, and what became of its rows. Appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="score_imports")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    read_as = models.CharField(max_length=120)  # encoding and delimiter, as they were found
    taken = models.PositiveIntegerField()
    already_there = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    rows = models.JSONField(default=list)  # [line, outcome, sentence] of each row
    imported_at = models.DateTimeField()
    imported_by_id = models.UUIDField(null=True)
    imported_by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"import {self.id}"


class ImportDraft(models.Model):
    """An uploaded file between being looked at and being confirmed. Removed when it is confirmed, or a day old."""

    id = models.UUIDField(
        primary_key=True, editable=False
    )  # made by the form, so that a repeated POST is harmless
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    account_id = models.UUIDField()
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft {self.id}"


class ReportedEvent(Fact):
    """A fact of a patient's with the day on which it happened, as it was written down.

    `on` is the calendar day where it happened; `clock` the wall clock, when somebody noted it. A moment in
    universal time would claim to know more than a file does.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    on = models.DateField()
    clock = models.TimeField(null=True, blank=True)
    entered_at = models.DateTimeField()
    entered_by_id = models.UUIDField(null=True)
    entered_by_name = models.CharField(max_length=200)
    # The same content twice in a patient's record is one event; corrected ones count, so nothing wrong comes back.
    content_key = models.CharField(max_length=64)

    class Meta(Fact.Meta):
        abstract = True
        ordering = ("on", "clock", "entered_at")


class Assessment(ReportedEvent):
    """One filled-in instrument: its answers, or from a file or paper its total alone."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="assessments")
    instrument_id = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=40)
    source = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Source])
    answers = models.JSONField(null=True, blank=True)  # by item id
    given_total_points = models.FloatField(null=True, blank=True)
    score_import = models.ForeignKey(
        ScoreImport, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(ReportedEvent.Meta):
        abstract = False
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "content_key"], name="one_assessment_a_content"
            ),
            models.CheckConstraint(
                name="answers_or_a_total",
                condition=Q(answers__isnull=True, given_total_points__isnull=False)
                | Q(answers__isnull=False, given_total_points__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["patient", "on"], name="assessments_by_patient")]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.id}"


class Score(models.Model):
    """The number an assessment gives, computed by the named version of its instrument. Appended, never changed."""

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="score")
    total_points = models.FloatField(null=True)  # none when too much was left unanswered
    band = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"score of {self.assessment_id}"


class ReportedDose(ReportedEvent):
    """A treatment that somebody reports as given: elsewhere, or before this clinic kept its dosing days here.

    It never touches the controlled-drug ledger. A dose that this clinic gives belongs to `dosing`.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reported_doses")
    kind = models.CharField(max_length=60)
    dose_mg = models.FloatField(null=True, blank=True)
    dose_mg_per_kg = models.FloatField(null=True, blank=True)
    score_import = models.ForeignKey(
        ScoreImport, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(ReportedEvent.Meta):
        abstract = False
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "content_key"], name="one_reported_dose_a_content"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class HandEntry(models.Model):
    """How an assessment came in that staff typed: with whom or from what, who typed it, who rated. Never changed."""

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="by_hand")
    way = models.CharField(max_length=16, choices=[(each.value, each.value) for each in HandWay])
    typed_at = models.DateTimeField()
    typed_by_id = models.UUIDField()
    typed_by_name = models.CharField(max_length=200)
    rated_by_name = models.CharField(max_length=200, blank=True)  # of a clinician's scale

    def __str__(self) -> str:
        return f"{self.way} {self.assessment_id}"


class DueAssessment(models.Model):
    """A planned check-in: which instrument, in which window, and what became of it.

    `due_on` and `closes_on` are the first and the last day where the patient is. One that a schedule planned also has
    its moments, and counts by them. `act_at` is when the worker next has something to do with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="due_assessments")
    instrument_id = models.CharField(max_length=40)
    due_on = models.DateField()
    closes_on = models.DateField()
    status = models.CharField(
        max_length=16,
        choices=[(each.value, each.value) for each in DueStatus],
        default=DueStatus.DUE.value,
    )
    assessment = models.OneToOneField(
        Assessment, on_delete=models.PROTECT, null=True, blank=True, related_name="due"
    )
    score_import = models.ForeignKey(
        ScoreImport, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Which rule, which dose, the how manieth; none: sent or planned by a person.
    plan_key = models.CharField(max_length=200, null=True)  # noqa: DJ001 unique where there is one
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)  # the newest message about it
    sent_count = models.PositiveSmallIntegerField(null=True)
    shown_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # missed, stopped or taken back
    dropped_at = models.DateTimeField(null=True)  # cancelled by the plan, not by a person
    snoozed_until = models.DateTimeField(null=True)
    unreachable_at = models.DateTimeField(
        null=True
    )  # no message reaches this patient: to be called
    act_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_on", "instrument_id")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "instrument_id", "due_on"],
                condition=~Q(status=DueStatus.CANCELLED.value),
                name="one_standing_check_in_a_day",
            ),
            models.UniqueConstraint(
                fields=["patient", "plan_key"],
                condition=Q(plan_key__isnull=False),
                name="one_check_in_a_plan_key",
            ),
        ]
        indexes = [
            models.Index(
                fields=["act_at"], name="check_ins_to_act_on", condition=Q(act_at__isnull=False)
            ),
            models.Index(fields=["status", "closes_at"], name="check_ins_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} due {self.due_on}"


class KeptAnswer(models.Model):
    """One answer of a check-in, kept as it was chosen. Appended, never changed: the newest of an item is the answer.

    `key` is made by the page that asks. The same key with the same choice again is the same answer; `key_use`
    tells apart what one page sent with its key, for a page without script keeps its key while a choice changes.
    """

    due = models.ForeignKey(DueAssessment, on_delete=models.PROTECT, related_name="kept_answers")
    sequence = models.PositiveIntegerField()  # from 1 within its check-in
    instrument_version = models.CharField(max_length=40)  # the first one holds to the end
    item_id = models.CharField(max_length=40)
    code = models.CharField(max_length=40, blank=True)  # of the option; empty when skipped
    value_points = models.FloatField(null=True)  # none when skipped
    key = models.UUIDField()
    key_use = models.PositiveSmallIntegerField(default=0)
    kept_at = models.DateTimeField()
    chosen_at = models.DateTimeField(null=True)  # where a device says so: it may have had to wait
    site_text_id = models.UUIDField(null=True)  # which wording of the site's own was shown

    class Meta:
        ordering = ("sequence",)
        constraints = [
            models.UniqueConstraint(fields=["due", "sequence"], name="one_answer_a_place"),
            models.UniqueConstraint(
                fields=["due", "item_id", "key", "key_use"], name="one_answer_a_key"
            ),
            models.CheckConstraint(
                name="skipped_or_a_value",
                condition=Q(code="", value_points__isnull=True)
                | ~Q(code="") & Q(value_points__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.sequence} of {self.due_id}"

    @property
    def is_skipped(self) -> bool:
        return not self.code

    @property
    def counts_from(self) -> datetime:
        """When it was chosen, so that an answer which had to wait does not undo a later one."""
        return self.chosen_at or self.kept_at


class FollowedMeasures(models.Model):
    """Which of their measures a patient wants to see on Progress. Without one, all of them."""

    patient = models.OneToOneField(
        Patient, on_delete=models.PROTECT, related_name="followed_measures"
    )
    instrument_ids = models.JSONField(default=list)
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"measures of {self.patient_id}"


class SiteText(models.Model):
    """The wording of an instrument that this installation may show, with who allowed it. Never changed or deleted.

    The newest one of an instrument's version is shown while its permission lasts and nobody has withdrawn it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument_id = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    toml = models.TextField()  # every byte as it was added
    sha256 = models.CharField(max_length=64)
    licence_line = models.TextField()
    reference = models.CharField(max_length=400)  # the letter, contract or page that allows it
    granted_by = models.CharField(max_length=200)
    granted_on = models.DateField()
    expires_on = models.DateField(null=True)
    confirmed_by = models.CharField(max_length=200)  # who at the site has seen the permission
    added_at = models.DateTimeField()
    added_by_name = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("instrument_id", "added_at")

    def __str__(self) -> str:
        return f"wording of {self.instrument_id} {self.sha256[:12]}"
