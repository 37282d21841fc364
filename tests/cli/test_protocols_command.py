"""`longlight protocols` and `longlight screen` as their user meets them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from longlight.cli.main import main
from longlight.science import protocols


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=given)


def test_the_list_names_each_protocol() -> None:
    result = run("protocols")
    assert result.exit_code == 0
    assert all(protocol.id in result.output for protocol in protocols.all())


def test_json_carries_the_hash_and_sources() -> None:
    protocol = json.loads(run("protocols", "iv-twice-weekly", "--json").output)
    assert protocol["sha256"] == protocols.published_hashes()["iv-twice-weekly 1"]
    assert protocol["dose"]["start"]["mark"] == "read"


def test_one_protocol_says_how_many_numbers_wait_for_a_prescriber() -> None:
    assert "a prescriber signs them off" in run("protocols", "im-experience").output


def test_a_plan_begins_on_the_day_given() -> None:
    planned = json.loads(
        run("protocols", "iv-twice-weekly", "--plan", "2027-01-04", "--json").output
    )
    assert next(s for s in planned if s["kind"] == "dosing")["on"] == "2027-01-04"


@pytest.mark.parametrize(
    "arguments",
    [
        ("iv-twice",),
        ("iv-twice-weekly", "--version", "7"),
        ("iv-twice-weekly", "--plan", "9999-12-30"),
        ("iv-twice-weekly", "--plan", "next week"),
        ("--approach", "chemical"),
        ("--plan", "2027-01-04"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(arguments: tuple[str, ...]) -> None:
    result = run("protocols", *arguments)
    assert result.exit_code == 2
    assert "Error: " in result.output
    assert "Traceback" not in result.output


def test_screening_prints_what_a_person_may_decide() -> None:
    result = run("screen", "-", "--approach", "medicine", "--json", given='{"porphyria": "yes"}')
    assessment = json.loads(result.output)
    assert assessment["possible_outcomes"] == ["not-now", "not-for-us"]
    assert [finding["id"] for finding in assessment["stops"]] == ["porphyria"]
    assert len(assessment["unknowns"]) == len(protocols.findings_for("medicine")) - 1


def test_screening_reads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "findings.json"
    answers = json.dumps({f.id: "no" for f in protocols.findings_for("medicine")})
    file.write_text(answers, encoding="utf-8-sig")
    assert "A person may decide: fit" in run("screen", str(file), "--approach", "medicine").output


def test_the_questions_can_be_listed() -> None:
    assert "porphyria" in run("screen", "--questions", "--approach", "medicine").output


@pytest.mark.parametrize(
    "given",
    [
        "",
        "[]",
        "no",
        '{"porphyria": "maybe"}',
        '{"porphyria": []}',
        '{"witch": "yes"}',
        '{"porphyria": "yes", "porphyria": "no"}',
    ],
)
def test_findings_that_cannot_be_read_are_one_sentence(given: str) -> None:
    result = run("screen", "-", "--approach", "medicine", given=given)
    assert result.exit_code == 2
    assert "Error: " in result.output
    assert "Traceback" not in result.output
