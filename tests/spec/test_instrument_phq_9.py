"""PHQ-9: what the definition promises, by examples worked by hand from the scoring rules."""

import pytest

from longlight import instruments

PHQ_9 = instruments.get("phq-9")


def test_nine_answers_add_up_and_name_their_band() -> None:
    score = PHQ_9.score([2, 2, 1, 3, 1, 2, 1, 0, 0])
    assert (score.total, score.band, score.prorated, score.missing) == (12, "moderate", False, ())
    assert score.flags == ()


@pytest.mark.parametrize(
    ("answers", "band"),
    [
        ([1, 1, 1, 1, 0, 0, 0, 0, 0], "minimal"),
        ([1, 1, 1, 1, 1, 0, 0, 0, 0], "mild"),
        ([1, 1, 1, 1, 1, 1, 1, 1, 1], "mild"),
        ([2, 1, 1, 1, 1, 1, 1, 1, 1], "moderate"),
        ([2, 2, 2, 2, 2, 1, 1, 1, 1], "moderate"),
        ([2, 2, 2, 2, 2, 2, 1, 1, 1], "moderately severe"),
        ([3, 2, 2, 2, 2, 2, 2, 2, 2], "moderately severe"),
        ([3, 3, 2, 2, 2, 2, 2, 2, 2], "severe"),
        ([3, 3, 3, 3, 3, 3, 3, 3, 3], "severe"),
    ],
)
def test_each_edge_of_each_band(answers: list[int], band: str) -> None:
    assert PHQ_9.score(answers).band == band


def test_two_missing_are_prorated_half_up_and_flagged() -> None:
    # Seven answers that sum to 7: 7 * 9 / 7 = 9. Eight that sum to 4: 4 * 9 / 8 = 4.5, so 5.
    assert PHQ_9.score([1, 1, 1, 1, 1, 1, 1, None, None]).total == 9
    half = PHQ_9.score([1, 1, 1, 1, 0, 0, 0, 0, None])
    assert (half.total, half.band, half.prorated) == (5, "mild", True)
    assert half.missing == ("phq9_9",)
    assert half.flags == ("incomplete", "prorated")


def test_three_missing_give_no_total() -> None:
    score = PHQ_9.score([3, 3, 3, 3, 3, 3, None, None, None])
    assert (score.total, score.band, score.prorated) == (None, None, False)


def test_item_nine_is_flagged_from_its_raw_answer_only() -> None:
    assert PHQ_9.score([3, 3, 3, 3, 3, 3, 3, 3, None]).safety == ()
    flags = PHQ_9.score([0, 0, 0, 0, None, None, None, None, 1])
    assert flags.total is None
    assert [flag.item_id for flag in flags.safety] == ["phq9_9"]
    assert PHQ_9.safety_flags("phq9_9", 1) == flags.safety
    assert PHQ_9.safety_flags("phq9_9", 0) == PHQ_9.safety_flags("phq9_9", None) == ()
