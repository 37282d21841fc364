"""Asks for the pages with every message of every catalog in brackets, and tells the words that stand outside them.

Run inside an installation that holds the demo (see `test_marked_pages.py`). Words that come from the database or from a
file of clinical knowledge are nobody's to translate; what is left is English that no catalog reaches.
"""

import ast
import csv
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

OPEN, SHUT = "⟦", "⟧"
# Any that Django knows and we do not write: what is kept by language is then kept apart.
LANGUAGE = "sv"
WORD = re.compile(r"[^\W\d_]{2,}")
CODE = re.compile(r"[a-z][a-z0-9_-]*")
BETWEEN = re.compile(r"[\d·,:;()/→×=%–—…⟦⟧\n\"“”|]+|\.(?=\s|$)|\s-\s")
SAID = {"title", "aria-label", "aria-description", "placeholder", "alt"}
UNITS = {
    "Longlight",
    "UTC",
    "EST",
    "EDT",
    "SpO₂",
    "bpm",
    "day",
    "h",
    "kg",
    "mg",
    "min",
    "ml",
    "mL",
    "mm",
    "mmHg",
    "ng",
}
UNITS |= {"per", "at", "and", "to", "of", "or"}  # between two pieces of knowledge
# What publications say is printed in pieces, between numbers of theirs.
OF_EVIDENCE = {"home", "sources", "compare", "approach", "claims", "conditions", "choose"}
SILENT = {"script", "style", "code", "pre"}


def mark_every_message() -> None:
    from django.conf import settings
    from django.utils import translation

    settings.LANGUAGES, settings.LANGUAGE_CODE = [(LANGUAGE, LANGUAGE)], LANGUAGE
    translation.gettext("any")  # Django takes up its catalogs now, and ours are put in their place

    def marked(message: str) -> str:
        return f"{OPEN}{message}{SHUT}" if message.strip() else message

    def counted(one: str, more: str, number: int) -> str:
        return marked(one if number == 1 else more)

    catalogs: Any = translation._trans  # type: ignore[attr-defined]
    catalogs.gettext, catalogs.ngettext = marked, counted
    catalogs.pgettext = lambda _context, message: marked(message)
    catalogs.npgettext = lambda _context, one, more, number: counted(one, more, number)


class Outside(HTMLParser):
    """What a page says outside the brackets, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.depth = self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.pieces += [
            outside(value, 0)[0] for name, value in attrs if name in SAID and value is not None
        ]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            said, self.depth = outside(data, self.depth)
            self.pieces.append(said)


def outside(text: str, depth: int) -> tuple[str, int]:
    kept = []
    for sign in text:
        depth += (sign == OPEN) - (sign == SHUT)
        if sign in OPEN + SHUT:
            kept.append("\n")
        elif depth == 0:
            kept.append(sign)
    return "".join(kept), depth


def strings(of: object) -> Iterator[str]:
    """Every string in nested data; keys are no words to show."""
    if isinstance(of, str):
        yield of
    elif isinstance(of, dict):
        yield from (text for value in of.values() for text in strings(value))
    elif isinstance(of, list | tuple | set):
        yield from (text for value in of for text in strings(value))


def of_files() -> Iterator[str]:
    """Clinical knowledge, and what the made-up people of the demo wrote, which the database holds sealed."""
    import longlight
    from longlight.ui.cited import _SHORT

    package = Path(longlight.__file__).parent
    for path in package.rglob("*.toml"):
        yield from strings(tomllib.loads(path.read_text(encoding="utf-8")))
    for path in [*package.rglob("*.csv"), *package.rglob("*.json")]:
        if "vendor" not in path.parts and "places" not in path.parts:
            text = path.read_text(encoding="utf-8")
            found = json.loads(text) if path.suffix == ".json" else csv.reader(text.splitlines())
            yield from strings(list(found))
    for path in (package / "clinic" / "demo").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from (
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
    yield from _SHORT.values()
    for zone in available_timezones():
        yield from (zone, zone.replace("_", " "))


def of_database() -> Iterator[str]:
    """What was typed or named. A code that is kept, such as a role, is no word to show."""
    from django.apps import apps

    for model in apps.get_app_config("clinic").get_models():
        for row in model._default_manager.values_list():
            found = (value for value in row if isinstance(value, str))
            yield from (value for value in found if not CODE.fullmatch(value))


class Known:
    """What the database and the files of knowledge say."""

    def __init__(self, files: Iterable[str], database: Iterable[str] = ()) -> None:
        said = list(files)
        self.words = {word for text in said for word in WORD.findall(text)}
        said += database
        self.whole = {normal(text) for text in said}
        for text in [*said, *list(self.whole)]:
            self.whole |= {normal(part) for part in BETWEEN.split(text)}
        self.all = "\n".join(sorted(self.whole))

    def knows(self, piece: str, *, of_evidence: bool = False) -> bool:
        words = WORD.findall(piece)
        if {piece, piece[:1].lower() + piece[1:]} & self.whole or UNITS.issuperset(words):
            return True
        if of_evidence:
            return all(word in self.words for word in words)
        return len(words) > 2 and piece in self.all


def normal(text: str) -> str:
    """On one line; where a value is filled in, one piece ends and another begins."""
    return " ".join(re.sub(r"\{[^}]*\}", "|", text).split())


def unmarked(html: str, known: Known, *, of_evidence: bool = False) -> list[str]:
    page = Outside()
    page.feed(html)
    page.close()
    left = [said for said in page.pieces if normal(said) not in known.whole]
    pieces = {normal(piece) for said in left for piece in BETWEEN.split(said)}
    found = [piece for piece in pieces if not known.knows(piece, of_evidence=of_evidence)]
    return sorted(found) + (["a bracket is left open"] if page.depth else [])


def report() -> None:
    """Print, as JSON, what each page says outside the brackets. Arguments: the pages and the parts of their paths."""
    import sys

    from django.test import Client
    from django.utils import timezone

    from longlight.clinic.demo.actions import make_links

    asked, places = json.loads(sys.argv[1]), json.loads(sys.argv[2])
    links: dict[str, str] = {}
    for link in make_links(at=timezone.now()):
        links.setdefault(link.role.value, link.path)
    mark_every_message()
    known = Known(of_files(), of_database())
    clients = {"": Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE=LANGUAGE)}
    found = {}
    for page in asked:
        role = page["role"]
        if role not in clients:
            clients[role] = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE=LANGUAGE)
            clients[role].get(links[role])
        answer = clients[role].get(page["path"].format(**places))
        html = answer.content.decode()
        if answer.status_code != page["status"] or OPEN not in html:
            found[page["name"]] = [f"answered {answer.status_code}"]
        elif left := unmarked(html, known, of_evidence=page["name"] in OF_EVIDENCE):
            found[page["name"]] = left
    print(json.dumps(found))
