"""Another implementation agrees: CamCOPS 2.4.24 (camcops/answer.py says how its answers were had)."""

import csv
from pathlib import Path

import pytest

from longlight import instruments

TABLE = Path(__file__).parent / "camcops" / "answers.csv"
ROWS = list(csv.DictReader(TABLE.read_text().splitlines()))
SEVERITIES = {
    "phq-9": ["none", "mild", "moderate", "moderately_severe", "severe"],
    "gad-7": ["none", "mild", "moderate", "severe"],
    "phq-15": ["none", "mild", "moderate", "severe"],
    "hamd-17": ["none", "mild", "moderate", "severe", "verysevere"],
}
SUBSCALES = {
    "obsession_score": "obsessions",
    "compulsion_score": "compulsions",
    "restraint": "restraint",
    "eating_concern": "eating",
    "shape_concern": "shape",
    "weight_concern": "weight",
}


def answers_of(row: dict[str, str]) -> list[str | None]:
    answers = [None if text == "-" else text for text in row["answers"].split()]
    if row["instrument"] == "shaps":
        # CamCOPS keeps which of four answers was chosen; its first two are ways of disagreeing.
        return ["1" if text in {"0", "1"} else "0" for text in answers]
    return list(answers)


@pytest.mark.parametrize("instrument_id", sorted({row["instrument"] for row in ROWS}))
def test_total_band_and_subscales_equal_those_of_camcops(instrument_id: str) -> None:
    instrument = instruments.get(instrument_id)
    bands = [band.name for band in instrument.bands]
    rows = [row for row in ROWS if row["instrument"] == instrument_id]
    assert len(rows) == 40
    for row in rows:
        score = instrument.score(answers_of(row))
        assert score.total == pytest.approx(float(row["total"]), abs=1e-12), row
        for entry in filter(None, row["also"].split(";")):
            what, value = entry.split("=")
            if what == "severity":
                place = SEVERITIES[instrument_id].index(value)
                assert score.band == bands[place], row
            elif what == "ptsd":
                assert ("provisional-ptsd" in score.flags) == (value == "True"), row
            else:
                wanted = pytest.approx(float(value), abs=1e-12)
                assert score.subscales[SUBSCALES[what]] == wanted, row
