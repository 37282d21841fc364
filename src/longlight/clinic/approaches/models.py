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
