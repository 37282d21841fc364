"""`longlight score` and `longlight instruments`, run as a person runs them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from longlight import instruments
from longlight.cli.main import main

KEYS = {"instrument", "version", "total", "band", "subscales", "missing", "prorated", "flags"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def scored(*arguments: str) -> dict[str, object]:
    result = run("score", *arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    assert set(found) >= KEYS
    return found


def assert_refused(result: Result, says: str) -> None:
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize("instrument_id", instruments.ids())
def test_every_instrument_scores_from_the_command_line(instrument_id: str) -> None:
    instrument = instruments.get(instrument_id)
    answers = ",".join(str(int(item.allowed[0])) for item in instrument.items)
    found = scored(instrument_id, "--answers", answers)
    assert found["total"] == instrument.score(answers.split(",")).total


def test_an_empty_field_is_missing() -> None:
    found = scored("phq-9", "--answers", "1,2,0,1,1,0,2,1,")
    assert (found["total"], found["missing"], found["prorated"]) == (9, ["phq9_9"], True)


def test_a_context_decides_the_band() -> None:
    without = scored("audit-c", "--answers", "2,1,0")
    assert without["band"] is None
    assert [each["context"] for each in without["thresholds"]] == [  # type: ignore[attr-defined]
        {"sex": "female"},
        {"sex": "male"},
        {},
    ]
    female = scored("audit-c", "--answers", "2,1,0", "--context", "sex=female")
    male = scored("audit-c", "--answers", "2,1,0", "--context", "sex=male")
    assert (female["band"], male["band"]) == ("at or above the cut-off", "below the cut-off")


def test_plain_output_says_the_score_and_what_follows_from_it() -> None:
    result = run("score", "phq-9", "--answers", "1,2,0,1,1,0,2,1,1")
    assert result.exit_code == 0
    assert result.stdout.startswith("PHQ-9: 9, mild")
    assert "follow it up today" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["phq-9", "--answers", "1,1,1,1,1,1,1,1,1,1"], "takes 9 answers"),
        (["phq-9", "--answers", "x,1,1,1,1,1,1,1,1"], "phq9_1 cannot be 'x'"),
        (["phq-9", "--answers", "7,1,1,1,1,1,1,1,1"], "give a whole number from 0 to 3"),
        (["phq-9", "--answers", ""], "takes 9 answers"),
        (["audit", "--answers", "0,0,0,0,0,0,0,0,1,0"], "give one of 0, 2, 4"),
        (["nope", "--answers", "1"], "There is no instrument 'nope'"),
        (["phq9", "--answers", "1"], "did you mean phq-9"),
        (["phq-9", "--answers", "1", "--version", "8"], "has no version '8'"),
        (["audit-c", "--answers", "1,1,1", "--context", "sex"], "write it as KEY=VALUE"),
        (["audit-c", "--answers", "1,1,1", "--context", "sex=x"], "give female or male"),
        (
            ["audit-c", "--answers", "1,1,1", "--context", "sex=female", "--context", "sex=male"],
            "given twice",
        ),
        (["phq-9"], "Give either --answers"),
        (["phq-9", "--csv", "in.csv"], "Give either --answers"),
        (["phq-9", "--csv", "/nowhere/in.csv", "--out", "out.csv"], "There is no file"),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_2(arguments: list[str], says: str) -> None:
    assert_refused(run("score", *arguments), says)


def test_a_csv_is_scored_and_its_bad_rows_are_listed(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("mood_today,day\n7,1\n11,2\n")
    result = run("score", "mood-0-10", "--csv", str(source), "--out", str(target))
    assert result.exit_code == 2
    assert "1 row could not be scored" in result.stderr
    assert target.read_text().splitlines()[1].startswith("7,1,7,")
    assert (tmp_path / "out.csv.refused.csv").read_text().splitlines()[1].startswith("3,")
    source.write_text("mood_today,day\n7,1\n")
    clean = run("score", "mood-0-10", "--csv", str(source), "--out", str(target), "--json")
    assert clean.exit_code == 0
    assert json.loads(clean.stdout)["scored_rows"] == 1


def test_instruments_are_listed_and_shown() -> None:
    listed = json.loads(run("instruments", "--json").stdout)
    assert [row["id"] for row in listed] == list(instruments.ids())
    for row in listed:
        shown = json.loads(run("instruments", row["id"], "--json").stdout)
        assert len(shown["items"]) == row["items"]
        assert shown["columns"] == [item["id"] for item in shown["items"]]
        assert run("instruments", row["id"]).exit_code == 0
    assert "phq9_9" in run("instruments", "phq-9").stdout
    assert "missing:" in run("instruments", "--indications").stdout
    assert_refused(run("instruments", "nope"), "There is no instrument 'nope'")
