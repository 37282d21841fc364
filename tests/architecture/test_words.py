"""English with every string translatable: what a person reads in a page goes through a catalog.

How: docs/how-to/translate-the-pages.md. What stays English, and why: decision 160. Templates: tests/ui/test_templates.py.
"""

import re
from pathlib import Path

import pytest
from tests.architecture.wording import bare_sentences, unreadable_messages

SOURCE = Path(__file__).parents[2] / "src" / "longlight"
READ_ELSEWHERE = {
    "clinic/demo": "made-up people, and what they are said to have written",
    "clinic/migrations": "no page",
    "clinic/outcomes/queries.py": "SQL, and no word of a page",
    "clinic/record/queries.py": "what `longlight audit verify` found, in a terminal",
    "exchange/score_csv": "`longlight score`, in a terminal and without Django",
    "exchange/whole_file.py": "files of the terminal, without Django",
    "ui/cited.py": "pieces of the English of evidence records",
    "ui/figures/pharmacokinetics.py": "a figure of the terminal and the notebook",
    "ui/gallery.py": "shows developers the components",
    "ui/gallery_samples.py": "shows developers the components",
}
# Names, not sentences: who wrote into the record by itself, and a font.
NAMES = {"Longlight worker", "Arial, sans-serif"}


def read_in_pages(folder: Path) -> list[Path]:
    return [
        path
        for floor in ("clinic", "exchange", "ui")
        for path in sorted((folder / floor).rglob("*.py"))
        if not any(str(path.relative_to(folder)).startswith(name) for name in READ_ELSEWHERE)
    ]


def test_no_sentence_of_a_page_stands_outside_the_catalogs() -> None:
    found = {
        f"{path.relative_to(SOURCE)} {sentence}"
        for path in read_in_pages(SOURCE)
        for sentence in bare_sentences(path.read_text(encoding="utf-8"))
        if sentence.partition(": ")[2] not in NAMES
    }
    assert found == set()


def test_every_message_can_be_read_by_makemessages_and_names_its_values() -> None:
    found = {
        f"{path.relative_to(SOURCE)} {problem}"
        for path in SOURCE.rglob("*.py")
        for problem in unreadable_messages(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_what_is_read_elsewhere_is_still_there() -> None:
    assert [name for name in READ_ELSEWHERE if not (SOURCE / name).exists()] == []


ONLY_WORDS = {
    "django.utils.dates",
    "django.utils.formats",
    "django.utils.functional",
    "django.utils.translation",
}


def test_rules_know_of_django_only_how_words_are_put_into_a_language() -> None:
    imports = re.compile(r"^\s*(?:from (django[\w.]*)|import (django[\w.]*))", re.MULTILINE)
    paths = [*SOURCE.glob("clinic/*/rules.py"), *SOURCE.glob("clinic/*/rules/*.py")]
    assert len(paths) > 10
    for path in paths:
        named = {a or b for a, b in imports.findall(path.read_text(encoding="utf-8"))}
        assert named <= ONLY_WORDS, path


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('raise CannotDo("Say why.")', "Say why."),
        ('raise CannotDo("no")', "no"),
        ('raise CannotDo(f"The session is {state}.")', "The session is {}."),
        ('reasons.append("Say why it is moved.")', "Say why it is moved."),
        ('label = f"Line {n} says the same."', "Line {} says the same."),
        ('words = {"a": "Booked by mistake"}', "Booked by mistake"),
    ],
)
def test_a_bare_sentence_is_found(source: str, said: str) -> None:
    assert [found.partition(": ")[2] for found in bare_sentences(source)] == [said]


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring says things."""',
        'raise CannotDo(_("Say why."))',
        'raise CannotDo(_("The session is {state}.").format(state=state))',
        'raise CannotDo(" ".join(reasons))',
        'raise ValueError("a button has no such kind")',
        'css_class = "btn is-second is-small"',
        'ngettext("{n} row is left.", "{n} rows are left.", n).format(n=n)',
    ],
)
def test_what_a_catalog_reaches_is_not_found(source: str) -> None:
    assert list(bare_sentences(source)) == []


@pytest.mark.parametrize(
    "source", ['_(f"Line {n}")', '_("Line " + n)', '_("Line %s") % n', '_("Line {}").format(n)']
)
def test_a_message_that_no_translator_could_use_is_found(source: str) -> None:
    assert len(list(unreadable_messages(source))) == 1
