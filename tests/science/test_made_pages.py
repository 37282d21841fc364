"""The pages made from data are what the data says now."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [("evidence-page", "evidence-records.md"), ("protocols-page", "protocols-list.md")]


@pytest.mark.parametrize(("script", "name"), PAGES)
def test_a_made_page_is_up_to_date(script: str, name: str, tmp_path: Path) -> None:
    made = tmp_path / name
    subprocess.run([sys.executable, ROOT / "script" / script, made], check=True)
    kept = ROOT / "docs" / "reference" / name
    assert made.read_text("utf-8") == kept.read_text("utf-8"), f"run script/{script}"
