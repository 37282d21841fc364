"""Clinics, accounts, who works where in which role, patients, and the ways in."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from longlight.clinic.people.rules import AccountState, LinkPurpose, Role

ROLE_LABELS = {
    Role.FRONT_DESK: _("Front desk"),
    Role.NURSE: _("Nurse"),
    Role.PRESCRIBER: _("Prescriber"),
    Role.THERAPIST: _("Therapist"),
    Role.DIRECTOR: _("Director"),
    Role.RESEARCHER: _("Researcher"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.PATIENT: _("Patient"),
}
ROLE_CHOICES = [(role.value, ROLE_LABELS[role]) for role in Role]


class Clinic(models.Model):
    """One clinic of this installation. Nothing is seen across clinics."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    phone = models.CharField(max_length=32, blank=True)
    is_synthetic = models.BooleanField(default=False)  # a demo clinic: every page says so

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """Someone who can sign in. What they may do follows from their memberships, or from being a patient."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    # Part of what a session is signed with: one more, and every session of the account has ended.
    sign_in_epoch = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = AccountManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_an_address")]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> AccountState:
        if not self.is_active:
            return AccountState.DISABLED
        return AccountState.ACTIVE if self.last_login else AccountState.INVITED

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django asks this for the hash that a session carries, and for those of earlier secret keys.
        return salted_hmac(
            "longlight.clinic.people.Account",
            f"{self.password}:{self.sign_in_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class Membership(models.Model):
    """An account's role at a clinic."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=ROLE_CHOICES)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "clinic", "role"], name="one_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.account} as {self.role}"


class MembershipChange(models.Model):
    """A role given or ended: who did it, when, and why. Added, never changed."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="changes")
    is_active = models.BooleanField()  # as it was from then on
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.membership_id} at {self.at}"


class Patient(models.Model):
    """A person in a clinic's care."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="patient"
    )
    number = models.CharField(max_length=16)  # the clinic's own, such as LL-0412
    name = models.CharField(max_length=120)
    preferred_name = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)  # empty: the clinic's
    # A chart kept to its care team and the director; anyone else in care opens it in an emergency only.
    is_restricted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="one_number_a_clinic")
        ]
        indexes = [
            models.Index(fields=["clinic", "name", "number"], name="patients_by_name"),
            models.Index(F("clinic"), Lower("number"), name="patients_by_folded_number"),
            models.Index(fields=["clinic", "birth_date"], name="patients_by_birth_date"),
            # Most have no account. Where SQLite has counted its rows, it would not trust the unique index with that.
            models.Index(
                fields=["account"], condition=Q(account__isnull=False), name="patients_with_account"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CareTeamMember(models.Model):
    """Someone who cares for a patient whose chart is restricted."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_team")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "account"], name="once_in_a_care_team")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} for {self.patient_id}"


class Invitation(models.Model):
    """A way in for someone new: mailed, used once, over after 72 hours. Only the token's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=ROLE_CHOICES)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by_id = models.UUIDField(null=True)
    invited_by_name = models.CharField(max_length=200)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation {self.id}"


class PatientLink(models.Model):
    """A link with which a patient does one thing without signing in. Only the token's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(
        max_length=16, choices=[(purpose.value, purpose.value) for purpose in LinkPurpose]
    )
    object_id = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)  # when the one thing was done
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link {self.id}"


class EmergencyAccess(models.Model):
    """Someone opened one restricted chart for an hour, and said why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=ROLE_CHOICES)
    reason = models.CharField(max_length=1000)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"emergency access {self.id}"


class KeptDraft(models.Model):
    """What somebody had typed when their screen locked or their time was over. Sealed; never sent by itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=500)  # the page with the form
    action = models.CharField(max_length=500)  # where the form is sent to
    sealed_fields = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "page", "action"], name="one_draft_a_form")
        ]

    def __str__(self) -> str:
        return f"draft {self.id}"
