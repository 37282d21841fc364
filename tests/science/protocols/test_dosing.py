"""Doses: what is given, and what is said before it is given."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.science import protocols
from longlight.science.protocols import ConcernLevel, Route

INFUSION = protocols.get("iv-twice-weekly").dose
SPRAY = protocols.get("esketamine-by-label").dose
WEIGHTS = st.decimals(Decimal(35), Decimal(200), places=1)


def levels(mg_per_kg: str) -> set[ConcernLevel]:
    concerns = protocols.dose_concerns(
        INFUSION, route=Route.IV, dose_mg=Decimal(mg_per_kg) * 80, weight_kg=Decimal(80)
    )
    return {concern.level for concern in concerns}


def test_a_dose_by_weight_is_mg_per_kg_times_kg() -> None:
    assert protocols.starting_dose_mg(INFUSION, Decimal("70.0")) == Decimal("35.0")
    assert protocols.starting_dose_mg(SPRAY) == 56


@pytest.mark.parametrize("weight", [None, Decimal(0), Decimal(-70)])
def test_without_a_weight_there_is_no_dose_by_weight(weight: Decimal | None) -> None:
    with pytest.raises(ValueError, match="weight of today"):
        protocols.starting_dose_mg(INFUSION, weight)
    concerns = protocols.dose_concerns(
        INFUSION, route=Route.IV, dose_mg=Decimal(35), weight_kg=weight
    )
    assert ConcernLevel.REFUSE in {concern.level for concern in concerns}


def test_the_caps_of_an_infusion_warn_insist_and_refuse() -> None:
    assert levels("0.5") == set()
    assert levels("0.6") == {ConcernLevel.WARN}
    assert levels("1.0") == {ConcernLevel.WARN}
    assert levels("1.1") == {ConcernLevel.WARN, ConcernLevel.OVERRIDE}
    assert ConcernLevel.REFUSE in levels("2.1")


@pytest.mark.parametrize("other", [route for route in Route if route is not Route.IV])
def test_a_dose_is_never_carried_to_another_route(other: Route) -> None:
    concerns = protocols.dose_concerns(
        INFUSION, route=other, dose_mg=Decimal(35), weight_kg=Decimal(70)
    )
    assert ConcernLevel.REFUSE in {concern.level for concern in concerns}


def test_the_spray_comes_in_two_doses() -> None:
    assert protocols.dose_concerns(SPRAY, route=Route.INTRANASAL, dose_mg=Decimal(84)) == ()
    refused = protocols.dose_concerns(SPRAY, route=Route.INTRANASAL, dose_mg=Decimal(70))
    assert [concern.level for concern in refused] == [ConcernLevel.REFUSE]
    assert "56 mg, 84 mg" in refused[0].reason


@given(weight=WEIGHTS, low=st.decimals(1, 400, places=1), more=st.decimals(0, 100, places=1))
def test_a_higher_dose_never_has_fewer_concerns(
    weight: Decimal, low: Decimal, more: Decimal
) -> None:
    def concerns(dose_mg: Decimal) -> set[ConcernLevel]:
        found = protocols.dose_concerns(INFUSION, route=Route.IV, dose_mg=dose_mg, weight_kg=weight)
        return {concern.level for concern in found}

    assert concerns(low) <= concerns(low + more)


@pytest.mark.parametrize("dose", ["0", "-35", "NaN", "Infinity"])
def test_what_is_no_dose_is_refused(dose: str) -> None:
    concerns = protocols.dose_concerns(
        INFUSION, route=Route.IV, dose_mg=Decimal(dose), weight_kg=Decimal(70)
    )
    assert [concern.level for concern in concerns] == [ConcernLevel.REFUSE]
