"""What changes a course: made from a protocol, its sessions moved, marked, cancelled; ended."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from longlight.clinic.approaches.queries import adopted
from longlight.clinic.assessments.actions.planning import FollowedCourse, Moment, follow_course
from longlight.clinic.courses import rules
from longlight.clinic.courses.access import MOVES_SESSIONS, require_may_change_visits
from longlight.clinic.courses.models import Course, PlannedSession, SessionMove
from longlight.clinic.courses.queries import timeline_of
from longlight.clinic.courses.rules import CannotPlan, CourseStatus, SessionStatus
from longlight.clinic.people.access import require_chart, require_role
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.clinic.record.rules import Actor
from longlight.clinic.schedule import actions as schedule
from longlight.clinic.schedule.queries import times_of_plans
from longlight.clinic.screening.queries import newest_decision, standing_consent
from longlight.science import protocols
from longlight.science.protocols import Outcome, VisitKind
from longlight.science.protocols.consents import wording_for
from longlight.science.schedules import OccasionKind

# What questionnaires are counted from.
COUNTED = {
    VisitKind.DOSING.value: OccasionKind.DOSE,
    VisitKind.CHECK_IN.value: OccasionKind.CHECK_IN,
}
STANDS = frozenset({SessionStatus.PLANNED.value, SessionStatus.DONE.value})


def start_course(
    *, patient_id: UUID, protocol_id: str, start_on: date, viewer: Viewer, at: datetime
) -> Course:
    """Make a course from the adopted version of a protocol. Raises `CannotPlan` with every reason."""
    require_role(viewer, Role.PRESCRIBER)
    patient = require_chart(viewer, patient_id, at)
    protocol = protocols.get(protocol_id)
    standing = {each.id: each for each in adopted(viewer=viewer)}
    protocol = standing.get(protocol_id, protocol)
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient.pk)
        decision = newest_decision(patient.id, protocol.approach)
        reasons = rules.reasons_not_to_start_course(
            outcome=Outcome(decision.outcome) if decision else None,
            has_consent=standing_consent(patient.id, wording_for(protocol)) is not None,
            wording=wording_for(protocol).title,
            is_adopted=protocol_id in standing,
            has_active_course=patient.courses.filter(status=CourseStatus.ACTIVE.value).exists(),
        )
        reasons += rules.reasons_against_far_day(start_on, at.date())
        if reasons:
            raise CannotPlan(" ".join(reasons))
        course = Course.objects.create(
            patient=patient,
            protocol_id=protocol.id,
            protocol_version=protocol.version,
            protocol_hash=protocols.content_hash(protocol),
            approach_id=protocol.approach,
            start_on=start_on,
            made_by_id=viewer.account_id,
            made_by_name=viewer.name,
            made_at=at,
        )
        PlannedSession.objects.bulk_create(_planned(course, protocol, start_on))
        note_course(pen, "course-made", course, protocol=protocol.id, version=protocol.version)
        tell_questionnaires(pen, course)
    return course


def _planned(course: Course, protocol: protocols.Protocol, start_on: date) -> list[PlannedSession]:
    return [
        PlannedSession(
            course=course,
            kind=session.kind.value,
            phase_id=session.phase_id,
            title=session.title,
            on=session.on,
            dose_number=session.dose_number,
            is_optional=session.is_optional,
        )
        for session in protocols.plan_sessions(protocol, start_on)
    ]


def move_session(
    *, session_id: UUID, day: date, today: date, reason: str, viewer: Viewer, at: datetime
) -> PlannedSession:
    """Move a planned session to another day. Raises `CannotPlan` with every reason."""
    require_role(viewer, *MOVES_SESSIONS)
    with writing(by=viewer.actor, at=at) as pen:
        session = _locked(session_id, viewer, at)
        limits = next(
            each.limits
            for each in timeline_of(session.course).sessions
            if each.session.pk == session.pk
        )
        if session.pk in times_of_plans(viewer.clinic_id, [session.pk]):
            raise CannotPlan(_("This visit has a time: choose the new time together with the day."))
        reasons = rules.reasons_not_to_move(
            status=SessionStatus(session.status),
            day=day,
            today=today,
            limits=limits,
            reason=reason,
            may_override=viewer.role is Role.PRESCRIBER,
        )
        if reasons:
            raise CannotPlan(" ".join(reasons))
        SessionMove.objects.create(
            session=session,
            from_day=session.on,
            to_day=day,
            reason=reason.strip(),
            at=at,
            by_id=viewer.account_id,
            by_name=viewer.name,
        )
        session.on = day
        save_session(session, "on")
        note_course(pen, "session-moved", session.course, session=session.pk)
        tell_questionnaires(pen, session.course)
    return session


def cancel_session(
    *, session_id: UUID, reason: str, viewer: Viewer, at: datetime
) -> PlannedSession:
    """Cancel one planned session; the rest of the plan stands."""
    require_role(viewer, *MOVES_SESSIONS)
    if not reason.strip():
        raise CannotPlan(_("Say why it is cancelled."))
    return _end_session(session_id, SessionStatus.CANCELLED, reason, viewer, at)


def mark_missed(*, session_id: UUID, reason: str, viewer: Viewer, at: datetime) -> PlannedSession:
    """The person did not come. It is kept as missed, not hidden."""
    require_role(viewer, *MOVES_SESSIONS)
    return _end_session(session_id, SessionStatus.MISSED, reason, viewer, at)


def _end_session(
    session_id: UUID, status: SessionStatus, reason: str, viewer: Viewer, at: datetime
) -> PlannedSession:
    with writing(by=viewer.actor, at=at) as pen:
        session = _locked(session_id, viewer, at)
        if session.status != SessionStatus.PLANNED.value:
            raise CannotPlan(
                _("This session stands at “{status}” already.").format(
                    status=rules.STATUS_WORDS[SessionStatus(session.status)]
                )
            )
        session.status, session.reason = status.value, reason.strip()
        save_session(session, "status", "reason")
        schedule.release_plan(
            by=viewer.actor,
            at=at,
            plan_id=session.pk,
            text=session.reason or status.value,
            is_missed=status is SessionStatus.MISSED,
        )
        note_course(pen, f"session-{status.value}", session.course, session=session.pk)
        tell_questionnaires(pen, session.course)
    return session


def mark_done(
    *, session_id: UUID, event_id: UUID, day: date, by: Actor, at: datetime
) -> PlannedSession:
    """A step says that the planned session happened, on `day`, and names its event. Safe to repeat for the same event."""
    with writing(by=by, at=at) as pen:
        session = (
            PlannedSession.objects.select_for_update(of=("self",))
            .select_related("course")
            .get(pk=session_id, course__patient__clinic=by.clinic_id)
        )
        if session.status == SessionStatus.DONE.value and session.event_id != event_id:
            raise CannotPlan(_("Another event is already kept for this session."))
        session.status, session.event_id, session.on = SessionStatus.DONE.value, event_id, day
        save_session(session, "status", "event_id", "on")
        schedule.happened(by=by, at=at, plan_id=session.pk)
        note_course(pen, "session-done", session.course, session=session.pk, event=event_id)
        tell_questionnaires(pen, session.course)
    return session


def end_course(
    *, course_id: UUID, status: CourseStatus, reason: str, viewer: Viewer, at: datetime
) -> Course:
    """Complete, stop or cancel a course; what is still planned in it is cancelled with it."""
    require_role(viewer, Role.PRESCRIBER)
    with writing(by=viewer.actor, at=at) as pen:
        course = (
            Course.objects.select_for_update()
            .filter(pk=course_id, patient__clinic_id=viewer.clinic_id)
            .first()
        )
        if course is None:
            raise CannotPlan(_("There is no such course."))
        require_chart(viewer, course.patient_id, at)
        if reasons := rules.reasons_not_to_end(CourseStatus(course.status), reason):
            raise CannotPlan(" ".join(reasons))
        course.status, course.end_reason, course.ended_at = status.value, reason.strip(), at
        course.save(update_fields=["status", "end_reason", "ended_at"])
        why = _("the course: %(status)s") % {"status": rules.COURSE_WORDS[status]}
        ending = course.sessions.filter(status=SessionStatus.PLANNED.value)
        for plan_id in times_of_plans(viewer.clinic_id, [session.pk for session in ending]):
            schedule.release_plan(by=viewer.actor, at=at, plan_id=plan_id, text=why)
        ending.update(
            status=SessionStatus.CANCELLED.value,
            reason=why,
            version=F("version") + 1,
        )
        note_course(pen, f"course-{status.value}", course)
        tell_questionnaires(pen, course)
    return course


def tell_questionnaires(pen: Pen, course: Course) -> None:
    """What is asked follows the plan: its doses and check-ins as they stand now."""
    moments = tuple(
        Moment(
            each.pk, COUNTED[each.kind], each.on, each.phase_id, each.status in STANDS,
            each.status == SessionStatus.DONE.value,
        )
        for each in course.sessions.filter(kind__in=list(COUNTED))
    )  # fmt: skip
    followed = FollowedCourse(
        course.pk, course.patient_id, course.protocol_id, course.protocol_version,
        course.start_on, course.status != CourseStatus.CANCELLED.value, moments,
    )  # fmt: skip
    follow_course(course=followed, by=pen.by, at=pen.at)


def _locked(session_id: UUID, viewer: Viewer, at: datetime) -> PlannedSession:
    session = (
        PlannedSession.objects.select_for_update(of=("self",))
        .select_related("course__patient")
        .filter(pk=session_id, course__patient__clinic_id=viewer.clinic_id)
        .first()
    )
    if session is None:
        raise CannotPlan(_("There is no such session."))
    require_may_change_visits(viewer, session.course.patient, at)
    return session


def save_session(session: PlannedSession, *fields: str) -> None:
    session.version += 1
    session.save(update_fields=[*fields, "version"])


def note_course(pen: Pen, verb: str, course: Course, **details: object) -> None:
    pen.note(
        verb,
        chain=patient_chain(course.patient_id),
        object_kind="course",
        object_id=course.pk,
        **details,
    )
