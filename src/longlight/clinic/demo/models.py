"""Links that sign in as somebody of the demo, once."""

from django.db import models

from longlight.clinic.people.models import Account


class DemoLink(models.Model):
    """A link that signs in as an account of the demo, once. Only the token's hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"demo link {self.pk}"
