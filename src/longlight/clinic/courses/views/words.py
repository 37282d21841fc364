"""How a planned session is told on a page."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from longlight.clinic.courses.models import Course
from longlight.clinic.courses.queries import CourseTimeline, TimelinePhase, TimelineSession
from longlight.clinic.courses.rules import (
    COURSE_WORDS,
    STATUS_WORDS,
    CourseStatus,
    SessionStatus,
)
from longlight.clinic.people.models import Patient
from longlight.clinic.screening.queries import newest_decision, standing_consent
from longlight.science import protocols
from longlight.science.protocols import Outcome, Phase, Protocol
from longlight.science.protocols.consents import wording_for
from longlight.ui.parts import TimelineEntry

MOST_STEPS_OF_A_LINE = 12


@dataclass(frozen=True)
class Told:
    """A planned session and what became of it, in words."""

    each: TimelineSession
    state: str
    is_next: bool


@dataclass(frozen=True)
class PhaseTold:
    """A phase with its sessions; the light line only where its doses are few enough to count."""

    phase: Phase
    sessions: tuple[Told, ...]
    entries: tuple[TimelineEntry, ...]
    done: int
    of: int

    @property
    def has_line(self) -> bool:
        return 2 <= self.of <= MOST_STEPS_OF_A_LINE

    @property
    def doses(self) -> str:
        return _("%(done)s of %(of)s treatments done") % {"done": self.done, "of": self.of}


def phases(timeline: CourseTimeline, today: date) -> list[PhaseTold]:
    """Every phase that has sessions or a rule, told for staff and patient alike."""
    coming = timeline.next_session(today) if _is_active(timeline.course) else None
    return [_phase(each, coming, today) for each in timeline.phases]


def _phase(phase: TimelinePhase, coming: TimelineSession | None, today: date) -> PhaseTold:
    doses = [s.session for s in phase.sessions if s.is_dose and _counts(s)]
    return PhaseTold(
        phase.phase,
        tuple(Told(each, state(each, today), each is coming) for each in phase.sessions),
        tuple(entry(each, today, is_next=each is coming) for each in phase.sessions),
        sum(session.status == SessionStatus.DONE.value for session in doses),
        len(doses),
    )


def _counts(each: TimelineSession) -> bool:
    return each.session.status in {SessionStatus.PLANNED.value, SessionStatus.DONE.value}


def _is_active(course: Course) -> bool:
    return course.status == CourseStatus.ACTIVE.value


def course_state(course: Course) -> str:
    return str(COURSE_WORDS[CourseStatus(course.status)])


def state(each: TimelineSession, today: date) -> str:
    """What became of a planned session, in words."""
    status = SessionStatus(each.session.status)
    if status is SessionStatus.PLANNED and each.session.on < today:
        return _("not marked yet")
    return str(STATUS_WORDS[status])


def entry(each: TimelineSession, today: date, *, is_next: bool) -> TimelineEntry:
    session = each.session
    text = f"{session.title}: {_('your next visit') if is_next else state(each, today)}"
    if session.is_optional:
        text += _(" (if you want)")
    when = date_format(session.on, "D j M Y")
    if each.appointment is not None:
        zone = ZoneInfo(session.course.patient.clinic.time_zone)
        when += f", {each.appointment.start_at.astimezone(zone):%H:%M}"
    return TimelineEntry(when, text, is_dose=each.is_dose)


@dataclass(frozen=True)
class StepTo:
    """One thing that a course needs, and whether it is there."""

    title: str
    is_done: bool
    told: str


def steps_to_a_course(patient: Patient, protocols_here: tuple[Protocol, ...]) -> list[StepTo]:
    """What must stand before a course can be planned, in order."""
    fit = [
        approach.title
        for approach in protocols.approaches()
        if (found := newest_decision(patient.pk, approach.id)) and found.outcome == Outcome.FIT
    ]
    signed = {
        wording.title
        for wording in map(wording_for, protocols_here)
        if standing_consent(patient.pk, wording)
    }
    return [
        StepTo(
            _("A prescriber found them fit"),
            bool(fit),
            ", ".join(fit) or _("No decision for any approach yet."),
        ),
        StepTo(
            _("Consent is signed"), bool(signed), ", ".join(sorted(signed)) or _("Nothing signed.")
        ),
        StepTo(
            _("The clinic has adopted a protocol"),
            bool(protocols_here),
            _("%(n)s adopted") % {"n": len(protocols_here)},
        ),
    ]
