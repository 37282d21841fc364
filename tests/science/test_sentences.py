"""A sentence is its English string, and can be said in another language later, in another process too."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from longlight.science.sentences import Sentence, said

WORDS = {
    "{what} is {value}.": "{value} ist {what}.",
    "heart rate": "Puls",
    "": "header of the catalog",
}


def german(form: str) -> str:
    return WORDS.get(form, form)


def test_it_is_its_english_string() -> None:
    sentence = Sentence("{what} is {value:.1f}.", what="weight", value=71.25)
    assert sentence == f"weight is {71.25:.1f}."
    assert {sentence: 1}["weight is 71.2."] == 1


def test_it_is_said_in_another_language_with_the_sentences_among_its_values() -> None:
    sentence = Sentence("{what} is {value}.", what=Sentence("heart rate"), value=60)
    assert sentence == "heart rate is 60."
    assert sentence.said(german) == "60 ist Puls."


def test_an_empty_one_stays_empty_and_any_other_string_as_it_is() -> None:
    assert Sentence("").said(german) == ""
    assert said("heart rate", german) == "heart rate"


@given(st.text(), st.integers())
def test_it_survives_being_kept(what: str, value: int) -> None:
    sentence = Sentence("{what} is {value}.", what=what, value=value)
    kept = pickle.loads(pickle.dumps(sentence))
    assert kept == sentence
    assert kept.said(german) == f"{value} ist {what}."
