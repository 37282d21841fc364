"""A sentence of `science`, which knows no language, in that of whoever reads."""

from django.utils.translation import gettext

from longlight.science.sentences import said


def in_words(sentence: str) -> str:
    """As `{{ sentence|words }}` in a template. What is no `Sentence` stays as it is."""
    return str(said(sentence, gettext))
