"""The list of records in the docs is the list of records."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_records_is_up_to_date() -> None:
    page = ROOT / "docs" / "reference" / "evidence-records.md"
    before = page.read_text("utf-8")
    subprocess.run([sys.executable, ROOT / "script" / "evidence-page"], check=True)
    after = page.read_text("utf-8")
    page.write_text(before, "utf-8")
    assert before == after, "run script/evidence-page"
