"""Two clinics, their chairs, and the people of the small cast that the schedule and the requests meet."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.test import Client
from tests.cast import give_second_factor

from longlight.clinic.people.models import Account, Clinic, Membership, Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.schedule import actions
from longlight.clinic.schedule.models import Resource
from longlight.clinic.schedule.rules import Booking, Hours, Kind, ResourceKind

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # Monday, 10:00 in New York
TEN = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # Tuesday, 10:00 in New York
WEEK = [Hours(weekday, time(8), time(17)) for weekday in range(5)]


@dataclass(frozen=True)
class House:
    """A clinic with two chairs and two nurses, and its people."""

    clinic: Clinic
    chairs: tuple[Resource, Resource]
    nurses: tuple[Resource, Resource]
    viewers: dict[Role, Viewer]
    accounts: dict[Role, Account]
    patient: Patient

    def booking(self, **changes: object) -> Booking:
        wanted: dict[str, object] = {
            "id": uuid.uuid4(),
            "kind": Kind.DOSING,
            "start_at": TEN,
            "length": timedelta(hours=2),
            "resource_ids": frozenset({self.chairs[0].pk, self.nurses[0].pk}),
            "patient_id": self.patient.pk,
        }
        return Booking(**wanted | changes)  # type: ignore[arg-type]

    def somebody(self, name: str = "Sol Marten", **changes: object) -> Booking:
        return self.booking(patient_id=None, called=name, **changes)

    @property
    def desk(self) -> Viewer:
        return self.viewers[Role.FRONT_DESK]


def build(slug: str) -> House:
    clinic = Clinic.objects.create(name=slug.title(), slug=slug, phone="555-0100")
    accounts, viewers = {}, {}
    for role in Role:
        account = Account.objects.create(
            email=f"{role.value}@{slug}.example", name=f"{role.value} {slug}", created_at=NOW
        )
        accounts[role] = account
        if role is not Role.PATIENT:
            Membership.objects.create(account=account, clinic=clinic, role=role.value)
        viewers[role] = Viewer(account.pk, account.name, role, clinic.pk)
    patient = Patient.objects.create(
        clinic=clinic, account=accounts[Role.PATIENT], number="LL-0001", name="Ana Brook"
    )
    viewers[Role.PATIENT] = Viewer(
        accounts[Role.PATIENT].pk, patient.name, Role.PATIENT, clinic.pk, patient.pk
    )
    director = viewers[Role.DIRECTOR]
    actions.set_opening_hours(viewer=director, at=NOW, hours=WEEK)

    def add(kind: ResourceKind, name: str) -> Resource:
        return actions.add_resource(viewer=director, at=NOW, kind=kind, name=name)

    chairs = (add(ResourceKind.CHAIR, "Chair 1"), add(ResourceKind.CHAIR, "Chair 2"))
    nurses = (add(ResourceKind.STAFF, "J. Oyelaran"), add(ResourceKind.STAFF, "M. Castell"))
    return House(clinic, chairs, nurses, viewers, accounts, patient)


def signed_in(account: Account) -> Client:
    """A browser without script, signed in as this account."""
    client = Client()
    give_second_factor(account)
    client.force_login(account)
    return client
