"""Takes a patient of the cast some way along the path, by the real actions. For tests that begin further on."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.cast import Cast

if TYPE_CHECKING:
    from longlight.clinic.courses.models import Course
    from longlight.clinic.dosing.models import DosingSession

PROTOCOL = "iv-twice-weekly"
MORNING = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
TODAY = MORNING.date()


def screen_as_fit(cast: Cast, *, approach: str = "medicine", at: datetime = MORNING) -> None:
    from longlight.clinic.screening import actions
    from longlight.science import protocols
    from longlight.science.protocols import Answer, Outcome

    patient_id = cast.patient.patient.id
    actions.record_findings(
        patient_id=patient_id,
        answers={finding.id: Answer.NO for finding in protocols.findings_for(approach)},
        viewer=cast.nurse.viewer,
        at=at,
    )
    actions.decide(
        patient_id=patient_id,
        approach_id=approach,
        outcome=Outcome.FIT,
        reasons="Seen and examined.",
        overrides={},
        viewer=cast.prescriber.viewer,
        at=at,
    )


def sign_consent(cast: Cast, *, protocol: str = PROTOCOL, at: datetime = MORNING) -> None:
    from longlight.clinic.screening import actions
    from longlight.science import protocols
    from longlight.science.protocols.consents import wording_for

    actions.sign_consent(
        patient_id=cast.patient.patient.id,
        wording=wording_for(protocols.get(protocol)),
        signature=cast.patient.patient.name,
        has_agreed=True,
        viewer=cast.nurse.viewer,
        at=at,
    )


def adopt(cast: Cast, *, protocol: str = PROTOCOL, at: datetime = MORNING) -> None:
    from longlight.clinic.approaches import actions
    from longlight.science import protocols

    actions.adopt(
        protocol_id=protocol,
        version=protocols.get(protocol).version,
        has_signed_off=True,
        viewer=cast.prescriber.viewer,
        at=at,
    )


def plan_course(cast: Cast, *, start_on: date = TODAY, protocol: str = PROTOCOL) -> "Course":
    from longlight.clinic.courses import actions
    from longlight.science import protocols

    adopt(cast, protocol=protocol)
    screen_as_fit(cast, approach=protocols.get(protocol).approach)
    sign_consent(cast, protocol=protocol)
    return actions.start_course(
        patient_id=cast.patient.patient.id,
        protocol_id=protocol,
        start_on=start_on,
        viewer=cast.prescriber.viewer,
        at=MORNING,
    )


def arrive(cast: Cast, course: "Course", *, at: datetime = MORNING) -> "DosingSession":
    from longlight.clinic.dosing import actions

    planned = course.sessions.filter(kind="dosing", status="planned").order_by("on").first()
    assert planned is not None
    return actions.arrive(planned_id=planned.pk, viewer=cast.front_desk.viewer, at=at)


def make_ready(cast: Cast, session: "DosingSession", *, at: datetime = MORNING) -> None:
    """Everything that must hold before a dose: signs, answers, an order, the second check."""
    from longlight.clinic.dosing import actions, queries
    from longlight.clinic.dosing.rules import Signs

    actions.record_reading(
        session_id=session.pk,
        key=uuid4(),
        signs=Signs(124, 78, 72, 98, 14, Decimal("70.0")),
        observed_at=at,
        viewer=cast.nurse.viewer,
        at=at,
    )
    day = queries.dosing_day(session_id=session.pk, viewer=cast.nurse.viewer, at=at)
    actions.answer_checks(
        session_id=session.pk,
        gate_id=day.readiness.id,
        answers={asked.check.id: True for asked in day.asked(day.readiness)},
        viewer=cast.nurse.viewer,
        at=at,
    )
    order = actions.order_dose(
        session_id=session.pk,
        amount=day.protocol.dose.start.value,
        override_reason="",
        viewer=cast.prescriber.viewer,
        at=at,
    )
    actions.check_order(
        session_id=session.pk, worked_out_mg=order.dose_mg, viewer=cast.nurse.viewer, at=at
    )


def make_fit_to_leave(cast: Cast, session: "DosingSession", *, at: datetime) -> None:
    from longlight.clinic.dosing import actions, queries
    from longlight.clinic.dosing.rules import Signs

    actions.record_reading(
        session_id=session.pk,
        key=uuid4(),
        signs=Signs(126, 80, 74, 98, 14),
        observed_at=at,
        viewer=cast.nurse.viewer,
        at=at,
    )
    day = queries.dosing_day(session_id=session.pk, viewer=cast.nurse.viewer, at=at)
    actions.answer_checks(
        session_id=session.pk,
        gate_id=day.discharge.id,
        answers={asked.check.id: True for asked in day.asked(day.discharge)},
        viewer=cast.nurse.viewer,
        at=at,
    )
    actions.name_escort(session_id=session.pk, name="Kim Quill", viewer=cast.nurse.viewer, at=at)
