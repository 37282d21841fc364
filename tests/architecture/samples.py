"""What stands for the parts of a URL in the access matrix: something of clinic A, and the same of clinic B.

A step that adds a URL with an id of its own adds a line here: what the part is called, and how to make or find one
for a person's clinic. A part that is not here is tried with an id that nobody has.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.cast import MADE_AT, Cast

from longlight.clinic.people.models import EmergencyAccess, Invitation

UNKNOWN = {"uuid": uuid.UUID(int=7), "int": 987654321, "slug": "unknown", "str": "unknown"}


@dataclass(frozen=True)
class Sample:
    own: object
    other: object


def _patients(cast: Cast) -> Sample:
    return Sample(cast.patient.patient.id, cast.patient_of_b.patient.id)


def _accounts(cast: Cast) -> Sample:
    return Sample(cast.nurse.account.id, cast.nurse_of_b.account.id)


def _invitations(cast: Cast) -> Sample:
    def made(clinic: object, mark: str) -> uuid.UUID:
        return Invitation.objects.create(
            clinic=clinic, email=f"{mark}@cast.example", name="New", role="nurse", reason="growth",
            token_hash=mark * 64, invited_by_name="cast", invited_at=MADE_AT,
            expires_at=MADE_AT + timedelta(days=36500),
        ).id  # fmt: skip

    return Sample(made(cast.clinic_a, "a"), made(cast.clinic_b, "b"))


def _emergencies(cast: Cast) -> Sample:
    def made(patient: object, account: object) -> uuid.UUID:
        return EmergencyAccess.objects.create(
            patient=patient, account=account, role="nurse", reason="found unresponsive at home",
            began_at=MADE_AT, ends_at=MADE_AT + timedelta(days=36500),
        ).id  # fmt: skip

    return Sample(
        made(cast.patient.patient, cast.nurse.account),
        made(cast.patient_of_b.patient, cast.nurse_of_b.account),
    )


SAMPLES: dict[str, Callable[[Cast], Sample]] = {
    "patient_id": _patients,
    "account_id": _accounts,
    "invitation_id": _invitations,
    "access_id": _emergencies,
}
# Parts that are not ids: any clinic's are alike.
PLAIN: dict[str, object] = {"change": "enable"}
# URLs whose object is also bound to one person: to others it is as foreign as another clinic's.
ONLY_FOR = {"people-end-emergency": {"nurse", "nurse_of_b"}}
# Pages of one's own that not everybody has: recovery codes, an authenticator app to remove.
NOT_FOR_ALL = {
    "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_deactivate_totp",
    "people-change-account",
}  # fmt: skip
