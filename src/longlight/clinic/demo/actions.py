"""Builds the demo, section by section, and makes and takes the links that sign in to it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allauth.account.models import EmailAddress

from longlight.clinic.demo.arrivals import build_arrivals
from longlight.clinic.demo.asked import build_asked
from longlight.clinic.demo.choices import build_choices
from longlight.clinic.demo.days_after import build_days_after
from longlight.clinic.demo.directory import build_directory
from longlight.clinic.demo.history import build_history
from longlight.clinic.demo.house import book_today, set_safety_times
from longlight.clinic.demo.models import DemoLink
from longlight.clinic.demo.path import build_path
from longlight.clinic.demo.people import CLINICS, DemoClinic, DemoPatient, demo_id
from longlight.clinic.demo.plans import build_plans
from longlight.clinic.demo.rules import LINK_LIFE, reasons_not_to_build
from longlight.clinic.demo.scores import build_scores
from longlight.clinic.people.actions.accounts import set_membership
from longlight.clinic.people.models import Account, Clinic, Patient
from longlight.clinic.people.queries import is_demo_database, standings_of, token_hash
from longlight.clinic.people.rules import Role, system_actor
from longlight.clinic.record.actions import Pen, account_chain, clinic_chain, patient_chain, writing

SETTING_UP = "set up with the demo"


class CannotBuild(Exception):
    """The demo may not be built in this database; the sentence says what to do."""


@dataclass(frozen=True)
class RoleLink:
    """A link that signs in as somebody of the demo; `path` holds the token, which is kept nowhere."""

    clinic_name: str
    role: Role
    name: str
    path: str


def build_people(today: date, at: datetime) -> None:
    """The two clinics, their staff, their patients."""
    for clinic in CLINICS:
        with writing(by=system_actor("longlight demo", clinic.id), at=at) as pen:
            _keep_clinic(pen, clinic)
            for role, name in clinic.staff:
                _keep_staff(pen, clinic, role, name)
            for patient in clinic.patients:
                _keep_patient(pen, clinic, patient)


# What fills the demo, in the order of the path. A step adds its own function here: given the demo's day and the
# time, it writes through the step's actions, and finds what an earlier build has left.
SECTIONS: list[Callable[[date, datetime], None]] = [
    build_people,
    build_arrivals,
    set_safety_times,
    build_plans,
    build_path,
    build_scores,
    build_history,
    build_choices,
    book_today,
    build_days_after,
    build_directory,
    build_asked,
]


def build(*, today: date, at: datetime) -> None:
    """Build the demo, or complete it. Refuses a database that holds anyone who is not synthetic."""
    clinics = Clinic.objects.all()
    reasons = reasons_not_to_build(
        clinics=clinics.count(),
        synthetic_clinics=clinics.filter(is_synthetic=True).count(),
        accounts=Account.objects.count(),
        today=today,
        now=at.date(),
    )
    if reasons:
        raise CannotBuild(" ".join(reasons))
    for section in SECTIONS:
        section(today, at)


def make_links(*, at: datetime) -> list[RoleLink]:
    """A fresh link for each account of the demo; the ones before, unused, no longer work."""
    if not is_demo_database():
        raise CannotBuild(
            "This database is not a demo: run  longlight demo  in an empty one first."
        )
    accounts = {account.id: account for account in Account.objects.filter(is_active=True)}
    made = []
    with writing(by=system_actor("longlight demo links"), at=at) as pen:
        DemoLink.objects.all().delete()
        for account_id in _in_order():
            if account_id in accounts:
                made.append(_make_link(pen, accounts[account_id], at))
    return made


def take_link(*, token: str, at: datetime) -> Account | None:
    """The account that a link signs in as; None when it was used, is over, or this is no demo."""
    if not is_demo_database():
        return None
    unused = DemoLink.objects.filter(
        token_hash=token_hash(token), used_at=None, expires_at__gt=at, account__is_active=True
    )
    link = unused.select_related("account").first()
    if link is None:
        return None
    with writing(by=system_actor("longlight demo"), at=at) as pen:
        # Of two that come at once, one wins.
        if not unused.update(used_at=at):
            return None
        _note(pen, "demo-link-used", link.account)
    return link.account


def _in_order() -> list[UUID]:
    return [
        *(demo_id("account", clinic.slug, role) for clinic in CLINICS for role, _ in clinic.staff),
        *(demo_id("account", clinic.slug, p.number) for clinic in CLINICS for p in clinic.patients),
    ]


def _make_link(pen: Pen, account: Account, at: datetime) -> RoleLink:
    token = secrets.token_urlsafe(32)
    DemoLink.objects.create(
        token_hash=token_hash(token), account=account, expires_at=at + LINK_LIFE
    )
    _note(pen, "demo-link-made", account)
    standing = standings_of(account)[0]
    return RoleLink(
        standing.clinic_name, standing.viewer.role, account.name, f"/demo/enter/{token}"
    )


def _keep_clinic(pen: Pen, clinic: DemoClinic) -> None:
    _, is_new = Clinic.objects.get_or_create(
        id=clinic.id,
        defaults={"name": clinic.name, "slug": clinic.slug, "phone": clinic.phone,
                  "time_zone": clinic.time_zone, "is_synthetic": True},
    )  # fmt: skip
    pen.note(
        "demo-built" if is_new else "demo-checked",
        chain=clinic_chain(clinic.id),
        object_kind="clinic",
        object_id=clinic.id,
    )


def _keep_account(pen: Pen, clinic: DemoClinic, key: str, name: str) -> tuple[Account, bool]:
    """An account without a password: only a demo link signs in to it."""
    email = f"{key.lower()}@{clinic.slug}.example"
    account, is_new = Account.objects.get_or_create(
        id=demo_id("account", clinic.slug, key),
        defaults={"email": email, "name": name, "created_at": pen.at, "password": "!"},
    )
    if is_new:
        EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
        _note(pen, "account-made", account)
    return account, is_new


def _keep_staff(pen: Pen, clinic: DemoClinic, role: Role, name: str) -> None:
    account, is_new = _keep_account(pen, clinic, role.value, name)
    if is_new:
        set_membership(
            pen, account=account, clinic_id=clinic.id, role=role, is_active=True, reason=SETTING_UP
        )


def _keep_patient(pen: Pen, clinic: DemoClinic, patient: DemoPatient) -> None:
    account = None
    if patient.signs_in:
        account, _ = _keep_account(pen, clinic, patient.number, patient.name)
    kept, is_new = Patient.objects.get_or_create(
        id=demo_id("patient", clinic.slug, patient.number),
        defaults={"clinic_id": clinic.id, "account": account, "number": patient.number,
                  "name": patient.name, "preferred_name": patient.preferred_name,
                  "birth_date": patient.birth_date, "is_restricted": patient.is_restricted,
                  "email": f"{patient.number.lower()}@{clinic.slug}.example"},
    )  # fmt: skip
    if is_new:
        pen.note(
            "patient-added",
            chain=patient_chain(kept.id),
            object_kind="patient",
            object_id=kept.id,
        )


def _note(pen: Pen, verb: str, account: Account) -> None:
    pen.note(verb, chain=account_chain(account.id), object_kind="account", object_id=account.id)
