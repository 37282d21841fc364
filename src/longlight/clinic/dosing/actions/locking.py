"""What every action on a session begins and ends with: the locked session, its next state, its audit row."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.dosing.models import DosingSession
from longlight.clinic.dosing.queries import DosingDay
from longlight.clinic.dosing.rules import CannotDo, SessionState, reasons_not_to_move_on
from longlight.clinic.people.access import require_chart_of
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import Pen, patient_chain
from longlight.clinic.record.prepared import Prepared

AT_THE_CHAIR = (Role.NURSE, Role.PRESCRIBER)


def locked_day(session_id: UUID, viewer: Viewer, at: datetime) -> DosingDay:
    """The day, its session locked until the write ends. Another clinic's: as if there were none."""
    session = _SESSIONS.first(session_id=session_id, clinic_id=viewer.clinic_id)
    if session is None:
        raise CannotDo(_("There is no such session."))
    require_chart_of(viewer, session.patient, at)
    return DosingDay(session, at)


_SESSIONS = Prepared(
    lambda session_id, clinic_id: (
        DosingSession.objects.select_for_update(of=("self",))
        .select_related("patient", "planned__course")
        .filter(pk=session_id, clinic_id=clinic_id)
    ),
    session_id=UUID,
    clinic_id=UUID,
)


def move_on(pen: Pen, session: DosingSession, to: SessionState, *fields: str) -> None:
    """Take the session to its next state and note it. `fields` were set by the caller and are saved with it."""
    refuse(reasons_not_to_move_on(SessionState(session.state), to))
    session.state = to.value
    session.version += 1
    session.save(update_fields=["state", "version", *fields])
    note(pen, session, f"session-{to.value}")


def reasons_if_signed(day: DosingDay) -> list[str]:
    """What was signed is not changed."""
    if day.session.signed_at is None:
        return []
    return [_("The record of this session is signed: add what is missing as an addendum.")]


def refuse(reasons: list[str]) -> None:
    if reasons:
        raise CannotDo(" ".join(reasons))


def note(pen: Pen, session: DosingSession, verb: str, **details: object) -> None:
    pen.note(
        verb,
        chain=patient_chain(session.patient_id),
        object_kind="dosing-session",
        object_id=session.pk,
        **details,
    )
