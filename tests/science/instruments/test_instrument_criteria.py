"""Change and response, judged by named criteria only; worked by hand from the definitions' words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight import instruments
from longlight.instruments import InstrumentError
from longlight.science.instruments.criteria import is_met, item_rises

PHQ_9 = instruments.get("phq-9")
WHO_5 = instruments.get("who-5")


def met(instrument_id: str, baseline: float, total: float) -> dict[str, bool | None]:
    instrument = instruments.get(instrument_id)
    return {each.criterion.id: each.met for each in instruments.judge(instrument, baseline, total)}


def test_each_criterion_is_judged_by_itself() -> None:
    assert met("phq-9", 18, 9) == {
        "response-50": True,
        "remission-under-5": False,
        "deterioration-5": False,
        "reliable-6": True,
        "important-5": True,
        "important-20-percent": True,
    }
    assert met("phq-9", 10, 15)["deterioration-5"]
    assert not met("phq-9", 10, 14)["deterioration-5"]


def test_edges_belong_to_the_criterion() -> None:
    assert met("phq-9", 8, 4)["response-50"]
    assert met("phq-9", 9, 5)["response-50"] is False
    assert met("phq-9", 9, 4)["remission-under-5"]
    assert met("madrs", 30, 10)["remission-10"]
    assert met("madrs", 30, 12) == {
        **met("madrs", 30, 12),
        "remission-10": False,
        "remission-12": True,
    }
    assert met("y-bocs", 20, 13)["response-35"]


def test_higher_is_better_turns_the_sign() -> None:
    assert instruments.change(WHO_5, 40, 60).improvement_points == 20
    assert met("who-5", 40, 28)["deterioration-10"]
    assert not met("who-5", 40, 60)["deterioration-10"]


def test_percent_is_taken_above_the_lowest_total_and_not_from_nothing() -> None:
    assert instruments.change(PHQ_9, 0, 3).improvement_percent is None
    assert met("phq-9", 0, 0)["response-50"] is None
    # BPRS+ begins at 4: from 12 to 8 is half of the way down.
    assert instruments.change(instruments.get("bprs-plus"), 12, 8).improvement_percent == 50


@pytest.mark.parametrize(
    ("baseline", "total", "status"),
    [
        (18, 4, "remission"),
        (18, 9, "response"),
        (18, 10, "no-response"),
        (18, 23, "deterioration"),
        (18, 22, "no-response"),
    ],
)
def test_a_status_rests_on_the_criteria_named(baseline: int, total: int, status: str) -> None:
    named = ["response-50", "remission-under-5", "deterioration-5"]
    assert instruments.response_status(PHQ_9, baseline, total, named) == status


def test_partial_response_and_a_wrong_name() -> None:
    y_bocs = instruments.get("y-bocs")
    named = ["response-35", "partial-25", "remission-12"]
    assert instruments.response_status(y_bocs, 28, 20, named) == "partial-response"
    with pytest.raises(InstrumentError, match="has no criterion 'response-50'"):
        instruments.response_status(y_bocs, 28, 20, ["response-50"])


def test_what_has_no_total_has_no_change() -> None:
    with pytest.raises(InstrumentError, match="no total"):
        instruments.change(instruments.get("asq"), 1, 2)


def test_a_rise_on_one_item_is_seen_and_a_missing_answer_is_not_one() -> None:
    bprs = instruments.get("bprs-plus")
    criterion = bprs.criteria[0]
    before = {"bprs_4": 1.0, "bprs_11": 2.0, "bprs_12": None, "bprs_15": 1.0}
    after = {"bprs_4": 3.0, "bprs_11": 3.0, "bprs_12": 7.0, "bprs_15": None}
    assert item_rises(bprs, before, after, criterion) == ("bprs_4",)
    assert is_met(criterion, instruments.change(bprs, 4, 28)) is None


@given(st.floats(0.5, 20), st.floats(0, 0.999))
def test_unchanged_people_seldom_reach_reliable_change(
    deviation: float, reliability: float
) -> None:
    limit = instruments.reliable_change_points(deviation, reliability)
    # Two measurements of the same thing, with the error that this reliability leaves.
    error = deviation * np.sqrt(1 - reliability)
    chance = np.random.default_rng(3)
    differences = chance.normal(0, error, 4000) - chance.normal(0, error, 4000)
    assert 0.93 < np.mean(np.abs(differences) < limit) < 0.97


def test_reliable_change_needs_sense() -> None:
    for deviation, reliability in ((0, 0.9), (5, 1.2), (5, -0.1)):
        with pytest.raises(InstrumentError):
            instruments.reliable_change_points(deviation, reliability)


def test_a_recall_window_that_does_not_fit_is_flagged() -> None:
    flags = PHQ_9.score([1] * 9, {"days_since_dose": 1, "days_since_last": 3}).flags
    assert "out-of-window:recall-reaches-before-the-dose" in flags
    assert "out-of-window:too-soon-after-the-last" in flags
    assert not [
        flag
        for flag in PHQ_9.score([1] * 9, {"days_since_dose": 14, "days_since_last": 7}).flags
        if flag.startswith("out-of-window")
    ]
