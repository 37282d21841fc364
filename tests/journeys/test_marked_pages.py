"""English with every string translatable, seen on the pages: with every message in brackets, no word stands outside."""

import json
from dataclasses import asdict

from tests.installation import Installation
from tests.journeys.cast import Cast
from tests.journeys.marked import Known, unmarked
from tests.journeys.pages import PAGES

# Shown to developers, in English (decision 160).
ENGLISH = {"gallery", "gallery-room"}


def test_no_page_says_a_word_that_no_catalog_reaches(
    installation: Installation, cast: Cast
) -> None:
    pages = [asdict(page) for page in PAGES if page.name not in ENGLISH]
    told = installation.python(
        "from tests.journeys.marked import report; report()",
        json.dumps(pages),
        json.dumps(cast.places()),
    )
    found = json.loads(told.splitlines()[-1])
    assert found == {}, json.dumps(found, indent=1, ensure_ascii=False)


def test_a_word_outside_the_brackets_is_found() -> None:
    known = Known(["Lower means fewer symptoms"], ["Ada Quill"])
    page = '<h1>⟦Chart of <b>⟦Ada⟧</b>⟧</h1><p title="Bare">Ada Quill</p><p>Also bare 12</p>'
    assert unmarked(page, known) == ["Also bare", "Bare"]
