"""Clinics, accounts, who works where in which role, and patients."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from longlight.clinic.people.rules import Role


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

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = AccountManager()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An account's role at a clinic."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "clinic", "role"], name="one_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.account} as {self.role}"


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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="one_number_a_clinic")
        ]

    def __str__(self) -> str:
        return self.number
