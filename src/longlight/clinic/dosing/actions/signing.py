"""The record of an ended session is read over and signed; what is said later stands under it."""

from datetime import datetime
from uuid import UUID

from longlight.clinic.dosing.actions.locking import AT_THE_CHAIR, locked_day, refuse
from longlight.clinic.dosing.models import DosingSession
from longlight.clinic.dosing.queries.signing import RECORD, said_of
from longlight.clinic.dosing.rules import reasons_not_to_sign
from longlight.clinic.people.access import require_role
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.actions import (
    Signable,
    add_to_signed,
    patient_chain,
    sign,
    writing,
)
from longlight.clinic.record.models import Addendum, Signature


def sign_record(*, session_id: UUID, viewer: Viewer, at: datetime) -> Signature:
    """Sign what the record says now. From the first signature on nothing in it is changed."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        refuse(reasons_not_to_sign(day.state))
        signature = sign(pen, _signable(day.session), said=said_of(day))
        if day.session.signed_at is None:
            day.session.signed_at = at
            day.session.save(update_fields=["signed_at"])
    return signature


def add_to_record(
    *, session_id: UUID, addendum_id: UUID, text: str, viewer: Viewer, at: datetime
) -> Addendum:
    """Add a text under a signed record. Raises `CannotSign`."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        return add_to_signed(pen, _signable(day.session), addendum_id=addendum_id, text=text)


def _signable(session: DosingSession) -> Signable:
    return Signable(RECORD, session.pk, patient_chain(session.patient_id))
