"""What a notebook may call says what it takes and gives, and its examples are true."""

import doctest
import importlib
import inspect
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
WITH_EXAMPLES = [
    ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    for folder in ("science", "ui/figures")
    for path in sorted((SOURCE / "longlight" / folder).rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
] + ["longlight.evidence", "longlight.pk", "longlight.protocols"]
FACADES = [
    "longlight.evidence",
    "longlight.instruments",
    "longlight.pk",
    "longlight.protocols",
    "longlight.trajectory",
]


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_every_example_in_a_docstring_is_true(module: str) -> None:
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize("facade", FACADES)
def test_everything_public_is_described(facade: str) -> None:
    module = importlib.import_module(facade)
    silent = []
    for name in module.__all__:
        thing = getattr(module, name)
        members = {f"{name}.{key}": each for key, each in _own(thing).items()}
        for told, each in {name: thing, **members}.items():
            text = inspect.getdoc(each) or ""
            if not text or text.startswith(f"{name}("):  # what a dataclass says by itself
                silent.append(told)
    assert silent == []


def _own(thing: object) -> dict[str, object]:
    if not inspect.isclass(thing) or not thing.__module__.startswith("longlight."):
        return {}
    return {
        key: each
        for key, each in vars(thing).items()
        if not key.startswith("_")
        and (inspect.isfunction(each) or isinstance(each, property | classmethod))
    }
