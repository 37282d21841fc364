"""Every template: no inline style or script, no way around escaping, and no words that cannot be translated."""

import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

SRC = Path(__file__).parents[2] / "src/longlight"
TEMPLATES = sorted(SRC.rglob("templates/**/*.html"))
TEXTS = sorted(SRC.rglob("templates/**/*.txt"))
# Made-up content for those who build pages.
NOT_TRANSLATED = {"gallery"}

# Names, symbols and units that are the same in every language.
SAME_EVERYWHERE = {"UTC", "Longlight", "PHQ", "mg", "kg", "mmHg", "SpO", "min", "h"}


def every(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: str(path.relative_to(SRC)))


def html_of(path: Path) -> str:
    return re.sub(
        r"\{%\s*comment.*?endcomment\s*%\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )


@every(TEMPLATES)
def test_nothing_is_inline(path: Path) -> None:
    html = html_of(path)
    assert not re.search(r"\sstyle\s*=", html)
    assert "<style" not in html
    assert not re.search(r"<[^>%]*\son\w+\s*=", html)
    for opening in re.findall(r"<script\b[^>]*>", html):
        assert "src=" in opening or 'type="application/json"' in opening
    assert "javascript:" not in html


@every(TEMPLATES)
def test_nothing_goes_around_escaping(path: Path) -> None:
    html = html_of(path)
    assert not re.search(r"\|\s*(safe|safeseq)\b", html)
    assert not re.search(r"\{%\s*autoescape\s+off", html)


@every(TEMPLATES)
def test_nothing_comes_from_another_host(path: Path) -> None:
    for address in re.findall(r"<(?:link|script|img|iframe|source)\b[^>]*?(?:src|href)=\"([^\"]+)", html_of(path)):  # fmt: skip
        assert not address.startswith(("http:", "https:", "//"))


def untranslated(html: str) -> list[str]:
    """Words that stand in the template outside translate tags (a `…_class` block holds no words)."""
    kept: list[str] = []
    silent: list[str] = []  # open tags whose content is translated, or is no words
    for token in Lexer(html).tokenize():
        if token.token_type is TokenType.BLOCK:
            parts = token.contents.split()
            if parts[0] in {"blocktranslate", "block"}:
                silent.append(
                    "" if parts[0] == "block" and not parts[1].endswith("_class") else parts[0]
                )
            elif parts[0] in {"endblocktranslate", "endblock"}:
                silent.pop()
        kept.append(
            token.contents if token.token_type is TokenType.TEXT and not any(silent) else " "
        )
    page = re.sub(r"<(script|style|svg|code|pre)\b.*?</\1>", " ", "".join(kept), flags=re.DOTALL)
    shown = re.findall(r"(?:aria-label|alt|title|placeholder)=\"([^\"]*)\"", page)
    shown.append(re.sub(r"<[^>]*>?", " ", page))
    words = re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", " ".join(shown)))
    return [word for word in words if word not in SAME_EVERYWHERE]


@every([path for path in TEMPLATES + TEXTS if not NOT_TRANSLATED & set(path.parts)])
def test_every_word_can_be_translated(path: Path) -> None:
    assert untranslated(html_of(path)) == []


# A part's words are arguments: `{% notice "Saved" %}` would stay English, `{% notice _("Saved") %}` does not.
PARTS = re.findall(
    r"^def (\w+)\(", (SRC / "ui/templatetags/ui.py").read_text(encoding="utf-8")
    + (SRC / "ui/templatetags/ui_staff.py").read_text(encoding="utf-8"), re.MULTILINE,
)  # fmt: skip


@every([path for path in TEMPLATES if not NOT_TRANSLATED & set(path.parts)])
def test_words_handed_to_a_part_are_translated_first(path: Path) -> None:
    found = []
    for token in Lexer(html_of(path)).tokenize():
        if token.token_type is TokenType.BLOCK and token.contents.split()[0] in PARTS:
            bare = re.sub(r"_\((\"[^\"]*\"|'[^']*')\)", "", token.contents)
            bare = re.sub(r"\|(date|time):(\"[^\"]*\"|'[^']*')", "", bare)
            quoted = re.findall(r"\"([^\"]*)\"|'([^']*)'", bare)
            found += [a or b for a, b in quoted if re.search(r"[A-Z]| ", a or b)]
    assert found == []


def test_a_word_outside_is_found() -> None:
    assert untranslated('<p>{% translate "a" %} left out <b aria-label="here">{{ x }}</b></p>') == ["here", "left", "out"]  # fmt: skip
