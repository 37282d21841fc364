"""The small cast that appears in every access test: clinic A with one of each, a nurse of clinic B, a stranger.

    def test_only_a_nurse_opens_the_board(cast: Cast) -> None:
        assert cast.nurse.client().get("/board/").status_code == 200
        assert cast.stranger.client().get("/board/").status_code == 404

`cast.nurse.viewer` is the viewer that queries and actions take; `cast.patient.patient` is the patient record.
Everyone on the staff has a second factor set up, and nobody's session is old.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

PASSWORD = "a lantern for the long way home"
MADE_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Person:
    """Somebody of the cast. A stranger has no account."""

    account: Any = None
    viewer: Any = None
    patient: Any = None

    def client(self, **defaults: Any) -> Client:
        """A browser in which this person is signed in."""
        client = Client(**defaults)
        if self.account is not None:
            client.force_login(self.account)
        return client


@dataclass(frozen=True)
class Cast:
    clinic_a: Any
    clinic_b: Any
    patient: Person
    other_patient: Person
    front_desk: Person
    nurse: Person
    prescriber: Person
    therapist: Person
    director: Person
    researcher: Person
    administrator: Person
    nurse_of_b: Person
    patient_of_b: Person
    stranger: Person

    def people(self) -> Iterator[tuple[str, Person]]:
        """Everyone, with their names."""
        for field in fields(self):
            if isinstance(person := getattr(self, field.name), Person):
                yield field.name, person


def make_cast() -> Cast:
    from longlight.clinic.people.models import Clinic
    from longlight.clinic.people.rules import Role

    a = Clinic.objects.create(id=_id("a"), name="Clinic Alder", slug="alder", phone="+1 555 0101")
    b = Clinic.objects.create(id=_id("b"), name="Clinic Birch", slug="birch", phone="+1 555 0102")
    return Cast(
        clinic_a=a,
        clinic_b=b,
        patient=_patient(a, "A-1", "Ada Quill"),
        other_patient=_patient(a, "A-2", "Bo Marsh"),
        **{role.name.lower(): _staff(a, role) for role in Role if role is not Role.PATIENT},
        nurse_of_b=_staff(b, Role.NURSE),
        patient_of_b=_patient(b, "B-1", "Cy Vale"),
        stranger=Person(),
    )


def _id(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"longlight-cast/{name}")


def _account(key: str, name: str) -> Any:
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from longlight.clinic.people.models import Account

    email = f"{key}@cast.example"
    account = Account.objects.create(
        id=_id(key), email=email, name=name, created_at=MADE_AT,
        password=_hashed.setdefault(PASSWORD, make_password(PASSWORD)),
    )  # fmt: skip
    EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    return account


_hashed: dict[str, str] = {}  # Argon2 is slow on purpose: once is enough


def give_second_factor(account: Any) -> None:
    """Set up an authenticator app: without a second factor, staff reach nothing but its set-up."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    if not Authenticator.objects.filter(user=account).exists():
        TOTP.activate(account, TOTP_SECRET)


def _staff(clinic: Any, role: Any) -> Person:
    from longlight.clinic.people.models import Membership
    from longlight.clinic.people.rules import Viewer

    account = _account(f"{role.value}.{clinic.slug}", f"{role.value.title()} of {clinic.name}")
    Membership.objects.create(account=account, clinic=clinic, role=role.value)
    give_second_factor(account)
    return Person(account, Viewer(account.id, account.name, role, clinic.id))


def _patient(clinic: Any, number: str, name: str) -> Person:
    from longlight.clinic.people.models import Patient
    from longlight.clinic.people.rules import Role, Viewer

    account = _account(f"patient.{number.lower()}", name)
    patient = Patient.objects.create(
        id=_id(f"patient/{number}"), clinic=clinic, account=account, number=number, name=name,
        preferred_name=name.split()[0], birth_date=date(1985, 5, 17), email=account.email,
        phone="+1 555 0199",
    )  # fmt: skip
    viewer = Viewer(account.id, account.name, Role.PATIENT, clinic.id, patient.id)
    return Person(account, viewer, patient)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()
