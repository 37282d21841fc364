"""One dosing day of the demo, run by the step's own actions up to a state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.demo.people import demo_id
from longlight.clinic.demo.staff import Staff
from longlight.clinic.dosing import actions
from longlight.clinic.dosing.queries import DosingDay, dosing_day
from longlight.clinic.dosing.rules import SessionState, Signs

BEFORE = Signs(126, 78, 72, 98, 14)
DURING = (Signs(134, 84, 78, 98, 14), Signs(141, 88, 82, 97, 15), Signs(146, 90, 84, 97, 14))
AFTER = (Signs(138, 85, 78, 98, 14), Signs(130, 80, 74, 98, 14))

# How long before the demo's moment a person in this state arrived.
ARRIVED_AGO = {
    SessionState.ARRIVED: timedelta(minutes=12),
    SessionState.IN_PROGRESS: timedelta(minutes=62),
    SessionState.RECOVERY: timedelta(minutes=118),
    SessionState.READY_TO_LEAVE: timedelta(minutes=252),
    SessionState.FINISHED: timedelta(minutes=255),
}
READY, STARTED, GIVEN, RESTED = (timedelta(minutes=m) for m in (30, 40, 80, 245))


@dataclass
class _Day:
    planned: PlannedSession
    staff: Staff
    weight_kg: Decimal
    begun: datetime
    session_id: UUID

    def at(self, after: timedelta) -> datetime:
        return self.begun + after

    def known(self, at: datetime) -> DosingDay:
        return dosing_day(session_id=self.session_id, viewer=self.staff.nurse, at=at)

    def read(self, signs: Signs, at: datetime) -> None:
        actions.record_reading(
            session_id=self.session_id,
            key=demo_id("reading", str(self.session_id), at.isoformat()),
            signs=signs,
            observed_at=at,
            viewer=self.staff.nurse,
            at=at,
        )

    def answer(self, gate_id: str, at: datetime) -> None:
        day = self.known(at)
        gate = day.readiness if day.readiness.id == gate_id else day.discharge
        actions.answer_checks(
            session_id=self.session_id,
            gate_id=gate_id,
            answers={asked.check.id: True for asked in day.asked(gate)},
            viewer=self.staff.nurse,
            at=at,
        )


def run_session(
    planned: PlannedSession, staff: Staff, weight_kg: Decimal, until: SessionState, at: datetime
) -> UUID:
    """Run a dosing day so that it stands in the state `until` at the moment `at`; gives the session's id."""
    begun = at - ARRIVED_AGO[until]
    session = actions.arrive(planned_id=planned.pk, viewer=staff.front_desk, at=begun)
    day = _Day(planned, staff, weight_kg, begun, session.pk)
    steps: tuple[tuple[SessionState, Callable[[_Day], None]], ...] = (
        (SessionState.ARRIVED, _weigh),
        (SessionState.IN_PROGRESS, _start),
        (SessionState.RECOVERY, _give),
        (SessionState.READY_TO_LEAVE, _rest),
        (SessionState.FINISHED, _leave),
    )
    for state, step in steps:
        step(day)
        if state is until:
            break
    return session.pk


def _weigh(day: _Day) -> None:
    day.read(Signs(weight_kg=day.weight_kg), day.at(timedelta(minutes=6)))


def _start(day: _Day) -> None:
    """Signs, an order, the second check, every answer; cleared and begun."""
    ready, staff = day.at(READY), day.staff
    day.read(BEFORE, ready)
    rule = day.known(ready).protocol.dose
    order = actions.order_dose(
        session_id=day.session_id,
        amount=rule.start.value,
        override_reason="Agreed with the person; room and staff are set up for it.",
        viewer=staff.prescriber,
        at=ready,
    )
    actions.check_order(
        session_id=day.session_id, worked_out_mg=order.dose_mg, viewer=staff.nurse, at=ready
    )
    day.answer(day.known(ready).readiness.id, ready)
    actions.clear(session_id=day.session_id, overrides={}, viewer=staff.prescriber, at=ready)
    started = day.at(STARTED)
    actions.start_dose(session_id=day.session_id, viewer=staff.nurse, at=started)
    day.read(DURING[0], started + timedelta(minutes=10))


def _give(day: _Day) -> None:
    for minutes, signs in zip((20, 30), DURING[1:], strict=True):
        day.read(signs, day.at(STARTED) + timedelta(minutes=minutes))
    actions.end_dose(
        session_id=day.session_id, stop_reason="", viewer=day.staff.nurse, at=day.at(GIVEN)
    )
    for number, signs in enumerate(AFTER, start=1):
        day.read(signs, day.at(GIVEN) + timedelta(minutes=15 * number))


def _rest(day: _Day) -> None:
    rested = day.at(RESTED)
    day.read(BEFORE, rested)
    day.answer(day.known(rested).discharge.id, rested)
    actions.name_escort(
        session_id=day.session_id, name="a friend, Alex", viewer=day.staff.nurse, at=rested
    )
    actions.ready_to_leave(session_id=day.session_id, viewer=day.staff.nurse, at=rested)


def _leave(day: _Day) -> None:
    actions.leave(
        session_id=day.session_id, viewer=day.staff.nurse, at=day.at(RESTED + timedelta(minutes=5))
    )
