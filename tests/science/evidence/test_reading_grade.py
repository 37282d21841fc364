"""The reading grade against examples that others published, and syllables against a dictionary."""

import pytest

from longlight.science.evidence.reading_grade import grade, syllables

# Wikipedia, "Flesch-Kincaid readability tests": 24 syllables in 13 words, grade 11.3.
PLATYPUS = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."


def test_the_published_example_has_its_grade() -> None:
    assert grade(PLATYPUS) == pytest.approx(11.3, abs=0.05)


def test_six_short_words_need_no_schooling() -> None:
    # 6 words, 6 syllables, one sentence: 0.39 * 6 + 11.8 - 15.59.
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)


@pytest.mark.parametrize(
    ("word", "spoken"),
    [
        *[(word, 1) for word in ("drip", "dose", "eased", "helped", "lives", "through", "worse")],
        *[
            (word, 2)
            for word in ("people", "going", "being", "quiet", "hundred", "table", "needed")
        ],
        *[(word, 2) for word in ("body", "many", "treatment", "headaches", "sessions", "trial")],
        *[
            (word, 3)
            for word in ("ketamine", "together", "medicine", "hospital", "idea", "lithium")
        ],
        *[(word, 4) for word in ("esketamine", "experience", "ordinary", "comparison")],
    ],
)
def test_syllables_are_those_of_a_dictionary(word: str, spoken: int) -> None:
    assert syllables(word) == spoken


def test_two_sentences_read_more_easily_than_one() -> None:
    one = "You rest until you are steady and then a friend takes you home."
    assert grade(one.replace(" and then", ". Then")) < grade(one)


def test_nothing_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="nothing to read"):
        grade("42")
