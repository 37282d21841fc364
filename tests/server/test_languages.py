"""A browser is answered in a language that has a catalog, wholly; in any other in English, wholly."""

import gettext
import struct
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import trans_real

from longlight.server.environment import WrongEnvironment
from longlight.server.languages import languages, require_language


def write_catalog(folder: Path, code: str, messages: dict[str, str]) -> None:
    """A compiled catalog by the layout that GNU gettext states for .mo files."""
    path = folder / code / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **messages}.items())
    keys = [key.encode() for key, _ in pairs]
    values = [value.encode() for _, value in pairs]
    at, tables = 28 + 16 * len(pairs), [b"", b""]
    body = b""
    for place, texts in enumerate((keys, values)):
        for text in texts:
            tables[place] += struct.pack("<II", len(text), at + len(body))
            body += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    path.write_bytes(head + tables[0] + tables[1] + body)
    with path.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext(keys[-1].decode()) == values[-1].decode()


def test_the_languages_are_english_and_those_with_a_catalog(tmp_path: Path) -> None:
    assert languages([tmp_path]) == [("en", "English")]
    write_catalog(tmp_path, "es", {"Sign in": "Entrar"})
    (tmp_path / "fr" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "fr" / "LC_MESSAGES" / "django.po").write_text("not compiled", encoding="utf-8")
    assert languages([tmp_path, tmp_path / "none"]) == [("en", "English"), ("es", "español")]


def test_a_language_without_a_catalog_stops_the_start_with_a_sentence() -> None:
    known = [("en", "English"), ("es", "español")]
    assert require_language("es", known) == "es"
    with pytest.raises(WrongEnvironment, match="no catalog of 'fr' in LONGLIGHT_HOME/locale"):
        require_language("fr", known)


@pytest.mark.django_db
def test_a_browser_that_asks_for_a_language_that_is_not_here_gets_english_whole() -> None:
    # Django knows Spanish itself: its month names and form errors would stand in an English page.
    spanish = Client(HTTP_ACCEPT_LANGUAGE="es").post("/sign-in/", {})
    english = Client(HTTP_ACCEPT_LANGUAGE="en").post("/sign-in/", {})
    assert spanish.headers["Content-Language"] == "en"
    assert b"This field is required." in spanish.content
    assert spanish.content.count(b"required") == english.content.count(b"required")


@pytest.mark.django_db
def test_a_browser_is_answered_in_a_language_that_has_a_catalog(
    tmp_path: Path, settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_catalog(tmp_path, "es", {"Sign in": "Entrar <aquí>"})
    monkeypatch.setattr(trans_real, "_translations", {})
    settings.LOCALE_PATHS, settings.LANGUAGES = [tmp_path], languages([tmp_path])
    page = Client(HTTP_ACCEPT_LANGUAGE="es-MX,es;q=0.9").get("/sign-in/").content.decode()
    assert '<html lang="es"' in page
    assert "Entrar" in page
    with translation.override("es"):
        assert date_format(date(2026, 11, 3), "j F") == "3 noviembre"
