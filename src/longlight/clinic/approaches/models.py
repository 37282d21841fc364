"""Which protocol versions a clinic works by."""

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
