"""Times for the visits of a course: a series booked as a whole or not at all, and one visit moved with its time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longlight.clinic.courses import rules
from longlight.clinic.courses.access import MOVES_SESSIONS, require_may_change_visits
from longlight.clinic.courses.actions.plan import (
    note_course,
    save_session,
    tell_questionnaires,
)
from longlight.clinic.courses.models import Course, PlannedSession, SessionMove
from longlight.clinic.courses.queries.times import BOOKED_AS, visit_length
from longlight.clinic.courses.rules import CannotBookSeries, CannotPlan, SessionStatus, VisitTime
from longlight.clinic.people.access import require_role
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import Pen, writing
from longlight.clinic.schedule import actions as schedule
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.queries import times_of_plans
from longlight.clinic.schedule.rules import Booking, CannotBook, Reason
from longlight.science import protocols
from longlight.science.protocols import VisitKind

BOOKED_FOR = gettext_lazy("booked for this day")


def book_series(
    *, course_id: UUID, times: Sequence[VisitTime], reason: str, viewer: Viewer, at: datetime
) -> list[Appointment]:
    """Book a time for each of these visits, all or none. Raises `CannotBookSeries` with every conflict, by visit.

    A visit that stands booked at just this time is left as it is, so that sending a page twice books once.
    """
    require_role(viewer, *MOVES_SESSIONS)
    with writing(by=viewer.actor, at=at) as pen:
        course = _locked_course(course_id, viewer, at)
        sessions = {session.pk: session for session in course.sessions.all()}
        standing = times_of_plans(viewer.clinic_id, list(sessions))
        wished = [each for each in times if not _stands(each, standing.get(each.session_id))]
        _refuse(
            _against_each(wished, sessions, standing),
            _against_days(course, sessions, wished, reason, viewer),
        )
        made, conflicts = [], {}
        for each in sorted(wished, key=lambda each: each.start_at):
            try:
                made.append(_book(sessions[each.session_id], course, each, viewer, at))
            except CannotBook as refused:
                conflicts[each.session_id] = refused.reasons
        _refuse(conflicts, ())
        for each in wished:
            _take_day(
                pen, sessions[each.session_id], each.day, reason or str(BOOKED_FOR), viewer, at
            )
        note_course(
            pen, "series-booked", course, sessions=[str(each.session_id) for each in wished]
        )
        tell_questionnaires(pen, course)
    return made


def move_booked(
    *,
    time: VisitTime,
    booking_id: UUID,
    length: timedelta,
    version: int,
    reason: str,
    viewer: Viewer,
    at: datetime,
) -> Appointment:
    """Move a visit that has a time: plan and appointment together, or neither. Raises `CannotPlan`, `CannotBook`."""
    require_role(viewer, *MOVES_SESSIONS)
    if not reason.strip():
        raise CannotPlan(_("Say why it is moved."))
    with writing(by=viewer.actor, at=at) as pen:
        course = _locked_course_of(time.session_id, viewer, at)
        sessions = {session.pk: session for session in course.sessions.all()}
        session = sessions[time.session_id]
        old = times_of_plans(viewer.clinic_id, [session.pk]).get(session.pk)
        if old is None or session.status != SessionStatus.PLANNED.value:
            raise CannotPlan(
                _("This visit has no time that could be moved: open the course again.")
            )
        if old.pk == booking_id:  # the same page, sent twice
            note_course(pen, "series-repeated", course, session=session.pk)
            return old
        against = _against_days(course, sessions, [time], reason, viewer)
        if against:
            raise CannotPlan(" ".join(against))
        moved = schedule.move(
            viewer=viewer,
            at=at,
            appointment_id=old.pk,
            version=version,
            booking=Booking(
                booking_id,
                BOOKED_AS[VisitKind(session.kind)],
                time.start_at,
                length,
                time.resource_ids,
            ),
            reason=Reason.OTHER,
            text=reason.strip()[:300],
        )
        _take_day(pen, session, time.day, reason, viewer, at)
        note_course(pen, "session-moved", course, session=session.pk)
        tell_questionnaires(pen, course)
    return moved


def _locked_course(course_id: UUID, viewer: Viewer, at: datetime) -> Course:
    course = (
        Course.objects.select_for_update(of=("self",))
        .select_related("patient")
        .filter(pk=course_id, patient__clinic_id=viewer.clinic_id)
        .first()
    )
    if course is None:
        raise CannotPlan(_("There is no such course."))
    require_may_change_visits(viewer, course.patient, at)
    return course


def _locked_course_of(session_id: UUID, viewer: Viewer, at: datetime) -> Course:
    found = PlannedSession.objects.filter(pk=session_id).values_list("course_id", flat=True).first()
    if found is None:
        raise CannotPlan(_("There is no such session."))
    return _locked_course(found, viewer, at)


def _stands(wish: VisitTime, booked: Appointment | None) -> bool:
    return booked is not None and booked.start_at == wish.start_at


def _against_each(
    wished: Sequence[VisitTime],
    sessions: dict[UUID, PlannedSession],
    standing: dict[UUID, Appointment],
) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    for each in wished:
        session = sessions.get(each.session_id)
        if session is None:
            raise CannotPlan(_("There is no such session."))
        if session.status != SessionStatus.PLANNED.value:
            found[session.pk] = (
                _("This visit stands at “{status}” already.").format(
                    status=rules.STATUS_WORDS[SessionStatus(session.status)]
                ),
            )
        elif session.pk in standing:
            found[session.pk] = (_("This visit has a time already: move that one."),)
        elif VisitKind(session.kind) not in BOOKED_AS:
            found[session.pk] = (_("This visit takes place at home and needs no time here."),)
    return found


def _against_days(
    course: Course,
    sessions: dict[UUID, PlannedSession],
    wished: Sequence[VisitTime],
    reason: str,
    viewer: Viewer,
) -> tuple[str, ...]:
    counts = {SessionStatus.PLANNED.value, SessionStatus.DONE.value}
    doses = sorted(
        (s for s in sessions.values() if s.kind == VisitKind.DOSING.value and s.status in counts),
        key=lambda s: (s.dose_number or 0, s.on),
    )
    new_day: dict[UUID, date] = {each.session_id: each.day for each in wished}
    return rules.reasons_against_series(
        protocols.get(course.protocol_id, course.protocol_version),
        [(dose.phase_id, dose.on) for dose in doses],
        [(dose.phase_id, new_day.get(dose.pk, dose.on)) for dose in doses],
        reason=reason,
        may_override=viewer.role is Role.PRESCRIBER,
    )


def _refuse(by_visit: dict[UUID, tuple[str, ...]], common: tuple[str, ...]) -> None:
    if by_visit or common:
        raise CannotBookSeries(by_visit, common)


def _book(
    session: PlannedSession, course: Course, wish: VisitTime, viewer: Viewer, at: datetime
) -> Appointment:
    kind = VisitKind(session.kind)
    protocol = protocols.get(course.protocol_id, course.protocol_version)
    return schedule.book(
        viewer=viewer,
        at=at,
        booking=Booking(
            id=uuid5(session.pk, f"{session.version}"),
            kind=BOOKED_AS[kind],
            start_at=wish.start_at,
            length=visit_length(protocol, session),
            resource_ids=wish.resource_ids,
            patient_id=course.patient_id,
            plan_id=session.pk,
        ),
    )


def _take_day(
    pen: Pen, session: PlannedSession, day: date, reason: str, viewer: Viewer, at: datetime
) -> None:
    """The plan follows the appointment's day. The version moves on with each booking, whatever the day."""
    if session.on != day:
        SessionMove.objects.create(
            session=session,
            from_day=session.on,
            to_day=day,
            reason=reason.strip()[:400],
            at=at,
            by_id=viewer.account_id,
            by_name=viewer.name,
        )
    session.on = day
    save_session(session, "on")
