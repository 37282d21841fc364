"""The pages of the instruments say what the definitions say, and published definitions do not change."""

import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

from tests.science.instruments.instrument_strategies import EVERY_VERSION

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "docs" / "reference"


def test_the_pages_are_up_to_date(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "script" / "instrument-pages", tmp_path], check=True)
    made = {path.relative_to(tmp_path): path.read_text("utf-8") for path in tmp_path.rglob("*.md")}
    kept = [REFERENCE / "instruments.md", *(REFERENCE / "instruments").glob("*.md")]
    assert {path.relative_to(REFERENCE) for path in kept} == set(made)
    for path, text in made.items():
        assert text == (REFERENCE / path).read_text("utf-8"), f"{path}: run script/instrument-pages"


def test_a_published_definition_keeps_its_hash() -> None:
    file = resources.files("longlight.science.instruments") / "published.toml"
    published = tomllib.loads(file.read_text("utf-8"))["sha256"]
    found = {f"{each.id}@{each.version}": each.hash for each in EVERY_VERSION}
    assert published == found, (
        "a change is a new version; before a release: script/instrument-pages"
    )
