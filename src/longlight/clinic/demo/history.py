"""The demo's past: courses that ended or go on with boosters, so that every figure and table has something to show.

Among them one who relapsed, one who missed visits, one who stopped, one without a score, one whose window is open.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from longlight.clinic.assessments.actions import import_scores
from longlight.clinic.assessments.models import Assessment
from longlight.clinic.assessments.rules import Entry, ReadFile, ScoreEntry
from longlight.clinic.courses.actions import end_course, mark_done, mark_missed, start_course
from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.courses.rules import CourseStatus
from longlight.clinic.demo.past_days import keep_past_days
from longlight.clinic.demo.path import NOON_UTC, screen
from longlight.clinic.demo.people import HARBOR, RIDGE, DemoClinic, demo_id
from longlight.clinic.demo.staff import Staff, staff_of
from longlight.clinic.people.models import Patient
from longlight.science import instruments, protocols
from longlight.science.protocols import VisitKind

TALKS = (VisitKind.PREPARATION.value, VisitKind.TALK_THERAPY.value, VisitKind.INTEGRATION.value)


@dataclass(frozen=True)
class Past:
    """A course that began so many days ago: PHQ-9 totals by day since its first dose, doses missed, how it ended."""

    clinic: DemoClinic
    number: str
    protocol_id: str
    began_days_ago: int
    phq_9: tuple[tuple[int, int], ...] = ()
    missed: tuple[int, ...] = ()
    ended: CourseStatus | None = CourseStatus.COMPLETED
    why: str = "The first six and the boosters agreed on are done."


PASTS = (
    Past(HARBOR, "LL-0401", "iv-twice-weekly", 69, ended=None),
    Past(HARBOR, "LL-0412", "iv-twice-weekly", 170, ((-3, 19), (9, 12), (26, 4), (60, 5), (104, 16)),
         why="Well for ten weeks, then the symptoms came back; another course is talked over."),
    Past(HARBOR, "LL-0413", "iv-twice-weekly", 150, ((-2, 21), (10, 15), (27, 9), (58, 8))),
    Past(HARBOR, "LL-0414", "iv-twice-weekly", 133, ((-4, 17), (28, 15)), missed=(4, 5),
         ended=CourseStatus.STOPPED, why="Two visits missed for want of a ride; no change; stops here."),
    Past(HARBOR, "LL-0415", "iv-twice-weekly", 120),
    Past(HARBOR, "LL-0416", "iv-twice-weekly", 21, ((-1, 20), (11, 13)), ended=None),
    Past(HARBOR, "LL-0417", "iv-with-talk-therapy", 160, ((-3, 18), (14, 11), (40, 3), (75, 4))),
    Past(HARBOR, "LL-0418", "iv-with-talk-therapy", 140, ((-2, 23), (15, 17), (44, 10), (80, 9))),
    Past(HARBOR, "LL-0419", "iv-with-talk-therapy", 110, ((-5, 16), (13, 14), (41, 12))),
    Past(HARBOR, "LL-0420", "im-experience", 155, ((-3, 19), (30, 14), (70, 8))),
    Past(HARBOR, "LL-0421", "im-experience", 130, ((-2, 22), (30, 21), (68, 19)),
         ended=CourseStatus.STOPPED, why="No benefit after three sessions; referred back to her psychiatrist."),
    Past(RIDGE, "CR-103", "esketamine-by-label", 125, ((-2, 20), (15, 12), (36, 7))),
    Past(RIDGE, "CR-104", "esketamine-by-label", 95, ((-3, 18), (36, 16))),
)  # fmt: skip


def build_history(today: date, at: datetime) -> None:
    """Whoever has a course already is left as they are."""
    for past in PASTS:
        patient = Patient.objects.get(pk=demo_id("patient", past.clinic.slug, past.number))
        if not Course.objects.filter(patient=patient).exists():
            _live_through(past, patient, today)


def _live_through(past: Past, patient: Patient, today: date) -> None:
    staff = staff_of(past.clinic)
    protocol = protocols.get(past.protocol_id)
    start_on = today - timedelta(days=past.began_days_ago)
    begun = _noon(start_on - timedelta(days=3))
    screen(patient, protocol, staff, begun)
    course = start_course(
        patient_id=patient.pk,
        protocol_id=protocol.id,
        start_on=start_on,
        viewer=staff.prescriber,
        at=begun,
    )
    behind = list(
        course.sessions.filter(on__lt=today, kind__in=[VisitKind.DOSING.value, *TALKS]).order_by(
            "on"
        )
    )
    given = [
        (session, _noon(session.on))
        for session in behind
        if session.kind == VisitKind.DOSING.value and _took_place(past, session)
    ]
    events = keep_past_days(given, patient, protocol, staff)
    for session in behind:
        _take_place(past, session, staff, events)
    if past.phq_9 and not Assessment.objects.filter(patient=patient).exists():
        _score(past, patient, start_on, staff, min(_noon(today), begun + timedelta(days=170)))
    if past.ended is not None:
        end_course(
            course_id=course.pk,
            status=past.ended,
            reason=past.why,
            viewer=staff.prescriber,
            at=_noon(today - timedelta(days=1)),
        )


def _noon(day: date) -> datetime:
    return datetime.combine(day, NOON_UTC, UTC)


def _is_missed(past: Past, session: PlannedSession) -> bool:
    return session.kind == VisitKind.DOSING.value and session.dose_number in past.missed


def _took_place(past: Past, session: PlannedSession) -> bool:
    if _is_missed(past, session):
        return False
    return not past.missed or (session.dose_number or 0) < max(past.missed)


def _take_place(
    past: Past, session: PlannedSession, staff: Staff, events: Mapping[UUID, UUID]
) -> None:
    at = _noon(session.on)
    if _is_missed(past, session):
        mark_missed(session_id=session.pk, reason="no ride home", viewer=staff.front_desk, at=at)
    elif _took_place(past, session):
        talked = demo_id("past", str(past.number), session.title, str(session.on))
        mark_done(
            session_id=session.pk,
            event_id=events.get(session.pk, talked),
            day=session.on,
            by=staff.nurse.actor,
            at=at,
        )


def _score(past: Past, patient: Patient, start_on: date, staff: Staff, at: datetime) -> None:
    phq = instruments.get("phq-9")
    entries: list[Entry] = [
        ScoreEntry(line, phq.id, phq.version, start_on + timedelta(days=day), None, total)
        for line, (day, total) in enumerate(past.phq_9, start=2)
    ]
    import_scores(
        patient_id=patient.pk,
        file=ReadFile(
            "past-scores.csv",
            hashlib.sha256(past.number.encode()).hexdigest(),
            "UTF-8, comma between the cells",
            entries,
        ),
        leave_out_refused=False,
        viewer=staff.nurse,
        at=at,
    )
