"""While a dose acts: which readings call someone, and how urgently."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.science import protocols
from longlight.science.protocols import AlertLevel, Sign

RULES = protocols.watch_rules()
READINGS = st.decimals(1, 260, places=0)


def level(sign_id: str, value: int, **before: int) -> AlertLevel | None:
    given_before = {name: Decimal(number) for name, number in before.items()}
    alert = protocols.alert_for(RULES.sign(sign_id), Decimal(value), **given_before)
    return alert.level if alert else None


@pytest.mark.parametrize(
    ("sign_id", "value", "expected"),
    [
        ("systolic", 179, None),
        ("systolic", 180, AlertLevel.AMBER),
        ("diastolic", 109, None),
        ("diastolic", 110, AlertLevel.AMBER),
        ("heart-rate", 110, None),
        ("heart-rate", 111, AlertLevel.AMBER),
        ("heart-rate", 49, AlertLevel.AMBER),
        ("oxygen-saturation", 94, None),
        ("oxygen-saturation", 93, AlertLevel.AMBER),
        ("oxygen-saturation", 89, AlertLevel.RED),
        ("respiratory-rate", 9, AlertLevel.RED),
        ("respiratory-rate", 26, AlertLevel.AMBER),
    ],
)
def test_each_limit_calls_at_its_edge(
    sign_id: str, value: int, expected: AlertLevel | None
) -> None:
    assert level(sign_id, value) == expected


def test_a_high_pressure_twice_running_is_red() -> None:
    assert level("systolic", 185, previous=182) is AlertLevel.RED
    assert level("systolic", 185, previous=150) is AlertLevel.AMBER
    assert level("heart-rate", 120, previous=125) is AlertLevel.AMBER


def test_a_rise_by_a_third_of_the_baseline_is_amber_though_the_value_is_not_high() -> None:
    assert level("systolic", 143, baseline=110) is AlertLevel.AMBER
    assert level("systolic", 142, baseline=110) is None


def test_an_alert_says_what_it_saw_what_to_do_and_what_it_rests_on() -> None:
    alert = protocols.alert_for(RULES.sign("systolic"), Decimal(190), previous=Decimal(185))
    assert alert is not None
    assert "190" in alert.sentence
    assert "two readings" in alert.sentence
    assert alert.action.startswith("Stop the dose")
    assert alert.mark.needs_the_prescriber


@given(sign=st.sampled_from(RULES.signs), value=READINGS, before=READINGS)
def test_a_baseline_or_an_earlier_reading_never_calms_an_alert(
    sign: Sign, value: Decimal, before: Decimal
) -> None:
    order = [None, AlertLevel.AMBER, AlertLevel.RED]
    alone = protocols.alert_for(sign, value)
    informed = protocols.alert_for(sign, value, baseline=before, previous=before)
    assert order.index(informed.level if informed else None) >= order.index(
        alone.level if alone else None
    )


def test_an_unwatched_sign_is_named() -> None:
    with pytest.raises(LookupError, match="systolic"):
        RULES.sign("temperature")


def test_rules_for_the_days_after_say_who_acts_and_which_hold_the_next_dose() -> None:
    held = {rule.id for rule in protocols.escalations() if rule.holds_dosing}
    assert {"suicidal-intent", "mania-or-psychosis", "bladder", "misuse"} == held
    assert all(rule.action and rule.source for rule in protocols.escalations())


@pytest.mark.parametrize("value", ["NaN", "-1", "Infinity"])
def test_what_cannot_be_a_reading_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be a reading of systolic pressure"):
        protocols.alert_for(RULES.sign("systolic"), Decimal(value))
