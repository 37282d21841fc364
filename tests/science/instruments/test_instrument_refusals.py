"""Every input that cannot be scored gets one sentence that says what to do, and is a ValueError."""

import math

import numpy as np
import pytest

from longlight import instruments

PHQ_9 = instruments.get("phq-9")


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ([1] * 10, "takes 9 answers"),
        ([1] * 8, "takes 9 answers"),
        ([], "takes 9 answers"),
        ([7, *[0] * 8], "phq9_1 cannot be 7: give a whole number from 0 to 3"),
        (["x", *[0] * 8], "phq9_1 cannot be 'x'"),
        ([1.5, *[0] * 8], "phq9_1 cannot be 1.5"),
        ([math.inf, *[0] * 8], "phq9_1 cannot be inf"),
        (["١", *[0] * 8], "phq9_1 cannot be"),
        ([-1, *[0] * 8], "phq9_1 cannot be -1"),
        ([10**400, *[0] * 8], "phq9_1 cannot be '1000"),
        ([[1], *[0] * 8], r"phq9_1 cannot be '\[1\]'"),
    ],
)
def test_answers_that_cannot_be_scored_are_refused_with_a_sentence(
    answers: list[object], says: str
) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        PHQ_9.score(answers)  # type: ignore[arg-type]
    assert isinstance(refused.value, instruments.InstrumentError)
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_empty_text_nan_and_none_are_all_missing() -> None:
    assert PHQ_9.score(["", math.nan, *[1] * 7]) == PHQ_9.score([None, " ", *[1] * 7])
    assert PHQ_9.score(np.float32([math.nan] * 2 + [1] * 7)) == PHQ_9.score([None] * 2 + [1] * 7)


def test_a_whole_number_may_be_written_as_a_spreadsheet_does() -> None:
    assert PHQ_9.score(["1.0", "2.", " 3 ", 1.0, *[0] * 5]).total == 7


def test_answers_by_item_id_and_the_nearest_id_for_a_wrong_one() -> None:
    by_id = PHQ_9.score({f"phq9_{n}": 1 for n in range(1, 10)})
    assert by_id == PHQ_9.score([1] * 9)
    with pytest.raises(instruments.AnswerRefused, match="did you mean phq9_1"):
        PHQ_9.score({"phq9-1": 1})


def test_an_unknown_instrument_or_version_names_what_there_is() -> None:
    with pytest.raises(instruments.UnknownInstrument, match="did you mean phq-9"):
        instruments.get("PHQ9")
    with pytest.raises(instruments.UnknownInstrument, match="no version '99'"):
        instruments.get("phq-9", version="99")


@pytest.mark.parametrize("total", [28, -1, "x", 4.5, math.nan, None, "", math.inf])
def test_a_total_that_cannot_be_is_refused(total: object) -> None:
    with pytest.raises(instruments.TotalRefused, match="give a whole number from 0 to 27"):
        PHQ_9.check_total(total)  # type: ignore[arg-type]


def test_a_total_that_can_be_is_given_back_whole() -> None:
    assert [PHQ_9.check_total(total) for total in (0, "27", 12.0)] == [0, 27, 12]


def test_a_context_that_is_not_known_is_refused() -> None:
    for context in ({"sex": "x"}, {"colour": "blue"}, {"days_since_dose": "soon"}):
        with pytest.raises(instruments.ContextRefused):
            PHQ_9.score([0] * 9, context)
