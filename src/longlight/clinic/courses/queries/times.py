"""Times for the visits of a course: how long each is, when what it needs is free, what still has no time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.courses.queries.timeline import CourseTimeline, TimelineSession
from longlight.clinic.courses.rules import CourseStatus, Limits, SessionStatus, limits_after
from longlight.clinic.people.models import Clinic
from longlight.clinic.people.rules import Viewer
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.queries import FreeTimes, free_times
from longlight.clinic.schedule.rules import Kind, usual_lengths
from longlight.science.protocols import Protocol, VisitKind

# What a planned visit is booked as; a check-in is answered at home and holds nothing.
BOOKED_AS = {
    VisitKind.PREPARATION: Kind.PREPARATION,
    VisitKind.DOSING: Kind.DOSING,
    VisitKind.TALK_THERAPY: Kind.THERAPY,
    VisitKind.INTEGRATION: Kind.THERAPY,
    VisitKind.REVIEW: Kind.REVIEW,
}
QUARTER_MIN = 15
MOST_DAYS_OFF = 7  # a proposal looks this far from the planned day, within what the protocol allows


@dataclass(frozen=True)
class Wish:
    """What a proposal starts from: the hour that suits, and what dosing visits and talks hold."""

    clock: time
    dosing_holds: frozenset[int]
    talk_holds: frozenset[int]

    def holds_for(self, session: PlannedSession) -> frozenset[int]:
        is_dose = session.kind == VisitKind.DOSING.value
        return self.dosing_holds if is_dose else self.talk_holds


@dataclass(frozen=True)
class Proposal:
    """A visit without a time, and the nearest free one; none where nothing is free within the protocol's days."""

    session: PlannedSession
    limits: Limits
    start: datetime | None  # by the clinic's clock
    length: timedelta

    @property
    def is_moved(self) -> bool:
        return self.start is not None and self.start.date() != self.session.on


def visit_length(protocol: Protocol, session: PlannedSession) -> timedelta:
    """How long a visit holds its chair or room: the protocol's own length, or else what is usual."""
    kind = VisitKind(session.kind)
    usual = usual_lengths()[BOOKED_AS[kind]].length
    if kind is VisitKind.DOSING:
        parts = (protocol.dose.duration, protocol.monitoring.minimum_stay)
        minutes = sum(int(part.value) for part in parts if part is not None and part.unit == "min")
        return max(usual, timedelta(minutes=-(-minutes // QUARTER_MIN) * QUARTER_MIN))
    visits = (v for p in protocol.phases if p.id == session.phase_id for v in p.visits)
    for visit in visits:
        if visit.title == session.title and visit.length is not None and visit.length.unit == "min":
            return timedelta(minutes=int(visit.length.value))
    return usual


def without_time(
    timeline: CourseTimeline, today: date, phase_id: str | None = None
) -> list[TimelineSession]:
    """The visits to come that take place at the clinic and have no time: of one phase, or of the first such."""
    for phase in timeline.phases:
        found = [each for each in phase.sessions if _needs_time(each, today)]
        if found and phase_id in {None, phase.phase.id}:
            return found
    return []


def _needs_time(each: TimelineSession, today: date) -> bool:
    return (
        each.session.on >= today
        and each.session.status == SessionStatus.PLANNED.value
        and each.appointment is None
        and VisitKind(each.session.kind) in BOOKED_AS
    )


def propose_times(
    timeline: CourseTimeline, visits: list[TimelineSession], wish: Wish, at: datetime
) -> list[Proposal]:
    """For each visit the free time nearest to its planned day and the hour wished, doses within their gaps."""
    if not visits:
        return []
    clinic = timeline.course.patient.clinic
    days = [each.session.on for each in visits]
    free = free_times(
        clinic=clinic,
        resource_ids=wish.dosing_holds | wish.talk_holds,
        patient_id=timeline.course.patient_id,
        first=min(days) - timedelta(days=MOST_DAYS_OFF),
        last=max(days) + timedelta(days=MOST_DAYS_OFF),
        after=at,
    )
    return list(_proposals(timeline, visits, wish, free, clinic))


def _proposals(
    timeline: CourseTimeline,
    visits: list[TimelineSession],
    wish: Wish,
    free: FreeTimes,
    clinic: Clinic,
) -> Iterator[Proposal]:
    phases = {phase.phase.id: phase.phase for phase in timeline.phases}
    wished = {each.session.pk for each in visits}
    last_dose: date | None = None
    zone = ZoneInfo(clinic.time_zone)
    for each in timeline.by_day:
        session = each.session
        limits = Limits(None, None)
        if each.is_dose:
            limits = limits_after(last_dose, phases[session.phase_id])
        start = None
        if session.pk in wished:
            length = visit_length(timeline.protocol, session)
            start = _nearest(session.on, limits, free, wish.holds_for(session), wish.clock, length)
            yield Proposal(session, limits, start and start.astimezone(zone), length)
            if start is not None:
                free.take(start, length, wish.holds_for(session))
        if each.is_dose and each.stands:
            last_dose = start.astimezone(zone).date() if start else session.on


def _nearest(
    day: date,
    limits: Limits,
    free: FreeTimes,
    holds: frozenset[int],
    clock: time,
    length: timedelta,
) -> datetime | None:
    """On the nearest day that has one: the first free time from the hour wished on, else the day's last before it."""
    for off in sorted(range(-MOST_DAYS_OFF, MOST_DAYS_OFF + 1), key=lambda n: (abs(n), n < 0)):
        on = day + timedelta(days=off)
        if not limits.hold(on):
            continue
        found = free.on(on, holds, length)
        later = [start for start in found if start.time() >= clock]
        if found:
            return later[0] if later else found[-1]
    return None


def courses_to_book(viewer: Viewer, today: date) -> list[tuple[Course, date, int]]:
    """Running courses with visits that have no time: each with the first such day, and how many; soonest first."""
    kinds = [kind.value for kind in BOOKED_AS]
    planned = (
        PlannedSession.objects.filter(
            course__patient__clinic_id=viewer.clinic_id,
            course__status=CourseStatus.ACTIVE.value,
            status=SessionStatus.PLANNED.value,
            kind__in=kinds,
            on__gte=today,
        )
        .select_related("course__patient")
        .order_by("on")
    )
    booked = set(
        Appointment.objects.filter(
            clinic_id=viewer.clinic_id, plan_id__isnull=False, holds__is_released=False
        ).values_list("plan_id", flat=True)
    )
    found: dict[UUID, tuple[Course, date, int]] = {}
    for session in planned:
        if session.pk not in booked:
            course, first, count = found.get(session.course_id, (session.course, session.on, 0))
            found[session.course_id] = (course, first, count + 1)
    return list(found.values())
