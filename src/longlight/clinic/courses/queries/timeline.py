"""What is known of courses: the one timeline that patient and staff see."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.courses.rules import CourseStatus, Limits, SessionStatus, limits_after
from longlight.clinic.people.access import require_chart
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.prepared import Prepared
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.queries import times_of_plans
from longlight.science import protocols
from longlight.science.protocols import Phase, Protocol, VisitKind


@dataclass(frozen=True)
class TimelineSession:
    """A planned session, with the days that the protocol allows it after the dose before it."""

    session: PlannedSession
    limits: Limits
    appointment: Appointment | None = None

    @property
    def is_dose(self) -> bool:
        return self.session.kind == VisitKind.DOSING.value

    @property
    def stands(self) -> bool:
        """Whether it happened or still shall."""
        return self.session.status in {SessionStatus.PLANNED.value, SessionStatus.DONE.value}


@dataclass(frozen=True)
class TimelinePhase:
    phase: Phase
    sessions: tuple[TimelineSession, ...]


@dataclass(frozen=True)
class CourseTimeline:
    """A course in its phases. `doses_done` of `doses_planned` counts the first phase that doses."""

    course: Course
    protocol: Protocol
    phases: tuple[TimelinePhase, ...]

    @property
    def sessions(self) -> tuple[TimelineSession, ...]:
        return tuple(session for phase in self.phases for session in phase.sessions)

    @property
    def by_day(self) -> list[TimelineSession]:
        return sorted(self.sessions, key=lambda each: (each.session.on, each.is_dose))

    @property
    def doses_done(self) -> int:
        return sum(
            s.is_dose and s.session.status == SessionStatus.DONE.value for s in self.sessions
        )

    def next_session(self, today: date) -> TimelineSession | None:
        """The first session that still lies ahead."""
        ahead = [
            s
            for s in self.sessions
            if s.session.status == SessionStatus.PLANNED.value and s.session.on >= today
        ]
        return min(ahead, key=lambda s: s.session.on, default=None)


def courses_of(*, patient_id: UUID, viewer: Viewer, at: datetime) -> tuple[Course, ...]:
    """A patient's courses, newest first. Raises `Refused`."""
    patient = require_chart(viewer, patient_id, at)
    return tuple(patient.courses.order_by("-start_on", "-made_at"))


def active_course(*, patient_id: UUID, viewer: Viewer, at: datetime) -> Course | None:
    patient = require_chart(viewer, patient_id, at)
    return _ACTIVE.first(patient_id=patient.pk)


_ACTIVE = Prepared(
    lambda patient_id: (
        Course.objects.filter(patient_id=patient_id, status=CourseStatus.ACTIVE.value)
        .select_related("patient__clinic")
        .order_by("pk")[:1]
    ),
    patient_id=UUID,
)


def course_timeline(*, course_id: UUID, viewer: Viewer, at: datetime) -> CourseTimeline:
    """A course's timeline. Raises `Course.DoesNotExist` for another clinic's, and `Refused`."""
    course = Course.objects.select_related("patient__clinic").get(
        pk=course_id, patient__clinic_id=viewer.clinic_id
    )
    require_chart(viewer, course.patient_id, at)
    return timeline_of(course)


def timeline_of(course: Course) -> CourseTimeline:
    protocol = protocols.get(course.protocol_id, course.protocol_version)
    by_phase: dict[str, list[TimelineSession]] = {phase.id: [] for phase in protocol.phases}
    phases = {phase.id: phase for phase in protocol.phases}
    last_dose: date | None = None
    planned = list(course.sessions.all())
    times = times_of_plans(course.patient.clinic_id, [session.pk for session in planned])
    for session in planned:
        is_dose = session.kind == VisitKind.DOSING.value
        limits = (
            limits_after(last_dose, phases[session.phase_id]) if is_dose else Limits(None, None)
        )
        by_phase[session.phase_id].append(TimelineSession(session, limits, times.get(session.pk)))
        if is_dose and by_phase[session.phase_id][-1].stands:
            last_dose = session.on
    return CourseTimeline(
        course,
        protocol,
        tuple(TimelinePhase(phases[key], tuple(found)) for key, found in by_phase.items()),
    )
