"""Which languages the pages have: English, in which they are written, and each whose catalog lies in a folder."""

from collections.abc import Iterable
from pathlib import Path

from django.conf.locale import LANG_INFO

from longlight.server.environment import WrongEnvironment

WRITTEN_IN = "en"


def languages(folders: Iterable[Path]) -> list[tuple[str, str]]:
    """Code and own name. A visitor's browser is answered in one of these, and in no other.

    Without the list Django would answer in any language that it knows itself: its month names and its words about
    forms, in the midst of an English page.
    """
    found = {
        catalog.parts[-3].lower().replace("_", "-")
        for folder in folders
        for catalog in folder.glob("*/LC_MESSAGES/django.mo")
    }
    return [(code, _own_name(code)) for code in [WRITTEN_IN, *sorted(found - {WRITTEN_IN})]]


def require_language(code: str, known: Iterable[tuple[str, str]]) -> str:
    """The language that the pages begin with. Raises `WrongEnvironment` where there is no catalog of it."""
    codes = [each for each, _name in known]
    if code not in codes:
        raise WrongEnvironment(
            f"LONGLIGHT_LANGUAGE cannot be used: there is no catalog of '{code}' in LONGLIGHT_HOME/locale; "
            f"there is {', '.join(codes)}."
        )
    return code


def _own_name(code: str) -> str:
    known = LANG_INFO.get(code, {})
    return str(known.get("name_local", code))
