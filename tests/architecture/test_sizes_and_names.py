"""Rooms stay small, and a name says what is inside."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts)
LINES_A_FUNCTION = 50
LINES_A_MODULE = 400
LINES_A_TEMPLATE = 120
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "data", "info", "misc"}


def long_functions(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LINES_A_FUNCTION:
                yield f"{node.name}: {lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_module_is_a_small_room(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert list(long_functions(source)) == []
    assert len(source.splitlines()) <= LINES_A_MODULE
    assert path.stem not in EMPTY_NAMES


def test_a_long_function_is_found() -> None:
    body = "\n".join(["    pass"] * LINES_A_FUNCTION)
    assert list(long_functions(f"def long():\n{body}")) == [f"long: {LINES_A_FUNCTION + 1} lines"]


def test_templates_are_small() -> None:
    too_long = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "src").rglob("templates/**/*.html")
        if len(path.read_text(encoding="utf-8").splitlines()) > LINES_A_TEMPLATE
    ]
    assert too_long == []
