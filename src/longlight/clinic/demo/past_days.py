"""The dosing days of a course that lies behind: each with its signs, its order and its checks, and signed.

Day by day through the step's actions they would take a minute. They are written as those actions leave them, whole
courses at a time, through the same door and with the same notes.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.demo.day import AFTER, BEFORE, DURING, GIVEN, READY, RESTED, STARTED
from longlight.clinic.demo.people import demo_id
from longlight.clinic.demo.staff import Staff
from longlight.clinic.dosing.actions.order import dose_from
from longlight.clinic.dosing.models import CheckAnswer, Dose, DoseOrder, DosingSession, Reading
from longlight.clinic.dosing.queries import DosingDay, said_of
from longlight.clinic.dosing.queries.day import DERIVED
from longlight.clinic.dosing.queries.signing import RECORD
from longlight.clinic.dosing.rules import SessionState, Signs
from longlight.clinic.people.models import Patient
from longlight.clinic.record.actions import Pen, Signable, patient_chain, sign, writing
from longlight.science import protocols
from longlight.science.protocols import Protocol

ARRIVED_BEFORE_NOON = timedelta(minutes=90)
MOST_DISSOCIATION = 6
NOTED = (
    ("session-arrived", timedelta(0)), ("dose-ordered", READY), ("dose-checked", READY),
    ("session-cleared", READY), ("dose-started", STARTED), ("dose-ended", GIVEN),
    ("session-ready-to-leave", RESTED), ("session-finished", RESTED),
)  # fmt: skip


def keep_past_days(
    planned: list[tuple[PlannedSession, datetime]],
    patient: Patient,
    protocol: Protocol,
    staff: Staff,
) -> dict[UUID, UUID]:
    """The dosing session of each planned one, by its id. `planned` tells the noon of each."""
    if not planned:
        return {}
    weight_kg = Decimal(58 + int(patient.number[-2:]) % 30)
    days = [_Past(each, noon - ARRIVED_BEFORE_NOON, number, patient, protocol, staff, weight_kg)
            for number, (each, noon) in enumerate(planned)]  # fmt: skip
    with writing(by=staff.nurse.actor, at=planned[-1][1]):
        DosingSession.objects.bulk_create([day.session() for day in days])
        DoseOrder.objects.bulk_create([day.order() for day in days])
        Dose.objects.bulk_create([day.dose() for day in days])
        Reading.objects.bulk_create([row for day in days for row in day.readings()])
        CheckAnswer.objects.bulk_create([row for day in days for row in day.answers()])
        for day in days:
            day.note_and_sign()
    return {day.planned.pk: day.session_id for day in days}


class _Past:
    """One day that lies behind."""

    def __init__(
        self,
        planned: PlannedSession,
        begun: datetime,
        number: int,
        patient: Patient,
        protocol: Protocol,
        staff: Staff,
        weight_kg: Decimal,
    ) -> None:
        self.planned, self.begun, self.number = planned, begun, number
        self.patient, self.protocol, self.staff, self.weight_kg = (
            patient,
            protocol,
            staff,
            weight_kg,
        )
        self.session_id = demo_id("past-day", str(planned.pk))
        self.order_id = demo_id("past-order", str(planned.pk))

    def at(self, after: timedelta) -> datetime:
        return self.begun + after

    def session(self) -> DosingSession:
        return DosingSession(
            id=self.session_id, clinic_id=self.patient.clinic_id, patient=self.patient,
            planned=self.planned, state=SessionState.FINISHED.value, arrived_at=self.begun,
            cleared_at=self.at(READY), cleared_by_name=self.staff.prescriber.name,
            ended_at=self.at(RESTED), escort_name="a friend, Alex", version=len(NOTED),
        )  # fmt: skip

    def order(self) -> DoseOrder:
        rule = self.protocol.dose
        return DoseOrder(
            id=self.order_id, session_id=self.session_id, drug=rule.drug, route=rule.route.value,
            amount=rule.start.value, amount_unit=rule.start.unit,
            weight_kg=self.weight_kg if rule.start.unit == "mg/kg" else None,
            dose_mg=dose_from(rule, rule.start.value, self.weight_kg),
            override_reason="Agreed with the person; room and staff are set up for it.",
            ordered_by_id=self.staff.prescriber.account_id,
            ordered_by_name=self.staff.prescriber.name, ordered_at=self.at(READY),
            checked_by_id=self.staff.nurse.account_id, checked_by_name=self.staff.nurse.name,
            checked_at=self.at(READY),
        )  # fmt: skip

    def dose(self) -> Dose:
        return Dose(
            session_id=self.session_id, order_id=self.order_id, started_at=self.at(STARTED),
            ended_at=self.at(GIVEN), given_by_id=self.staff.nurse.account_id,
            given_by_name=self.staff.nurse.name,
        )  # fmt: skip

    def readings(self) -> Iterator[Reading]:
        """Pressure rises with the dose and falls again, a little less from day to day, as does the strangeness."""
        lower = self.number % 5
        strange = max(MOST_DISSOCIATION - self.number, 1)
        taken = [(timedelta(minutes=6), Signs(weight_kg=self.weight_kg)), (READY, BEFORE)]
        for minutes, signs in zip((10, 20, 30), DURING, strict=True):
            assert signs.systolic_mmhg is not None
            during = replace(
                signs, systolic_mmhg=signs.systolic_mmhg + 6 - lower, sedation_points=4,
                dissociation_points=strange,
            )  # fmt: skip
            taken.append((STARTED + timedelta(minutes=minutes), during))
        taken += [(GIVEN + timedelta(minutes=15 * n), signs) for n, signs in enumerate(AFTER, 1)]
        taken.append((RESTED, replace(BEFORE, sedation_points=5, dissociation_points=0)))
        for after, signs in taken:
            at = self.at(after)
            yield Reading(
                key=demo_id("reading", str(self.session_id), at.isoformat()),
                session_id=self.session_id, observed_at=at, entered_at=at,
                by_id=self.staff.nurse.account_id, by_name=self.staff.nurse.name,
                **vars(signs),
            )  # fmt: skip

    def answers(self) -> Iterator[CheckAnswer]:
        gates = (
            (protocols.gate(self.protocol.readiness_gate), READY),
            (protocols.gate(self.protocol.discharge_gate), RESTED),
        )
        for gate, after in gates:
            for check in gate.checks:
                if check.id not in DERIVED and not check.is_measured:
                    yield CheckAnswer(
                        session_id=self.session_id, gate_id=gate.id, gate_version=gate.version,
                        check_id=check.id, holds=True, at=self.at(after),
                        by_id=self.staff.nurse.account_id, by_name=self.staff.nurse.name,
                    )  # fmt: skip

    def note_and_sign(self) -> None:
        for verb, after in NOTED:
            with writing(by=self.staff.nurse.actor, at=self.at(after)) as pen:
                self._note(pen, verb)
        signed_at = self.at(RESTED + timedelta(minutes=20))
        session = DosingSession.objects.select_related("planned__course").get(pk=self.session_id)
        with writing(by=self.staff.nurse.actor, at=signed_at) as pen:
            chain = patient_chain(self.patient.pk)
            sign(
                pen,
                Signable(RECORD, session.pk, chain),
                said=said_of(DosingDay(session, signed_at)),
            )
            DosingSession.objects.filter(pk=session.pk).update(signed_at=signed_at)

    def _note(self, pen: Pen, verb: str) -> None:
        pen.note(
            verb,
            chain=patient_chain(self.patient.pk),
            object_kind="dosing-session",
            object_id=self.session_id,
        )
