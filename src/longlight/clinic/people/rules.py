"""Roles, and what a viewer is."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from longlight.clinic.record.rules import Actor, ActorKind


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
STAFF_ROLES = CARE_ROLES | {Role.RESEARCHER, Role.ADMINISTRATOR}


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
