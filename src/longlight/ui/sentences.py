"""What `science`, which knows no language, says: in that of whoever reads."""

from django.utils.translation import gettext, gettext_lazy

from longlight.science.marks import Mark
from longlight.science.sentences import said

MARK_WORDS = {
    Mark.READ: gettext_lazy("read"),
    Mark.READ_SECONDARY: gettext_lazy("read in a transcription"),
    Mark.DERIVED: gettext_lazy("derived"),
    Mark.INFERRED: gettext_lazy("inferred"),
    Mark.CHOICE: gettext_lazy("a choice"),
    Mark.RECALLED: gettext_lazy("recalled"),
}


def in_words(sentence: str) -> str:
    """As `{{ sentence|words }}` in a template. What is no `Sentence` stays as it is."""
    return str(said(sentence, gettext))
