"""Worked examples of every instrument, as they stand on its page in the reference."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from longlight import instruments
from longlight.instruments import Instrument

FOLDER = Path(__file__).parents[2] / "docs" / "reference" / "instruments" / "examples"


def examples() -> list[tuple[Instrument, dict[str, Any]]]:
    found = []
    for file in sorted(FOLDER.glob("*.toml")):
        instrument_id, _, version = file.stem.partition("@")
        instrument = instruments.get(instrument_id, version or None)
        found += [(instrument, each) for each in tomllib.loads(file.read_text())["examples"]]
    return found


EXAMPLES = examples()


@pytest.mark.parametrize(
    ("instrument", "example"),
    EXAMPLES,
    ids=[f"{instrument.id}: {example['about']}" for instrument, example in EXAMPLES],
)
def test_worked_example(instrument: Instrument, example: dict[str, Any]) -> None:
    score = instrument.score(example["answers"].split(","), example.get("context", {}))
    found = json.loads(json.dumps(score.to_json()))
    assert found["total"] == example.get("total")
    assert found["band"] == example.get("band")
    assert found["prorated"] == example.get("prorated", False)
    for key in ("subscales", "missing", "not_asked"):
        if key in example:
            assert found[key] == example[key]
    assert set(example.get("flags", [])) <= set(found["flags"])


def test_every_version_of_every_instrument_has_an_example() -> None:
    worked = {(instrument.id, instrument.version) for instrument, _ in EXAMPLES}
    every = {
        (instrument_id, each.version)
        for instrument_id in instruments.ids()
        for each in instruments.versions(instrument_id)
    }
    assert worked == every
