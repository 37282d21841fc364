"""A sentence that is made here and read elsewhere, in whatever language its reader has.

This floor knows no reader and no catalog. So a sentence keeps its form and its values apart: as it is, it is the
English one; `said` puts the form through a reader's `gettext` first.

    from longlight.science.sentences import Sentence as _   # `makemessages` looks for `_(...)`

    raise ValueError(_("the {what} '{text}' is not a number", what=what, text=text))
"""

from collections.abc import Callable
from typing import Any, Self, TypeAlias

Translate: TypeAlias = Callable[[str], str]


class Sentence(str):
    """`Sentence("Line {line} is empty.", line=7)` is the string "Line 7 is empty."."""

    __slots__ = ("form", "values")
    form: str
    values: dict[str, object]

    def __new__(cls, form: str, **values: object) -> Self:
        made = super().__new__(cls, form.format(**values))
        made.form, made.values = form, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.form,), self.values

    def said(self, gettext: Translate) -> str:
        """The sentence in the language of `gettext`; sentences among its values too."""
        values = {name: said(value, gettext) for name, value in self.values.items()}
        return gettext(self.form).format(**values) if self.form else ""


def said(what: Any, gettext: Translate) -> Any:
    """A sentence in the language of `gettext`; anything else as it is."""
    return what.said(gettext) if isinstance(what, Sentence) else what
