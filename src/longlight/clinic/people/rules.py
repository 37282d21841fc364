"""Roles, what a viewer is, and how long each way in stays open."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from longlight.clinic.record.rules import Actor, ActorKind

# How long things last: the house's own choices, told in docs/decisions/0060-sign-in.md.
INVITATION_LIFE = timedelta(hours=72)
SIGN_IN_LIFE = timedelta(hours=12)
EMERGENCY_LIFE = timedelta(minutes=60)
DRAFT_LIFE = timedelta(hours=12)
# After a link is over it takes in what waited on its phone: for as long as a check-in is open at most (decision 0185).
HANDS_IN_FOR = timedelta(days=31)
WRONG_TRIES = 5  # that stop a password for a while, as the settings say
SHORTEST_REASON_CHARACTERS = 20


class Role(StrEnum):
    FRONT_DESK = "front-desk"
    NURSE = "nurse"
    PRESCRIBER = "prescriber"
    THERAPIST = "therapist"
    DIRECTOR = "director"
    RESEARCHER = "researcher"  # de-identified data only
    ADMINISTRATOR = "administrator"  # accounts and settings, no charts
    PATIENT = "patient"


CARE_ROLES = frozenset(
    {Role.FRONT_DESK, Role.NURSE, Role.PRESCRIBER, Role.THERAPIST, Role.DIRECTOR}
)
CHART_ROLES = CARE_ROLES - {Role.FRONT_DESK}
REGISTER_ROLES = CARE_ROLES - {Role.THERAPIST}
STAFF_ROLES = CARE_ROLES | {Role.RESEARCHER, Role.ADMINISTRATOR}
REVIEWERS = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR})


class AccountState(StrEnum):
    INVITED = "invited"  # made by an invitation that nobody has taken up
    ACTIVE = "active"
    DISABLED = "disabled"


class LinkPurpose(StrEnum):
    """What a patient's link opens. The page is the URL named `link-<purpose>`, given the link's object."""

    QUESTIONNAIRE = "questionnaire"
    APPOINTMENT = "appointment"


class Gate(StrEnum):
    """What stands between a signed-in account and its pages."""

    OPEN = "open"
    LOCKED = "locked"  # staff left the screen alone
    NEEDS_FACTOR = "needs-factor"  # staff without a second factor reach its set-up only
    NEEDS_CHOICE = "needs-choice"  # works in several roles or clinics and has not said which


@dataclass(frozen=True)
class Viewer:
    """Who is looking: an account acting in one role at one clinic. `viewer=` of every query."""

    account_id: UUID
    name: str
    role: Role
    clinic_id: UUID
    patient_id: UUID | None = None  # set when the viewer is a patient

    @property
    def actor(self) -> Actor:
        kind = ActorKind.PATIENT if self.role is Role.PATIENT else ActorKind.STAFF
        return Actor(kind, self.account_id, self.name, self.role.value, self.clinic_id)


@dataclass(frozen=True)
class LinkBearer:
    """A patient who came by a signed link: may do the one thing it is for, and is not signed in."""

    link_id: UUID
    purpose: LinkPurpose
    object_id: UUID
    patient_id: UUID
    clinic_id: UUID
    patient_name: str
    is_done: bool = False  # the one thing was done: nothing may be done by this link any more
    is_over: bool = False  # run out or taken back: it only hands in what waited

    @property
    def actor(self) -> Actor:
        return Actor(
            ActorKind.LINK, self.patient_id, self.patient_name, Role.PATIENT.value, self.clinic_id
        )


def system_actor(name: str, clinic_id: UUID | None = None) -> Actor:
    """A command or job on the server's own machine."""
    return Actor(ActorKind.SYSTEM, None, name, "system", clinic_id)


def is_over(begun_at: datetime, now: datetime, life: timedelta) -> bool:
    """Whether something that began then and lasts so long has ended; its last instant is outside it."""
    return now - begun_at >= life


def reasons_not_to_open_in_emergency(role: Role, reason: str) -> tuple[str, ...]:
    """Every reason why this role may not open a chart in an emergency with this explanation."""
    reasons = []
    if role not in CARE_ROLES:
        reasons.append(_("Only someone who cares for patients opens a chart in an emergency."))
    if len(" ".join(reason.split())) < SHORTEST_REASON_CHARACTERS:
        reasons.append(
            ngettext(
                "Say why in at least {count} character.",
                "Say why in at least {count} characters.",
                SHORTEST_REASON_CHARACTERS,
            ).format(count=SHORTEST_REASON_CHARACTERS)
        )
    return tuple(reasons)


def reasons_not_to_change_membership(
    *, by: UUID | None, of: UUID, role: Role, reason: str
) -> tuple[str, ...]:
    """Every reason why this person may not change that account's role."""
    reasons = []
    if by == of:
        reasons.append(_("Nobody changes their own role: ask another administrator."))
    if role is Role.PATIENT:
        reasons.append(_("Patients are linked to their record, not given a role."))
    if not reason.strip():
        reasons.append(_("Say why."))
    return tuple(reasons)


def reasons_not_to_register(
    *,
    number: str,
    name: str,
    born: date | None,
    today: date,
    is_number_taken: bool,
    twin_number: str,
) -> tuple[str, ...]:
    """Every reason why nobody is entered as a patient by these values."""
    reasons = []
    if not (number.strip() and name.strip()):
        reasons.append(_("Enter the patient's number and full name."))
    if is_number_taken:
        reasons.append(
            _("There is already a patient with the number {number}.").format(number=number.strip())
        )
    if born is not None and born > today:
        reasons.append(_("The date of birth lies ahead: check the year."))
    if twin_number:
        reasons.append(
            _(
                "Record {twin_number} has this name and date of birth. Look there first; if this "
                "is somebody else, say so below."
            ).format(twin_number=twin_number)
        )
    return tuple(reasons)
