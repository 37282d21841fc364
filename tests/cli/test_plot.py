"""`longlight plot`: a figure whole or not at all, and every bad line told."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from longlight.cli import main

SAMPLE = Path(__file__).parent.parent / "spec" / "trajectory.csv"


def run(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["plot", *map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


@pytest.mark.parametrize(("name", "begins"), [("x.svg", b"<svg"), ("x.PNG", b"\x89PNG")])
def test_it_draws(tmp_path: Path, name: str, begins: bytes) -> None:
    code, said = run(SAMPLE, "--out", tmp_path / name)
    assert code == 0
    assert "PHQ-9 was 22" in said
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_json_holds_every_row() -> None:
    code, said = run(SAMPLE, "--json")
    assert code == 0
    assert len(json.loads(said)["rows"]) == len(SAMPLE.read_text().splitlines()) - 1


def test_bad_lines_are_all_told_and_nothing_is_written(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("at,kind,name,value\n03/04/2025,score,phq-9,3\n2025-01-01,score,phq-9,99\n")
    (tmp_path / "x.svg").write_text("as it was")
    code, said = run(bad, "--out", tmp_path / "x.svg")
    assert code == 2
    assert "line 2" in said
    assert "line 3" in said
    assert (tmp_path / "x.svg").read_text() == "as it was"
    assert run(bad, "--dates", "day-first", "--json")[1].count("line 3") == 1


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["absent.csv", "--json"], "cannot be read"),
        ([SAMPLE], "--out"),
        ([SAMPLE, "--out", "x.jpg"], ".svg"),
        ([SAMPLE, "--out", "/no/such/folder/x.svg"], "cannot be written"),
        ([".", "--json"], "cannot be read"),
    ],
)
def test_refusals_are_one_sentence(args: list[object], says: str) -> None:
    code, said = run(*args)
    assert code == 2
    assert says in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("at,kind,name,value\n05/30/2025,score,phq-9,5\n", "does not begin with the year"),
        ("at,kind,name,value\n2025-05-30,score,phq-9,45\n", "A phq-9 total cannot be 45: give"),
        ("day,total\n2025-05-30,5\n", "The columns at, kind, name, value are missing"),
        ("at,kind,name\n2025-05-30,score,phq-9\n", "The column value is missing"),
    ],
)
def test_a_refusal_says_what_is_wrong(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "scores.csv"
    file.write_text(content)
    assert says in run(file, "--json")[1]


def test_only_doses_is_nothing_to_draw(tmp_path: Path) -> None:
    only = tmp_path / "only.csv"
    only.write_text("at,kind,name,value,unit\n2025-01-01,dose,ketamine,40,mg\n")
    code, said = run(only, "--out", tmp_path / "x.svg")
    assert code == 2
    assert "no score" in said
    assert not (tmp_path / "x.svg").exists()
