"""Arriving, the checks, being cleared, leaving."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.courses.actions import mark_done, mark_missed
from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.courses.rules import STATUS_WORDS, SessionStatus
from longlight.clinic.dosing import rules
from longlight.clinic.dosing.actions.locking import (
    AT_THE_CHAIR,
    locked_day,
    move_on,
    note,
    refuse,
)
from longlight.clinic.dosing.models import CheckAnswer, DosingSession
from longlight.clinic.dosing.queries import DosingDay
from longlight.clinic.dosing.rules import ENDED, WATCHED, CannotDo, SessionState
from longlight.clinic.people.access import require_role
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import writing

RECEIVES = (Role.FRONT_DESK, Role.NURSE, Role.PRESCRIBER)


def arrive(*, planned_id: UUID, viewer: Viewer, at: datetime) -> DosingSession:
    """The person is here. Saying so twice changes nothing."""
    require_role(viewer, *RECEIVES)
    with writing(by=viewer.actor, at=at) as pen:
        planned = (
            PlannedSession.objects.select_for_update(of=("self",))
            .select_related("course")
            .filter(pk=planned_id, course__patient__clinic_id=viewer.clinic_id)
            .first()
        )
        if planned is None:
            raise CannotDo(_("There is no such session."))
        session, is_new = DosingSession.objects.get_or_create(
            planned=planned,
            defaults={"clinic_id": viewer.clinic_id, "patient_id": planned.course.patient_id},
        )
        if not is_new and session.state == SessionState.ARRIVED.value:
            note(pen, session, "session-arrived-repeated")
            return session
        if planned.status != SessionStatus.PLANNED.value:
            raise CannotDo(
                _("The planned session stands at “{status}”.").format(
                    status=STATUS_WORDS[SessionStatus(planned.status)]
                )
            )
        session.arrived_at = at
        move_on(pen, session, SessionState.ARRIVED, "arrived_at")
    return session


def answer_checks(
    *, session_id: UUID, gate_id: str, answers: Mapping[str, bool], viewer: Viewer, at: datetime
) -> None:
    """Keep the yes or no of each check; one that says the same as before is not kept again."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        if day.state not in WATCHED:
            raise CannotDo(
                _("The session stands at “{state}”: nothing more is checked.").format(
                    state=rules.STATE_WORDS[day.state]
                )
            )
        gate = next((g for g in (day.readiness, day.discharge) if g.id == gate_id), None)
        known = {asked.check.id for asked in day.asked(gate)} if gate else set()
        if gate is None or set(answers) - known:
            raise CannotDo(_("There is no such check in this protocol."))
        for check_id, holds in answers.items():
            before = day.answers.get((gate_id, check_id))
            if before is None or before.holds is not holds:
                CheckAnswer.objects.create(
                    session=day.session,
                    gate_id=gate_id,
                    gate_version=gate.version,
                    check_id=check_id,
                    holds=holds,
                    at=at,
                    by_id=viewer.account_id,
                    by_name=viewer.name,
                )
        note(pen, day.session, "checks-answered", gate=gate_id, checks=sorted(answers))


def clear(
    *, session_id: UUID, overrides: Mapping[str, str], viewer: Viewer, at: datetime
) -> DosingSession:
    """Everything holds: the dose may start. A prescriber's reasons open what may be overridden."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        given = {key: reason for key, reason in overrides.items() if reason.strip()}
        if given and viewer.role is not Role.PRESCRIBER:
            raise CannotDo(_("Only a prescriber gives reasons against a check."))
        refuse(rules.reasons_not_to_move_on(day.state, SessionState.CLEARED))
        refuse(rules.standing_reasons(day.reasons_not_to_start(), given))
        session = day.session
        session.cleared_at, session.cleared_by_name, session.overrides = at, viewer.name, given
        move_on(pen, session, SessionState.CLEARED, "cleared_at", "cleared_by_name", "overrides")
    return session


def name_escort(*, session_id: UUID, name: str, viewer: Viewer, at: datetime) -> None:
    """Who takes the person home, seen here."""
    require_role(viewer, *AT_THE_CHAIR)
    if not name.strip():
        raise CannotDo(_("Write who takes the person home."))
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        if day.state not in WATCHED:
            raise CannotDo(
                _("The session stands at “{state}”.").format(state=rules.STATE_WORDS[day.state])
            )
        day.session.escort_name = name.strip()
        day.session.save(update_fields=["escort_name"])
        note(pen, day.session, "escort-named")


def ready_to_leave(*, session_id: UUID, viewer: Viewer, at: datetime) -> DosingSession:
    """Every leaving rule holds now."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        refuse(rules.reasons_not_to_move_on(day.state, SessionState.READY_TO_LEAVE))
        refuse([reason.sentence.said(_) for reason in day.reasons_not_to_leave()])
        move_on(pen, day.session, SessionState.READY_TO_LEAVE)
    return day.session


def leave(*, session_id: UUID, viewer: Viewer, at: datetime) -> DosingSession:
    """The person leaves with the escort; the planned session is marked done. The rules are asked once more."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        ended_early = day.dose is not None and bool(day.dose.stop_reason)
        to = SessionState.STOPPED if ended_early else SessionState.FINISHED
        refuse(rules.reasons_not_to_move_on(day.state, to))
        refuse([reason.sentence.said(_) for reason in day.reasons_not_to_leave()])
        day.session.ended_at = at
        move_on(pen, day.session, to, "ended_at")
        _mark_planned_done(day, viewer, at)
    return day.session


def _mark_planned_done(day: DosingDay, viewer: Viewer, at: datetime) -> None:
    mark_done(
        session_id=day.session.planned_id,
        event_id=day.session.pk,
        day=day.session.planned.on,
        by=viewer.actor,
        at=at,
    )


def end_otherwise(
    *, session_id: UUID, to: SessionState, reason: str, viewer: Viewer, at: datetime
) -> DosingSession:
    """Cancelled on the day, left early, or transferred; always with a reason."""
    require_role(viewer, *AT_THE_CHAIR)
    if to not in ENDED - {SessionState.FINISHED, SessionState.STOPPED}:
        raise CannotDo(_("A session cannot end that way here."))
    if not reason.strip():
        raise CannotDo(_("Say why."))
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        day.session.ended_at, day.session.end_reason = at, reason.strip()
        move_on(pen, day.session, to, "ended_at", "end_reason")
        if day.dose is None:
            mark_missed(session_id=day.session.planned_id, reason=reason, viewer=viewer, at=at)
        else:
            _mark_planned_done(day, viewer, at)
    return day.session
