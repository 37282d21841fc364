"""Every example that a command's help prints does what it says."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from longlight.cli.main import main

COMMANDS = [
    "", "score", "instruments", "pk", "pk dose", "pk models", "pk population", "pk absorptions",
    "evidence", "protocols", "plot", "screen",
]  # fmt: skip
ITEMS = [f"phq9_{number}" for number in range(1, 10)] + [f"q{number}" for number in range(1, 10)]
FILES = {
    "answers.csv": f"{','.join(ITEMS)}\n{','.join('1' * 18)}\n",
    "scores.csv": "at,kind,name,value,unit\n2025-03-03,score,phq-9,19,\n2025-03-05,dose,first,0.5,mg/kg\n",
    "course.csv": "at_min,route,mg,duration_min\n0,iv,35,40\n4320,iv,35,40\n",
    "spray.csv": "at_min,route,mg,duration_min\n0,in,56,\n",
    "findings.json": '{"pregnancy-or-breastfeeding": "no"}',
}


def examples(command: str) -> list[str]:
    shown = CliRunner().invoke(main, [*command.split(), "--help"], terminal_width=300).output
    lines = re.findall(
        r"(?:^|  |· +)((?:echo .*\| )?longlight (?!\.\.\.|\[).*)$", shown, re.MULTILINE
    )
    return [each.strip() for line in lines for each in line.split("·")]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_of_a_help_runs(command, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = examples(command)
    assert found
    for example in found:
        for name, content in FILES.items():
            (tmp_path / name).write_text(content)
        said, _, typed = example.rpartition(" | ")
        piped = said.removeprefix("echo ").strip("'") or None
        words = shlex.split(typed.replace("1000000", "1000"))
        result = CliRunner().invoke(main, words[1:], input=piped)
        assert result.exit_code == 0, f"{example}: {result.output}"
