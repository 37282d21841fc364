"""The pages made from data are what the data says now."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [("evidence-page", "evidence-records.md"), ("protocols-page", "protocols-list.md")]


@pytest.mark.parametrize(("script", "name"), PAGES)
def test_a_made_page_is_up_to_date(script: str, name: str) -> None:
    page = ROOT / "docs" / "reference" / name
    before = page.read_text("utf-8")
    subprocess.run([sys.executable, ROOT / "script" / script], check=True)
    after = page.read_text("utf-8")
    page.write_text(before, "utf-8")
    assert before == after, f"run script/{script}"
