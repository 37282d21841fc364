"""The table of observed values beside predictions: complete, current, and nothing far off unexplained."""

import importlib.machinery
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from longlight.science.pharmacokinetics.observed import Comparison, comparisons, not_covered

ROOT = Path(__file__).parents[2]


def page_script() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("pk_page", str(ROOT / "script" / "pk-page"))
    spec = importlib.util.spec_from_loader("pk_page", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_the_pages_are_what_the_code_says() -> None:
    for name, text in page_script().pages().items():
        assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == text, (
            f"{name} lags behind: run script/pk-page"
        )


@pytest.mark.parametrize("row", comparisons(), ids=lambda row: f"{row.id} {row.model_id}")
def test_what_is_far_off_is_explained_and_only_that(row: Comparison) -> None:
    assert bool(row.why) == row.is_far_off
    assert row.source
    assert row.mark in ("read", "read-secondary")


@pytest.mark.parametrize(
    "row", [r for r in comparisons() if r.id.startswith("PR_table4")], ids=lambda row: row.id
)
def test_table_4_within_two_percent(row: Comparison) -> None:
    within = 0.01 if "noresketamine" in row.id else 0.02
    assert row.ratio == pytest.approx(1, abs=within)


def test_rows_without_a_model_say_why() -> None:
    assert all(reason for reason in not_covered().values())
    assert not {row.id for row in comparisons()} & set(not_covered())
