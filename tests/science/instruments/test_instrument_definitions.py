"""Definitions and text packs as data: complete, sourced, and within their licences."""

from importlib import resources
from pathlib import Path

import pytest
from tests.science.instruments.instrument_strategies import EVERY_VERSION, NAMES

from longlight import instruments
from longlight.instruments import Instrument, InstrumentError
from longlight.science.instruments.text import items_sha256
from longlight.science.marks import Mark

REQUIRED = [
    "phq-9",
    "phq-2",
    "phq-15",
    "gad-7",
    "gad-2",
    "qids-sr16",
    "madrs",
    "madrs-s",
    "hamd-17",
    "cesd-r",
    "who-5",
    "wsas",
    "shaps",
    "cgi-s",
    "cgi-i",
    "pcl-5",
    "pc-ptsd-5",
    "audit",
    "audit-c",
    "oci-r",
    "y-bocs",
    "ede-q",
    "c-ssrs-screener",
    "asq",
    "cadss",
    "cadss-6",
    "bprs-plus",
    "meq30",
    "edi",
    "rosenberg",
    "sure",
    "ymrs",
    "longlight-side-effects",
    "longlight-mood-switch",
    "mood-0-10",
]
every_version = pytest.mark.parametrize("instrument", EVERY_VERSION, ids=NAMES)


def test_every_instrument_asked_for_is_there() -> None:
    assert set(REQUIRED) <= set(instruments.ids())


@every_version
def test_every_clinical_number_has_a_source_and_a_mark(instrument: Instrument) -> None:
    sourced = [instrument.scoring.evidence, instrument.scoring.missing_evidence]
    sourced.append(instrument.licence.evidence)
    for group in (
        instrument.bands,
        instrument.levels,
        instrument.thresholds,
        instrument.findings,
        instrument.safety_rules,
        instrument.criteria,
    ):
        sourced += [each.evidence for each in group]
    for part in instrument.subscales:
        assert part.evidence is not None
        sourced.append(part.evidence)
    for each in sourced:
        assert each.source
        assert isinstance(each.mark, Mark)


@every_version
def test_rules_point_at_items_that_exist(instrument: Instrument) -> None:
    numbers = {item.number for item in instrument.items}
    assert len(numbers) == len(instrument.items) == len({item.id for item in instrument.items})
    for part in (*instrument.scoring.parts, *instrument.subscales):
        assert set(part.items) <= numbers
    for level in (*instrument.levels, *instrument.findings):
        for condition in level.conditions:
            assert set(condition.items) <= numbers
            known = {part.id for part in instrument.subscales}
            assert condition.subscale is None or condition.subscale in known
    for rule in instrument.safety_rules:
        item = next(item for item in instrument.items if item.number == rule.item)
        assert item.minimum < rule.at_least <= item.maximum
    assert len({rule.id for rule in instrument.safety_rules}) == len(instrument.safety_rules)


@every_version
def test_wording_is_shipped_exactly_where_the_licence_allows(instrument: Instrument) -> None:
    pack = instrument.text()
    allowed = instrument.licence.shipping_class in {"A", "own"}
    assert (pack is not None) == (allowed and instrument.licence.text == "shipped")
    if pack is None:
        return
    assert pack.notice
    assert pack.notice == instrument.licence.notice
    assert pack.sha256 == items_sha256([item.text for item in pack.items])
    for item in instrument.items:
        worded = pack.item(item.number)
        codes = {(option.code, option.value) for option in worded.options}
        assert codes == {(option.code, option.value) for option in item.options}


def test_there_is_no_text_pack_beyond_those_allowed() -> None:
    folder = resources.files("longlight.science.instruments") / "texts"
    shipped = {each.id for each in EVERY_VERSION if each.text() is not None}
    assert {Path(entry.name).name.split(".")[0] for entry in folder.iterdir()} == shipped


def test_a_definition_hash_is_that_of_its_bytes_and_a_copy_changes_with_it() -> None:
    hashes = {each.hash for each in EVERY_VERSION}
    assert len(hashes) == len(EVERY_VERSION)
    assert all(len(each) == 64 for each in hashes)


def test_the_eight_indications_name_instruments_that_exist_and_what_is_missing() -> None:
    found = instruments.indications()
    assert len(found) == 8
    for each in found:
        assert each.first_choice in each.instruments
        assert set(each.instruments) <= set(instruments.ids())
        assert each.missing


SITE_PACK = """
instrument = "sure"
version = "1"
language = "en"
title = "Four questions"
recall_period = "now"
licence_line = "By permission"
notice = "By permission of the owner"
{permission}
[option_sets]
yesno = [{{ value = 1, text = "Yes" }}, {{ value = 0, text = "No" }}]
{items}
"""
ITEMS = "\n".join(
    f'[[items]]\nnumber = {n}\ntext = "Item {n}"\noptions = "yesno"' for n in range(1, 5)
)
PERMISSION = """[permission]
reference = "letter 7"
granted_by = "the owner"
date = "2026-01-31"
confirmed_by = "A. Director"
"""


def test_a_site_may_add_wording_when_it_says_who_allowed_it() -> None:
    sure = instruments.get("sure")
    pack = sure.site_text(SITE_PACK.format(permission=PERMISSION, items=ITEMS))
    assert (pack.origin, pack.item(4).text) == ("site", "Item 4")
    assert pack.permission["reference"] == "letter 7"
    with pytest.raises(InstrumentError, match="does not say who allowed it"):
        sure.site_text(SITE_PACK.format(permission="", items=ITEMS))
    with pytest.raises(InstrumentError, match="does not fit item 4"):
        sure.site_text(SITE_PACK.format(permission=PERMISSION, items=ITEMS.replace("= 4", "= 9")))
    with pytest.raises(InstrumentError, match="is for sure version 1"):
        instruments.get("who-5").site_text(SITE_PACK.format(permission=PERMISSION, items=ITEMS))
    with pytest.raises(InstrumentError, match="cannot be read"):
        sure.site_text("not a pack")
