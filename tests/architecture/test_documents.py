"""Every link of the root documents leads somewhere, and the two commands are there."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLINIC = ROOT / "src/longlight/clinic"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), CLINIC / "README.md"]
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    dead = [link for link in links if not (document.parent / link).exists()]
    assert dead == []


@pytest.mark.parametrize("name", ["setup", "server", "test", "check", "bench", "docs"])
def test_the_commands_can_be_run(name: str) -> None:
    assert os.access(ROOT / "script" / name, os.X_OK)


def test_the_contributors_table_has_an_example_in_each_row() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split("## What a change touches")[1].split("##")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 10
    assert all(LINK.search(row) for row in rows)


def test_ci_calls_the_test_command() -> None:
    assert "exec script/test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_no_requirement_names_an_index() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path.name
        assert "--index" not in text


def test_the_clinics_map_draws_every_step_in_the_order_of_the_import_rule() -> None:
    drawn = re.findall(
        r"^  (?:\d  )?([a-z]+) {2,}",
        (CLINIC / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    there = {folder.parent.name for folder in CLINIC.glob("*/__init__.py")} - {"migrations"}
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == there
    contract = (ROOT / ".importlinter").read_text(encoding="utf-8").split("contract:path]")[1]
    layers = re.findall(r"[a-z]+", contract.split("layers =")[1].split("[")[0])
    rank = {name: place for place, name in enumerate(reversed(layers))}
    ranks = [rank[name] for name in drawn if name not in {"desks", "demo"}]
    assert ranks == sorted(ranks)


def test_what_security_rests_on_names_tests_that_are_there() -> None:
    text = (ROOT / "docs/explanation/what-security-rests-on.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    assert len(named) > 60
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
    }
    assert named - there == set()
