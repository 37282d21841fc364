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
from functools import cache
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
    """Everyone, in a handful of statements: most tests begin with this."""
    from longlight.clinic.people.models import Clinic
    from longlight.clinic.people.rules import Role

    a = Clinic(id=_id("a"), name="Clinic Alder", slug="alder", phone="+1 555 0101")
    b = Clinic(id=_id("b"), name="Clinic Birch", slug="birch", phone="+1 555 0102")
    made = Cast(
        clinic_a=a,
        clinic_b=b,
        patient=_patient(a, "A-1", "Ada Quill"),
        other_patient=_patient(a, "A-2", "Bo Marsh"),
        **{role.name.lower(): _staff(a, role) for role in Role if role is not Role.PATIENT},
        nurse_of_b=_staff(b, Role.NURSE),
        patient_of_b=_patient(b, "B-1", "Cy Vale"),
        stranger=Person(),
    )
    _save(made)
    return made


def _save(cast: Cast) -> None:
    from allauth.account.models import EmailAddress

    from longlight.clinic.people.models import Account, Clinic, Membership, Patient

    people = [person for _, person in cast.people() if person.account is not None]
    accounts = [person.account for person in people]
    staff = [person for person in people if person.patient is None]
    Clinic.objects.bulk_create([cast.clinic_a, cast.clinic_b])
    Account.objects.bulk_create(accounts)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=each, email=each.email, verified=True, primary=True) for each in accounts
    )
    Patient.objects.bulk_create(person.patient for person in people if person.patient)
    Membership.objects.bulk_create(
        Membership(
            account=person.account,
            clinic_id=person.viewer.clinic_id,
            role=person.viewer.role.value,
        )
        for person in staff
    )
    _give_second_factors([person.account for person in staff])


def _give_second_factors(accounts: list[Any]) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import encrypt

    sealed = {"secret": encrypt(TOTP_SECRET)}
    Authenticator.objects.bulk_create(
        Authenticator(user=account, type=Authenticator.Type.TOTP, data=sealed)
        for account in accounts
    )


def _id(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"longlight-cast/{name}")


def _account(key: str, name: str) -> Any:
    from longlight.clinic.people.models import Account

    return Account(
        id=_id(key), email=f"{key}@cast.example", name=name, created_at=MADE_AT, password=_hashed()
    )


@cache
def _hashed() -> str:
    """Argon2 is slow on purpose: once is enough."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


def give_second_factor(account: Any) -> None:
    """Set up an authenticator app: without a second factor, staff reach nothing but its set-up."""
    from allauth.mfa.models import Authenticator

    if not Authenticator.objects.filter(user=account).exists():
        _give_second_factors([account])


def _staff(clinic: Any, role: Any) -> Person:
    from longlight.clinic.people.rules import Viewer

    account = _account(f"{role.value}.{clinic.slug}", f"{role.value.title()} of {clinic.name}")
    return Person(account, Viewer(account.id, account.name, role, clinic.id))


def _patient(clinic: Any, number: str, name: str) -> Person:
    from longlight.clinic.people.models import Patient
    from longlight.clinic.people.rules import Role, Viewer

    account = _account(f"patient.{number.lower()}", name)
    patient = Patient(
        id=_id(f"patient/{number}"), clinic=clinic, account=account, number=number, name=name,
        preferred_name=name.split()[0], birth_date=date(1985, 5, 17), email=account.email,
        phone="+1 555 0199",
    )  # fmt: skip
    viewer = Viewer(account.id, account.name, Role.PATIENT, clinic.id, patient.id)
    return Person(account, viewer, patient)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()
