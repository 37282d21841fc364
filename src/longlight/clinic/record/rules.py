"""Who acts, on whose record: the values that every write and every audit row carries."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    STAFF = "staff"
    PATIENT = "patient"
    LINK = "link"  # a patient who came by a signed link, without signing in
    SYSTEM = "system"  # a job, a command on the server's own machine
    PUBLIC = "public"  # someone who has not said who they are


@dataclass(frozen=True)
class Actor:
    """Who does something. `by=` of every action; never None."""

    kind: ActorKind
    id: UUID | None
    name: str
    role: str
    clinic_id: UUID | None


class ChainKind(StrEnum):
    PATIENT = "patient"
    READS = "reads"  # who looked at a patient's chart
    ACCOUNT = "account"
    CLINIC = "clinic"
    LEDGER = "ledger"


@dataclass(frozen=True, order=True)
class Chain:
    """One hash chain of audit rows: a patient's, an account's, a clinic's."""

    kind: ChainKind
    subject_id: UUID
