"""Who acts, on whose record, and what a hash chain is: values and arithmetic, no database and no clock."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext as _

GENESIS = "0" * 64  # what the first row of a chain names as the hash before it


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


class OnLooker(Protocol):
    """As much of a viewer as the record needs to know; `people.rules.Viewer` is one."""

    @property
    def clinic_id(self) -> UUID: ...
    @property
    def patient_id(self) -> UUID | None: ...


class ChainKind(StrEnum):
    PATIENT = "patient"
    READS = "reads"  # who looked at a patient's chart
    ACCOUNT = "account"
    CLINIC = "clinic"
    LEDGER = "ledger"  # a clinic's stock of one drug


@dataclass(frozen=True, order=True)
class Chain:
    """One hash chain of audit rows: a patient's, an account's, a clinic's."""

    kind: ChainKind
    subject_id: UUID

    def __str__(self) -> str:
        return f"{self.kind.value} {self.subject_id}"


class FactStatus(StrEnum):
    """What becomes of a fact. It is never edited or deleted: it is marked, and a successor takes its place."""

    FINAL = "final"
    ENTERED_IN_ERROR = "entered-in-error"


class CannotCorrect(Exception):
    """A correction that is refused; the message is a sentence for people."""


MINIMUM_REASON_CHARACTERS = 3


def reasons_not_to_correct(status: str, reason: str) -> list[str]:
    """Every reason why a fact in this status may not be corrected with this reason; empty when it may."""
    reasons = []
    if status != FactStatus.FINAL:
        reasons.append(
            _("This entry was already corrected. Open its successor and correct that one.")
        )
    if len(reason.strip()) < MINIMUM_REASON_CHARACTERS:
        reasons.append(_("Say why the entry is wrong."))
    return reasons


class CannotSign(Exception):
    """A signature or an addendum that is refused; the message is a sentence for people."""


LONGEST_ADDENDUM_CHARACTERS = 4000


def reasons_not_to_add(text: str, *, is_signed: bool) -> list[str]:
    """Every reason why an addendum is not taken."""
    reasons = []
    if not is_signed:
        reasons.append(_("It is not signed yet: correct it, and sign it then."))
    if not text.strip():
        reasons.append(_("Write what is to be added."))
    if len(text) > LONGEST_ADDENDUM_CHARACTERS:
        reasons.append(
            _("Write at most %(most)s characters.") % {"most": LONGEST_ADDENDUM_CHARACTERS}
        )
    return reasons


def digest_of(said: object) -> str:
    """What stands for everything that a record says, whichever database it is read from."""
    text = json.dumps(storable(said), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


_AS_IT_IS = frozenset({type(None), bool, str, int})


def storable(value: object) -> object:
    """The JSON value that a database keeps and gives back unchanged.

    PostgreSQL rewrites some numbers (1e22 becomes an integer, -0.0 loses its sign) and SQLite does not, so a
    fraction is kept as its text: a chain must verify after a restore into the other database.
    """
    if type(value) in _AS_IT_IS:  # most are; a million rows are checked in one go
        return value
    if isinstance(value, bool | str) and not isinstance(value, Enum):
        return value
    if isinstance(value, Enum):
        return storable(value.value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Mapping):
        return {str(storable(name)): storable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted((storable(inner) for inner in value), key=str)
    return value.isoformat() if isinstance(value, date) else str(value)


def instant(at: datetime) -> str:
    """A moment as text that does not depend on the zone it came in: UTC, with six places."""
    if at.tzinfo is None:
        raise ValueError("a moment in the record needs its time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def chained_hash(said: Mapping[str, object], previous_hash: str, key: str) -> str:
    """HMAC-SHA-256 over everything that is said and the hash before it, keyed outside the database.

    The text that is hashed is JSON with sorted names and no spaces, in ASCII.
    """
    text = json.dumps(
        {"said": storable(said), "after": previous_hash},
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    )
    return hmac.new(key.encode(), text.encode("ascii"), hashlib.sha256).hexdigest()
