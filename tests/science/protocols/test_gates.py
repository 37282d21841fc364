"""The gates of a dosing day list every reason, and what was not recorded is a reason."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.science import protocols
from longlight.science.marks import Mark
from longlight.science.protocols import Check, Gate, UnknownCheck
from longlight.science.protocols.gates import Fact, reasons_closed

INFUSION = protocols.get("iv-twice-weekly")
SPRAY = protocols.get("esketamine-by-label")
WELL = {
    "systolic": Decimal(120),
    "diastolic": Decimal(75),
    "heart-rate": Decimal(70),
    "oxygen-saturation": Decimal(98),
    "minutes-since": Decimal(180),
}
GATES = st.sampled_from(protocols.gates())


def all_well(gate: Gate) -> dict[str, Fact]:
    return {c.id: WELL[c.id] if c.is_measured else True for c in gate.checks}


def start(**but: Fact) -> list[str]:
    facts = all_well(protocols.gate(INFUSION.readiness_gate))
    facts |= {name.replace("_", "-"): value for name, value in but.items()}
    return [reason.check_id for reason in protocols.reasons_not_to_start(INFUSION, facts)]


@pytest.mark.parametrize("gate", protocols.gates(), ids=lambda gate: gate.id)
def test_all_well_opens_each_gate(gate: Gate) -> None:
    assert reasons_closed(gate, all_well(gate)) == ()


@pytest.mark.parametrize("gate", protocols.gates(), ids=lambda gate: gate.id)
def test_nothing_recorded_gives_every_reason(gate: Gate) -> None:
    reasons = reasons_closed(gate, {})
    assert [reason.check_id for reason in reasons] == [check.id for check in gate.checks]
    assert all(reason.is_unknown and not reason.may_be_overridden for reason in reasons)


@pytest.mark.parametrize(
    ("gate", "check"),
    [(gate, check) for gate in protocols.gates() for check in gate.checks if not check.is_measured],
    ids=lambda value: value.id,
)
def test_each_check_alone_closes_its_gate(gate: Gate, check: Check) -> None:
    reasons = reasons_closed(gate, all_well(gate) | {check.id: False})
    assert [(reason.check_id, reason.sentence) for reason in reasons] == [(check.id, check.reason)]


@given(gate=GATES, drawn=st.data())
def test_reasons_are_exactly_the_checks_that_do_not_hold(gate: Gate, drawn: st.DataObject) -> None:
    facts = all_well(gate)
    lost = drawn.draw(st.sets(st.sampled_from(sorted(facts))))
    reasons = reasons_closed(gate, {name: fact for name, fact in facts.items() if name not in lost})
    assert {reason.check_id for reason in reasons} == lost


@pytest.mark.parametrize(
    ("systolic", "closed", "may_be_overridden"),
    [
        (139, False, None),
        (140, True, True),
        (159, True, True),
        (160, True, False),
        (210, True, False),
    ],
)
def test_pressure_asks_from_140_and_stops_from_160(
    systolic: int, closed: bool, may_be_overridden: bool | None
) -> None:
    facts = all_well(protocols.gate(INFUSION.readiness_gate)) | {"systolic": Decimal(systolic)}
    reasons = protocols.reasons_not_to_start(INFUSION, facts)
    assert bool(reasons) == closed
    if closed:
        assert reasons[0].may_be_overridden == may_be_overridden
        assert f"{systolic} mmHg" in reasons[0].sentence
        assert reasons[0].mark in (Mark.CHOICE, Mark.RECALLED)


def test_a_course_begins_when_its_work_up_is_complete() -> None:
    facts = all_well(protocols.gate("work-up"))
    assert protocols.reasons_not_to_begin(facts) == ()
    without = protocols.reasons_not_to_begin(facts | {"pregnancy-test": False})
    assert [(r.check_id, r.may_be_overridden) for r in without] == [("pregnancy-test", False)]


def test_several_reasons_come_together() -> None:
    assert start(systolic=Decimal(170), escort_confirmed=False, weight_today=None) == [
        "weight-today",
        "escort-confirmed",
        "systolic",
    ]


def test_a_heart_too_slow_or_too_fast_asks_the_prescriber() -> None:
    assert start(heart_rate=Decimal(49)) == start(heart_rate=Decimal(111)) == ["heart-rate"]
    assert start(heart_rate=Decimal(50)) == start(heart_rate=Decimal(110)) == []


def test_two_hours_must_pass_after_the_spray() -> None:
    facts = all_well(protocols.gate(SPRAY.discharge_gate))
    early = protocols.reasons_not_to_leave(SPRAY, facts | {"minutes-since": Decimal(119)})
    assert [reason.check_id for reason in early] == ["minutes-since"]
    assert early[0].mark is Mark.READ
    assert protocols.reasons_not_to_leave(SPRAY, facts | {"minutes-since": Decimal(120)}) == ()


def test_a_gate_and_its_protocol_agree_on_the_shortest_stay() -> None:
    for protocol in protocols.all():
        gate = protocols.gate(protocol.discharge_gate)
        limit = next(check.at_least for check in gate.checks if check.id == "minutes-since")
        assert limit is not None
        assert protocol.monitoring.minimum_stay is not None
        assert limit.value == protocol.monitoring.minimum_stay.value


@pytest.mark.parametrize(
    "facts",
    [
        {"sytolic": Decimal(120)},
        {"systolic": True},
        {"systolic": Decimal("NaN")},
        {"systolic": Decimal(-120)},
        {"systolic": "120"},
        {"escort-confirmed": Decimal(1)},
        {"escort-confirmed": "no"},
    ],
)
def test_a_fact_that_fits_no_check_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(UnknownCheck):
        protocols.reasons_not_to_start(INFUSION, facts)
