"""The demo's people on the path: protocols adopted, people screened, courses run, and a clinic in mid-day.

Everything goes through the steps' own actions, at the times at which it would have been written. A person who already
has a course is left as they are, so that building the demo again completes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from longlight.clinic.approaches.actions import adopt
from longlight.clinic.assessments.actions import FilledIn, record_assessment
from longlight.clinic.assessments.rules import Source
from longlight.clinic.courses.actions import end_course, start_course
from longlight.clinic.courses.models import Course
from longlight.clinic.courses.rules import CourseStatus
from longlight.clinic.demo.day import run_session
from longlight.clinic.demo.people import CLINICS, HARBOR, RIDGE, DemoClinic, demo_id, not_before
from longlight.clinic.demo.staff import Staff, staff_of
from longlight.clinic.dosing.actions import sign_record
from longlight.clinic.dosing.rules import SessionState
from longlight.clinic.people.models import Patient
from longlight.clinic.screening.actions import (
    decide,
    record_allergies,
    record_findings,
    sign_consent,
    withdraw_consent,
)
from longlight.clinic.screening.models import ScreeningDecision
from longlight.science import instruments, protocols
from longlight.science.protocols import Answer, Outcome, Protocol, VisitKind
from longlight.science.protocols.consents import wording_for

LEFT_TO_SIGN_DAYS = 2  # the records of the last days still wait for a signature
# What some said of allergies; of everybody else who was screened none are known.
ALLERGIES = {
    "LL-0404": "Penicillin, a rash in 2011",
    "LL-0407": "Latex; wool",
    "LL-0405": "Ondansetron, hives",
    "CR-102": "Penicillin",
}
NOON_UTC = time(17)  # an hour at which both clinics are open


class Ends(StrEnum):
    """How a made-up course stands."""

    RUNS = "runs"
    WITHOUT_CONSENT = "without-consent"  # withdrawn this morning
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class DemoPath:
    """Someone's course: the protocol, which dose falls on the demo's day, and how far that day has come."""

    clinic: DemoClinic
    number: str
    protocol_id: str
    dose_today: int
    state: SessionState = SessionState.BOOKED
    weight_kg: str = "70.0"
    ends: Ends = Ends.RUNS


PATHS = (
    DemoPath(HARBOR, "LL-0404", "iv-twice-weekly", 6, SessionState.READY_TO_LEAVE, "84.5"),
    DemoPath(HARBOR, "LL-0407", "iv-twice-weekly", 7, SessionState.RECOVERY, "61.0"),
    DemoPath(HARBOR, "LL-0405", "iv-with-talk-therapy", 3, SessionState.IN_PROGRESS, "58.2"),
    DemoPath(HARBOR, "LL-0408", "im-experience", 1, SessionState.ARRIVED, "66.4"),
    DemoPath(HARBOR, "LL-0409", "iv-three-times-weekly", 2),
    DemoPath(HARBOR, "LL-0410", "iv-twice-weekly", 1, ends=Ends.WITHOUT_CONSENT),
    DemoPath(HARBOR, "LL-0411", "iv-three-times-weekly", 3, ends=Ends.CANCELLED),
    DemoPath(RIDGE, "CR-102", "esketamine-by-label", 4, SessionState.ARRIVED),
)
# Someone whose answers of today raise an alert: item 9 is not 0.
WORRIED = (HARBOR, "LL-0402", (2, 2, 2, 2, 1, 2, 1, 1, 1))
# Someone screened whom a stop keeps from treatment here.
TURNED_AWAY = (HARBOR, "LL-0403", "unstable-heart-or-circulation")


def build_path(today: date, at: datetime) -> None:
    """Adopt, screen, plan, and run each course up to the demo's day."""
    at = not_before(today, at)
    for clinic in CLINICS:
        _adopt_everything(staff_of(clinic), at - timedelta(days=200))
    _turn_away(at)
    _answer_with_a_worry(at)
    for path in PATHS:
        patient = Patient.objects.get(pk=demo_id("patient", path.clinic.slug, path.number))
        if not Course.objects.filter(patient=patient).exists():
            _walk(path, patient, today, at)


def _adopt_everything(staff: Staff, at: datetime) -> None:
    for protocol in protocols.all():
        adopt(
            protocol_id=protocol.id,
            version=protocol.version,
            has_signed_off=True,
            viewer=staff.prescriber,
            at=at,
        )


def _turn_away(at: datetime) -> None:
    clinic, number, stop = TURNED_AWAY
    patient_id = demo_id("patient", clinic.slug, number)
    if ScreeningDecision.objects.filter(patient_id=patient_id).exists():
        return
    staff = staff_of(clinic)
    record_findings(
        patient_id=patient_id,
        answers=_all_no("medicine") | {stop: Answer.YES},
        viewer=staff.nurse,
        at=at - timedelta(days=2),
    )
    decide(
        patient_id=patient_id,
        approach_id="medicine",
        outcome=Outcome.NOT_NOW,
        reasons="Blood pressure is not under control. Seen again when her doctor has treated it.",
        overrides={},
        viewer=staff.prescriber,
        at=at - timedelta(days=2),
    )


def _answer_with_a_worry(at: datetime) -> None:
    """A check-in of this morning whose item 9 raises an alert that nobody has claimed yet."""
    clinic, number, totals = WORRIED
    patient_id = demo_id("patient", clinic.slug, number)
    answered_at = at - timedelta(minutes=38)
    phq = instruments.get("phq-9")
    record_assessment(
        patient_id=patient_id,
        filled_in=FilledIn(
            id=demo_id("assessment", number, answered_at.date().isoformat()),
            instrument_id=phq.id,
            on=answered_at.astimezone(ZoneInfo(clinic.time_zone)).date(),
            source=Source.PHONE,
            answers={item.id: value for item, value in zip(phq.items, totals, strict=False)},
        ),
        viewer=staff_of(clinic).nurse,
        at=answered_at,
    )


def _all_no(approach_id: str) -> dict[str, Answer]:
    return {finding.id: Answer.NO for finding in protocols.findings_for(approach_id)}


def _walk(path: DemoPath, patient: Patient, today: date, at: datetime) -> None:
    staff = staff_of(path.clinic)
    protocol = protocols.get(path.protocol_id)
    start_on = today - timedelta(days=_offset_of(protocol, path.dose_today))
    begun = datetime.combine(start_on, NOON_UTC, UTC) - timedelta(days=3)
    consent_id = screen(patient, protocol, staff, begun)
    course = start_course(
        patient_id=patient.pk,
        protocol_id=protocol.id,
        start_on=start_on,
        viewer=staff.prescriber,
        at=begun,
    )
    doses = list(course.sessions.filter(kind=VisitKind.DOSING.value).order_by("on"))
    weight = Decimal(path.weight_kg)
    for planned in doses[: path.dose_today - 1]:
        day = datetime.combine(planned.on, NOON_UTC, UTC)
        session_id = run_session(planned, staff, weight, SessionState.FINISHED, day)
        if planned.on < today - timedelta(days=LEFT_TO_SIGN_DAYS):
            sign_record(session_id=session_id, viewer=staff.nurse, at=day)
    if path.ends is Ends.CANCELLED:
        end_course(
            course_id=course.pk,
            status=CourseStatus.CANCELLED,
            reason="Moves to another city; goes on there.",
            viewer=staff.prescriber,
            at=at - timedelta(days=1),
        )
    elif path.ends is Ends.WITHOUT_CONSENT:
        withdraw_consent(consent_id=consent_id, viewer=staff.nurse, at=at - timedelta(hours=2))
    elif path.state is not SessionState.BOOKED:
        run_session(doses[path.dose_today - 1], staff, weight, path.state, at)


def _offset_of(protocol: Protocol, dose: int) -> int:
    """On which day of its course a protocol's dose lies."""
    any_day = date(2026, 1, 5)
    days: Iterator[date] = (
        session.on
        for session in protocols.plan_sessions(protocol, any_day)
        if session.kind is VisitKind.DOSING
    )
    return (list(days)[dose - 1] - any_day).days


def screen(patient: Patient, protocol: Protocol, staff: Staff, at: datetime) -> UUID:
    """Findings, decision, consent; gives the consent's id."""
    record_findings(
        patient_id=patient.pk, answers=_all_no(protocol.approach), viewer=staff.nurse, at=at
    )
    known = ALLERGIES.get(patient.number, "")
    record_allergies(
        patient_id=patient.pk, statement_id=demo_id("allergies", str(patient.pk)), text=known,
        none_known=not known, viewer=staff.nurse, at=at,
    )  # fmt: skip
    decide(
        patient_id=patient.pk,
        approach_id=protocol.approach,
        outcome=Outcome.FIT,
        reasons="Examined; earlier treatments reviewed; nothing found against it.",
        overrides={},
        viewer=staff.prescriber,
        at=at,
    )
    return sign_consent(
        patient_id=patient.pk,
        wording=wording_for(protocol),
        signature=patient.name,
        has_agreed=True,
        viewer=staff.nurse,
        at=at,
    ).pk
