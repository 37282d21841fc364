"""Which protocol versions a clinic works by, and what people asked to keep of the decision aid."""

import uuid

from django.db import models

from longlight.clinic.approaches.rules.together import Chosen, Occasion
from longlight.clinic.people.models import Account, Clinic, Patient
from longlight.clinic.record.models import Fact


class Adoption(models.Model):
    """A clinic's adoption of one version of a protocol, by whom, until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="adoptions")
    protocol_id = models.CharField(max_length=64)
    protocol_version = models.CharField(max_length=16)
    content_hash = models.CharField(max_length=64)
    adopted_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "protocol_id"],
                condition=models.Q(retired_at__isnull=True),
                name="one_adopted_version_a_protocol",
            )
        ]

    def __str__(self) -> str:
        return f"{self.protocol_id} {self.protocol_version}"


class KeptChoice(models.Model):
    """A decision aid, half done or finished, that a person asked to keep. Nobody is named; only the link opens it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    sealed_body = models.TextField()
    step = models.CharField(max_length=16)
    aid_version = models.CharField(max_length=16)
    evidence_read_until = models.DateField()
    kept_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"aid {self.aid_version}, kept {self.kept_at:%Y-%m-%d}"


class BroughtChoice(models.Model):
    """A summary of the aid that a person gave a clinic, as it was then. Added, never changed.

    It names nobody by itself: the request that brought it does, and from registration on the patient.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="brought_choices")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="brought_choices"
    )
    answers = models.JSONField()
    aid_version = models.CharField(max_length=16)
    evidence_read_until = models.DateField()
    brought_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"aid {self.aid_version}, brought {self.brought_at:%Y-%m-%d}"


class SharedChoice(Fact):
    """What a patient and a clinician chose together at a visit, and why where it leans elsewhere than the patient did."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="shared_choices")
    occasion = models.CharField(max_length=16, choices=[(o.value, o.value) for o in Occasion])
    course_id = models.UUIDField(null=True)  # of the course that the choice is looked at again in
    brought = models.ForeignKey(BroughtChoice, on_delete=models.PROTECT, null=True, blank=True)
    leaning = models.CharField(
        max_length=20, blank=True, choices=[(c.value, c.value) for c in Chosen]
    )
    chosen = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Chosen])
    matters = models.CharField(max_length=1000, blank=True)
    asked = models.CharField(max_length=1000, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    aid_version = models.CharField(max_length=16)
    evidence_read_until = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by_id = models.UUIDField()
    recorded_by_name = models.CharField(max_length=200)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["patient", "recorded_at"], name="choices_of_a_patient")]

    def __str__(self) -> str:
        return f"{self.chosen}, {self.recorded_at:%Y-%m-%d}"


class Listing(models.Model):
    """A clinic in the public directory. What is not stated is empty; a clinic of this installation names itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    clinic = models.OneToOneField(
        Clinic, on_delete=models.PROTECT, null=True, blank=True, related_name="listing"
    )
    name = models.CharField(max_length=300)
    place = models.CharField(max_length=300)
    state = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    offers_medicine = models.BooleanField()
    offers_talk_therapy = models.BooleanField()
    offers_experience = models.BooleanField()
    who_is_there = models.CharField(max_length=300, blank=True)
    training = models.CharField(max_length=300, blank=True)
    monitoring = models.CharField(max_length=300, blank=True)
    setting = models.CharField(max_length=300, blank=True)
    preparation = models.CharField(max_length=300, blank=True)
    integration = models.CharField(max_length=300, blank=True)
    insurance = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=300, blank=True)
    website = models.URLField(max_length=300, blank=True)
    languages = models.CharField(max_length=300, blank=True)  # ;English;Spanish;
    step_free = models.BooleanField(null=True)
    video_visits = models.BooleanField(null=True)
    price_low_usd = models.PositiveIntegerField(null=True)
    price_high_usd = models.PositiveIntegerField(null=True)
    last_verified = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["latitude", "longitude"], name="listings_by_point"),
            models.Index(fields=["name", "slug"], name="listings_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.place}"

    @property
    def stated_approaches(self) -> set[str]:
        """What the directory was told; a clinic of this installation is told by its adopted protocols instead."""
        told = {
            "medicine": self.offers_medicine,
            "talk-therapy": self.offers_talk_therapy,
            "experience": self.offers_experience,
        }
        return {name for name, is_offered in told.items() if is_offered}

    @property
    def language_names(self) -> list[str]:
        return [name for name in self.languages.split(";") if name]
