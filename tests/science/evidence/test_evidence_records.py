"""The evidence as a whole: what must hold for every record and every number in it."""

import re
from decimal import Decimal

import pytest

from longlight.science import evidence
from longlight.science.evidence import EvidenceRecord, Number, ReadIn
from longlight.science.marks import Mark

RECORDS = evidence.all()
NUMBERS = [(record, number) for record in RECORDS for number in record.numbers]
SHARES = [(r, n) for r, n in NUMBERS if n.unit == "percent" and n.value is not None]
COUNTED = [(r, n) for r, n in SHARES if n.count is not None and n.of]
# The abstract of Abbar 2022 prints denominators that do not fit its percentages; the record says so.
ODD_IN_THE_SOURCE = {"abbar-2022"}


def name(pair: tuple[EvidenceRecord, Number]) -> str:
    return f"{pair[0].id}.{pair[1].id}"


def test_ids_name_their_records_and_numbers_once() -> None:
    references = [name(pair) for pair in NUMBERS]
    assert len(set(references)) == len(references)
    assert all(re.fullmatch(r"[a-z0-9-]+\.[a-z0-9-]+", reference) for reference in references)


def test_every_reference_finds_its_number() -> None:
    for record, number in NUMBERS:
        assert evidence.get_number(f"{record.id}.{number.id}") == (record, number)


def test_what_was_recalled_was_not_read_and_the_other_way_round() -> None:
    for _, number in NUMBERS:
        assert (number.mark is Mark.RECALLED) == (number.read_in is ReadIn.NOT_READ)


def test_a_number_read_in_the_news_or_a_summary_is_second_hand() -> None:
    second_hand = {ReadIn.NEWS, ReadIn.SUMMARY, ReadIn.LATER_PAPER, ReadIn.REVIEW_TABLE}
    for _, number in NUMBERS:
        if number.read_in in second_hand:
            assert number.mark is not Mark.READ


def test_every_number_says_something() -> None:
    for record, number in NUMBERS:
        has_value = number.value is not None or number.low is not None
        assert has_value or number.finding or number.p, name((record, number))
        assert not has_value or number.unit, name((record, number))


def test_a_share_lies_between_none_and_all() -> None:
    assert [name(pair) for pair in SHARES if abs(pair[1].value or Decimal(0)) > 100] == []


@pytest.mark.parametrize("pair", COUNTED, ids=name)
def test_the_count_and_the_percentage_agree(pair: tuple[EvidenceRecord, Number]) -> None:
    record, number = pair
    assert number.count is not None
    assert number.of is not None
    assert number.value is not None
    if record.id not in ODD_IN_THE_SOURCE:
        printed_to = Decimal(1).scaleb(number.value.as_tuple().exponent)  # type: ignore[arg-type]
        assert abs(Decimal(100 * number.count) / number.of - number.value) <= printed_to


def test_intervals_hold_their_value() -> None:
    for record, number in NUMBERS:
        if number.value is not None and number.low is not None and number.high is not None:
            assert number.low <= number.value <= number.high, name((record, number))


def test_overlapping_records_exist() -> None:
    ids = {record.id for record in RECORDS}
    assert {other for record in RECORDS for other in record.overlaps_with} <= ids


def test_a_doi_looks_like_one() -> None:
    for record in RECORDS:
        assert record.citation.doi is None or re.match(r"10\.\d{4,9}/\S+$", record.citation.doi)
        assert (record.citation.doi is None) == (record.citation.doi_mark is None)


def test_a_doi_that_nobody_saw_is_not_the_first_link() -> None:
    bloch = evidence.get("bloch-2012-ocd").citation
    assert bloch.doi_mark is Mark.RECALLED
    assert bloch.url == "https://pubmed.ncbi.nlm.nih.gov/22784486/"


def test_arms_that_numbers_name_exist_or_group_arms() -> None:
    for record in RECORDS:
        for number in record.numbers:
            if number.arm and record.arms:
                arms = [arm.id for arm in record.arms]
                grouped = [arm for arm in arms if arm.startswith(number.arm)]
                versus = set(number.arm.split("-vs-")) <= set(arms)
                assert number.arm in {*arms, "both"} or grouped or versus, name((record, number))
