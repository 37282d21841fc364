"""Which protocol versions a clinic works by, and what people asked to keep of the decision aid."""

import uuid

from django.db import models

from longlight.clinic.people.models import Account, Clinic


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
