"""What pages ask: the spread of response rates, intervals, who may see what."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from longlight.science import evidence
from longlight.science.evidence import ReadIn
from longlight.science.evidence.queries import wilson_interval
from longlight.science.marks import Mark


def a_number(mark: Mark) -> evidence.Number:
    return evidence.Number(id="a", kind="response", mark=mark, read_in=ReadIn.ABSTRACT)


def test_patients_see_only_what_was_read() -> None:
    shown = {mark for mark in Mark if evidence.shown_to_patients(a_number(mark))}
    assert shown == {Mark.READ, Mark.READ_SECONDARY}


def test_public_pages_show_only_what_was_read_in_the_source_itself() -> None:
    assert {m for m in Mark if evidence.shown_on_public_pages(a_number(m))} == {Mark.READ}


def test_a_news_report_of_a_trial_stays_off_public_pages() -> None:
    _, relapse = evidence.get_number("anand-2023-elektd.ketamine-2x-weekly-relapsed-d30")
    assert relapse.read_in is ReadIn.NEWS
    assert not evidence.shown_on_public_pages(relapse)
    assert evidence.shown_to_patients(relapse)


def test_the_spread_runs_from_9_to_72_percent_and_says_why() -> None:
    spread = evidence.response_rate_spread()
    values = [rate.number.value for rate in spread]
    assert values == sorted(values, key=lambda value: value or Decimal(0))
    assert (evidence.of_100(spread[0].number), evidence.of_100(spread[-1].number)) == (9, 72)
    assert all(rate.reason for rate in spread)


def test_the_low_end_was_scored_before_a_dose_and_the_high_end_counts_those_who_stayed() -> None:
    spread = evidence.response_rate_spread()
    assert spread[0].reason_id == "before-the-next-dose"
    assert spread[-1].reason_id == "stayed-to-the-end"


def test_every_rate_of_the_spread_may_stand_on_a_public_page() -> None:
    assert all(evidence.shown_on_public_pages(r.number) for r in evidence.response_rate_spread())


@given(people=st.integers(1, 5000), share=st.floats(0, 1))
def test_our_interval_is_the_one_that_scipy_computes(people: int, share: float) -> None:
    count = round(share * people)
    theirs = binomtest(count, people).proportion_ci(method="wilson")
    ours = wilson_interval(count / people, people)
    assert float(ours.low) == pytest.approx(theirs.low * 100, abs=0.051)
    assert float(ours.high) == pytest.approx(theirs.high * 100, abs=0.051)


def test_an_interval_that_was_read_is_kept() -> None:
    _, pooled = evidence.get_number("alnefeesi-2022.pre-post-response")
    interval = evidence.interval_of(pooled)
    assert interval is not None
    assert (interval.low, interval.high, interval.is_our_calculation) == (35, 55, False)


def test_without_people_there_is_no_interval() -> None:
    _, rate = evidence.get_number("griffiths-2019-nhs.infusions-qids-sr-response")
    assert evidence.interval_of(rate) is None


@pytest.mark.parametrize(("printed", "people"), [("55.4", 55), ("46.5", 47), ("0.98", 1)])
def test_people_of_100_round_as_people_do(printed: str, people: int) -> None:
    number = evidence.Number("a", "response", Mark.READ, ReadIn.TABLE, Decimal(printed), "percent")
    assert evidence.of_100(number) == people


def test_points_are_not_people() -> None:
    _, change = evidence.get_number("singh-2016-dose-frequency.ketamine-2x-weekly-madrs-change-d14")
    with pytest.raises(ValueError, match="not a share"):
        evidence.of_100(change)


def test_records_are_found_by_condition_and_approach() -> None:
    found = evidence.about(evidence.all(), condition="alcohol-use", approach="talk-therapy")
    assert "grabski-2022-kare" in {record.id for record in found}
    assert all("alcohol-use" in record.conditions for record in found)
    assert evidence.about(evidence.all()) == evidence.all()


def test_an_unknown_id_is_answered_with_the_nearest() -> None:
    with pytest.raises(evidence.UnknownEvidence, match="anand-2023-elektd"):
        evidence.get("anand-2023-elekt")
    with pytest.raises(evidence.UnknownEvidence, match="response-ketamine-vs-midazolam"):
        evidence.get_number("dean-2021-cochrane.response-ketamine-midazolam")
