"""An answer's value in the words of the form."""

from dataclasses import replace

from longlight import instruments


def test_a_value_is_told_in_the_form_s_words_and_never_guessed() -> None:
    text = instruments.get("phq-9").text("en")
    assert text is not None
    assert text.label_of(9, 1) == "Several days"
    assert text.label_of(9, 17) == ""
    item = text.item(9)
    doubled = replace(item, options=(*item.options, replace(item.options[1], code="1b")))
    assert replace(text, items=(doubled,)).label_of(9, 1) == ""
