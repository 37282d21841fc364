"""The product imports only what its wheel asks pip for: what a developer has beside it is not there for a clinic."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "longlight"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Brought along by what is asked for, and asked for by name in our code.
BROUGHT = {"pydantic": "pydantic-settings", "qrcode": "django-allauth", "fido2": "django-allauth"}


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", each)[0].lower().replace("_", "-") for each in requirements}


DISTRIBUTIONS = packages_distributions()
CORE = named(PROJECT["dependencies"])
EXTRAS = {name: named(asked) for name, asked in PROJECT["optional-dependencies"].items()}


def imports(source: str, *, also_inside: bool = True) -> Iterator[str]:
    """The top of each imported name. What stands under TYPE_CHECKING is read by the type checker alone."""
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not also_inside:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        waiting += ast.iter_child_nodes(node)


def asked_for(name: str) -> set[str]:
    """The distributions that bring this import, by the names under which they are asked for."""
    found = {each.lower().replace("_", "-") for each in DISTRIBUTIONS.get(name, [])}
    return found | {BROUGHT[each] for each in found if each in BROUGHT}


def test_every_import_is_asked_for() -> None:
    wanted = CORE | set().union(*EXTRAS.values())
    lacking = {
        (str(path.relative_to(SOURCE)), name)
        for path in SOURCE.rglob("*.py")
        for name in imports(path.read_text(encoding="utf-8"))
        if name not in sys.stdlib_module_names and name != "longlight"
        if not asked_for(name) & wanted
    }
    assert lacking == set()


def test_what_every_import_of_the_core_needs_is_in_the_core() -> None:
    """Science, figures and the command line are there without an extra."""
    core = [*SOURCE.glob("*.py"), *(SOURCE / "science").rglob("*.py")]
    core += [*(SOURCE / "ui" / "figures").rglob("*.py"), *(SOURCE / "cli").rglob("*.py")]
    lacking = {
        (str(path.relative_to(SOURCE)), name)
        for path in core
        for name in imports(path.read_text(encoding="utf-8"), also_inside=False)
        if name not in sys.stdlib_module_names and name != "longlight"
        if not asked_for(name) & CORE
    }
    assert lacking == {("science/pharmacokinetics/kernels.py", "numba")}  # looked for, not needed


def test_an_import_for_the_type_checker_alone_is_passed_over() -> None:
    source = "import numpy\nif TYPE_CHECKING:\n    import django_stubs_ext\nelse:\n    pass\n"
    assert list(imports(source)) == ["numpy"]
