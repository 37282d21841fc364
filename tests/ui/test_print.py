"""A questionnaire on paper: an item is never parted from its answers, and the notice of its owner is printed."""

import re
from pathlib import Path

import longlight.ui

SHEET = (Path(longlight.ui.__file__).parent / "static/ui/look.css").read_text()
PRINTED = SHEET[SHEET.index("@media print {") :]


def test_an_item_stays_with_its_answers() -> None:
    together = re.search(r"([^{}]*)\{ break-inside: avoid; \}", PRINTED)
    assert together is not None
    assert "fieldset" in together[1]


def test_the_notice_is_not_hidden() -> None:
    hidden = re.search(r"([^{}]*)\{ display: none !important; \}", PRINTED)
    assert hidden is not None
    assert ".src" not in hidden[1]
