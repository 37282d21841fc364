"""What is known of people. Everything is told for one viewer, and filtered by the viewer's clinic first."""

import hashlib
import re
import typing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Length, Lower

from longlight.clinic.people.models import (
    ROLE_LABELS,
    Account,
    Clinic,
    EmergencyAccess,
    Invitation,
    KeptDraft,
    Membership,
    Patient,
    PatientLink,
)
from longlight.clinic.people.rules import (
    HANDS_IN_FOR,
    STAFF_ROLES,
    WRONG_TRIES,
    LinkBearer,
    LinkPurpose,
    Role,
    Viewer,
)
from longlight.clinic.record.models import AuditRow
from longlight.clinic.record.prepared import Prepared
from longlight.clinic.record.rules import ChainKind

OWN_NUMBER = re.compile(r"LL-[0-9]{4,}")
LOOKED_AT = 500  # of the highest numbers, so that a few that are no counts hide none
WITHOUT_PATIENTS = frozenset({Role.ADMINISTRATOR, Role.RESEARCHER})
FACTOR_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class Standing:
    """One of the ways in which an account may look: a role at a clinic, or a patient's own record."""

    key: str  # what a session keeps of the choice
    label: str
    clinic_name: str
    viewer: Viewer
    clinic: Clinic


def token_hash(token: str) -> str:
    """What is kept of a token. Tokens are 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Known:
    """What every request asks of the account behind it, read in one or two queries."""

    standings: tuple[Standing, ...] = ()
    has_second_factor: bool = False
    has_drafts: bool = False  # something typed was kept when a screen locked, for whatever page


def known_of(account: Account | AnonymousUser) -> Known:
    """Every way in which an account may look, from its active memberships and its patient record alone."""
    if not isinstance(account, Account):
        return Known()
    # What `account_at` read along serves once: whoever asks again is told what stands then.
    found = getattr(account, _READ_ALONG, None)
    if found is None:
        found = _MEMBERSHIPS(account_id=account.id)
    else:
        delattr(account, _READ_ALONG)
    standings = [_standing_of(account, membership) for membership in found]
    # Most accounts are either: who works here is asked for a record of their own only where there is one.
    patient = None if found and not found[0].is_patient else _own_record(account)
    if patient is not None:
        standings.append(_own_standing(account, patient))
    first = found[0] if found else patient
    return Known(
        tuple(standings),
        bool(getattr(first, "has_second_factor", False)),
        # An account without any standing has no pages of its own; its drafts are asked for then.
        bool(getattr(first, "has_drafts", True)),
    )


def account_at(account_id: UUID) -> Account | None:
    """An account and, in the same query, what `known_of` is asked next of nearly every one: its memberships."""
    found = _MEMBERSHIPS(account_id=account_id)
    account = found[0].account if found else _ACCOUNTS.first(account_id=account_id)
    if account is not None:
        setattr(account, _READ_ALONG, found)
    return account


_READ_ALONG = "_memberships_read_along"


def _own_record(account: Account) -> Patient | None:
    return _OWN_RECORDS.first(account_id=account.id)


def _second_factors_of(account_column: str) -> Exists:
    factors = Authenticator.objects.filter(type__in=FACTOR_TYPES)
    return Exists(factors.filter(user_id=OuterRef(account_column)))


def _drafts_of(account_column: str) -> Exists:
    return Exists(KeptDraft.objects.filter(account_id=OuterRef(account_column)))


# What every request asks of its account.
_MEMBERSHIPS = Prepared(
    lambda account_id: (
        Membership.objects.filter(account_id=account_id, is_active=True)
        .select_related("clinic", "account")
        .annotate(
            has_second_factor=_second_factors_of("account_id"),
            has_drafts=_drafts_of("account_id"),
            is_patient=Exists(Patient.objects.filter(account=OuterRef("account_id"))),
        )
        .order_by("pk")
    ),
    account_id=UUID,
)
_ACCOUNTS = Prepared(lambda account_id: Account.objects.filter(pk=account_id), account_id=UUID)
_OWN_RECORDS = Prepared(
    lambda account_id: (
        Patient.objects.filter(account_id=account_id)
        .select_related("clinic")
        .annotate(has_drafts=_drafts_of("account_id"))
        .order_by("pk")
    ),
    account_id=UUID,
)


def _standing_of(account: Account, membership: Membership) -> Standing:
    return Standing(
        f"membership:{membership.pk}",
        str(ROLE_LABELS[Role(membership.role)]),
        membership.clinic.name,
        Viewer(account.id, account.name, Role(membership.role), membership.clinic_id),
        membership.clinic,
    )


def _own_standing(account: Account, patient: Patient) -> Standing:
    return Standing(
        f"patient:{patient.id}",
        str(ROLE_LABELS[Role.PATIENT]),
        patient.clinic.name,
        Viewer(account.id, account.name, Role.PATIENT, patient.clinic_id, patient.id),
        patient.clinic,
    )


def standings_of(account: Account | AnonymousUser) -> tuple[Standing, ...]:
    """Every way in which an account may look."""
    return known_of(account).standings


def standing_chosen(standings: tuple[Standing, ...], chosen: str) -> Standing | None:
    """The standing that was chosen, else the only one; None before the choice."""
    if len(standings) == 1:
        return standings[0]
    return next((standing for standing in standings if standing.key == chosen), None)


def is_staff(standings: tuple[Standing, ...]) -> bool:
    return any(standing.viewer.role in STAFF_ROLES for standing in standings)


def has_second_factor(account_id: UUID) -> bool:
    """Whether a second factor is set up. Recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=account_id, type__in=FACTOR_TYPES).exists())


def is_demo_database() -> bool:
    """Whether every clinic here is synthetic, and there is one."""
    marks = set(Clinic.objects.values_list("is_synthetic", flat=True))
    return marks == {True}


def clinic_of(viewer: Viewer) -> Clinic:
    return Clinic.objects.get(pk=viewer.clinic_id)


def patients(*, viewer: Viewer) -> QuerySet[Patient]:
    """The clinic's patients; of a patient, the own record; for administrators and researchers, none."""
    here = Patient.objects.filter(clinic_id=viewer.clinic_id)
    if viewer.role is Role.PATIENT:
        return here.filter(pk__in=[viewer.patient_id])
    if viewer.role in WITHOUT_PATIENTS:
        return here.none()
    return here


def patient_at(clinic_id: UUID, patient_id: UUID) -> Patient | None:
    """The patient of this clinic. Whether a viewer may see them is asked in `access`."""
    return _PATIENTS.first(clinic_id=clinic_id, patient_id=patient_id)


_PATIENTS = Prepared(
    lambda clinic_id, patient_id: Patient.objects.filter(
        clinic_id=clinic_id, pk=patient_id
    ).select_related("clinic"),
    clinic_id=UUID,
    patient_id=UUID,
)


def patient_numbered(clinic_id: UUID, number: str) -> Patient | None:
    """The clinic's patient of this number, in whatever case it is written."""
    return _NUMBERED.first(clinic_id=clinic_id, folded=number.strip().lower())


_NUMBERED = Prepared(
    lambda clinic_id, folded: (
        Patient.objects.annotate(folded_number=Lower("number"))
        .filter(clinic_id=clinic_id, folded_number=folded)
        .order_by("pk")[:1]
    ),
    clinic_id=UUID,
    folded=str,
)


class Named(typing.Protocol):
    """As much of a person as tells whether they are here already."""

    @property
    def name(self) -> str: ...
    @property
    def birth_date(self) -> date | None: ...


def patients_like(clinic_id: UUID, person: Named) -> QuerySet[Patient]:
    """The clinic's patients of the same name and date of birth; none where the date is not known."""
    here = Patient.objects.filter(clinic_id=clinic_id, birth_date=person.birth_date)
    if person.birth_date is None:
        return here.none()
    return here.filter(name__iexact=person.name.strip()).order_by("number")


def next_patient_number(viewer: Viewer) -> str:
    """The number after the highest that looks like the clinic's own (LL-0412)."""
    given = Patient.objects.filter(clinic_id=viewer.clinic_id, number__startswith="LL-")
    highest = given.order_by(Length("number").desc(), "-number").values_list("number", flat=True)
    counted = (number for number in highest[:LOOKED_AT] if OWN_NUMBER.fullmatch(number))
    return f"LL-{int(next(counted, 'LL-0')[3:]) + 1:04d}"


def staff(*, viewer: Viewer) -> QuerySet[Membership]:
    """Who works at the viewer's clinic, ended roles included."""
    return (
        Membership.objects.filter(clinic_id=viewer.clinic_id)
        .select_related("account")
        .order_by("account__name", "role")
    )


def open_invitations(*, viewer: Viewer, at: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        clinic_id=viewer.clinic_id, used_at=None, revoked_at=None, expires_at__gt=at
    ).order_by("invited_at")


def invitation_by_hash(hashed: str, at: datetime) -> Invitation | None:
    """The invitation behind a token's hash, while it may still be used."""
    return (
        Invitation.objects.filter(
            token_hash=hashed, used_at=None, revoked_at=None, expires_at__gt=at
        )
        .select_related("clinic", "patient")
        .first()
    )


def link_bearer(link_id: str | UUID, at: datetime, *, or_over: bool = False) -> LinkBearer | None:
    """The bearer of a link that a session carries, while it is neither revoked nor over; `is_done` once it is.

    With `or_over` also for a while after that, as `is_over`: for a page that takes in what waited on the phone.
    """
    return _bearer(PatientLink.objects.filter(pk=link_id), at, or_over=or_over)


def link_bearer_by_token(token: str, at: datetime, *, or_over: bool = False) -> LinkBearer | None:
    """The bearer of a token, while its link is neither done with, nor revoked, nor over; `or_over` as above, done or not."""
    found = PatientLink.objects.filter(token_hash=token_hash(token))
    return _bearer(found if or_over else found.filter(used_at=None), at, or_over=or_over)


def _bearer(links: QuerySet[PatientLink], at: datetime, *, or_over: bool) -> LinkBearer | None:
    link = links.select_related("patient").first()
    if link is None:
        return None
    ended_at = min(link.expires_at, link.revoked_at or link.expires_at)
    is_over = link.revoked_at is not None or ended_at <= at
    if is_over and not (or_over and at - ended_at < HANDS_IN_FOR):
        return None
    patient = link.patient
    return LinkBearer(
        link.id,
        LinkPurpose(link.purpose),
        link.object_id,
        patient.id,
        patient.clinic_id,
        patient.name,
        link.used_at is not None,
        is_over,
    )


def current_emergency(*, viewer: Viewer, patient_id: UUID, at: datetime) -> EmergencyAccess | None:
    """The viewer's open emergency access to this chart, if there is one."""
    return (
        emergencies(viewer=viewer)
        .filter(
            account_id=viewer.account_id, patient_id=patient_id, began_at__lte=at, ends_at__gt=at
        )
        .first()
    )


def emergencies(*, viewer: Viewer) -> QuerySet[EmergencyAccess]:
    """Every emergency access at the viewer's clinic, newest first."""
    return (
        EmergencyAccess.objects.filter(patient__clinic_id=viewer.clinic_id)
        .select_related("account", "patient")
        .order_by("-began_at")
    )


def own_emergencies(*, viewer: Viewer) -> QuerySet[EmergencyAccess]:
    """For a patient: who opened the own record in an emergency."""
    return emergencies(viewer=viewer).filter(patient_id__in=[viewer.patient_id])


REVIEWED = timedelta(days=7)


@dataclass(frozen=True)
class Noticed:
    """What the trail says of one person's sign-ins and refusals within a week."""

    name: str
    role: str
    failed: int
    refused: int
    last_at: datetime

    @property
    def stands_out(self) -> bool:
        """As many wrong tries as stop a password."""
        return self.failed >= WRONG_TRIES


def noticed_this_week(*, viewer: Viewer, at: datetime) -> list[Noticed]:
    """Failed sign-ins and refused pages at the viewer's clinic, by person; who stands out first."""
    rows = AuditRow.objects.filter(
        clinic_id=viewer.clinic_id,
        at__gt=at - REVIEWED,
        chain_kind=ChainKind.ACCOUNT.value,
        verb__in=["sign-in-failed", "refused"],
    )
    found = rows.values("actor_id", "actor_name", "actor_role").annotate(
        failed=Count("pk", filter=Q(verb="sign-in-failed")),
        refused=Count("pk", filter=Q(verb="refused")),
        last_at=Max("at"),
    )
    return [
        Noticed(row["actor_name"], row["actor_role"], row["failed"], row["refused"], row["last_at"])
        for row in found.order_by("-failed", "-refused", "actor_name")
    ]


def last_week_review(*, viewer: Viewer) -> AuditRow | None:
    """Who looked at the week last, and when."""
    return (
        AuditRow.objects.filter(clinic_id=viewer.clinic_id, verb="week-reviewed")
        .order_by("-at")
        .first()
    )
