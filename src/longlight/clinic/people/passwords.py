"""What a password may not be: too long to hash in good time, or made of words that anyone here would try first."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from longlight.clinic.people.models import Account, Clinic
from longlight.clinic.people.rules import Role

LONGEST_CHARACTERS = 128
# A shared word shorter than this is too common to forbid; what remains besides it must be this long.
SHORTEST_WORD_CHARACTERS = 4
PRODUCT_WORDS = ("longlight", "ketamine", "esketamine", "password", "clinic")


class LongestValidator:
    """At most 128 characters: a password manager's longest, and cheap to refuse."""

    def validate(self, password: str, user: Account | None = None) -> None:
        if len(password) > LONGEST_CHARACTERS:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("Use at most %(most)d characters.") % {"most": LONGEST_CHARACTERS}


class ContextWordsValidator:
    """Not built around the clinic's, the product's, a role's or the own name: without it, 8 characters remain."""

    REMAINDER_CHARACTERS = 8

    def validate(self, password: str, user: Account | None = None) -> None:
        plain = _plain(password)
        remainder = plain
        for word in sorted(_context_words(user), key=len, reverse=True):
            remainder = remainder.replace(word, "")
        if remainder != plain and len(remainder) < self.REMAINDER_CHARACTERS:
            raise ValidationError(self.get_help_text(), code="password_of_context_words")

    def get_help_text(self) -> str:
        return _(
            "Do not build it around the name of the clinic, the program, your role or yourself."
        )


def _context_words(user: Account | None) -> set[str]:
    texts = [*PRODUCT_WORDS, *(role.value for role in Role)]
    texts += Clinic.objects.values_list("name", flat=True)
    if user is not None:
        texts += [user.name or "", (user.email or "").replace("@", " ")]
    words = {word for text in texts for word in re.split(r"\W+", _plain(text, keep_spaces=True))}
    return {word for word in words if len(word) >= SHORTEST_WORD_CHARACTERS}


def _plain(text: str, *, keep_spaces: bool = False) -> str:
    """Lower case, with the usual stand-ins for letters undone, so that `L0nglight` is found."""
    plain = text.casefold().translate(str.maketrans("013457@$", "oieastas"))
    return plain if keep_spaces else re.sub(r"\s", "", plain)
