"""Code blocks of the README and the docs are tests: Python is run, and so is every `longlight` command.

In a `console` block a line that begins with `$ longlight` is run and what it prints is compared with the
lines below it; `...` stands for anything. Other commands (git, pip, script/…) are for the reader to type.
"""

import fnmatch
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sybil import Example, Sybil
from sybil.example import SybilFailure
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

ROOT = Path(__file__).parent
WORKING = ROOT / "docs" / "tutorials"


def _matches(expected: str, printed: str) -> bool:
    pattern = expected.replace("[", "[[]").replace("?", "[?]").replace("*", "[*]")
    return fnmatch.fnmatchcase(printed.strip(), pattern.replace("...", "*").strip())


def _run(command: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout + done.stderr


def run_console(example: Example) -> str | None:
    """Run the `$ longlight …` lines of a console block; the difference is the test's failure."""
    command, expected = None, []
    blocks: list[tuple[str, str]] = []
    for line in [*str(example.parsed).splitlines(), "$ end"]:
        if line.startswith("$ "):
            if command:
                blocks.append((command, "\n".join(expected)))
            command, expected = line[2:], []
        else:
            expected.append(line)
    for command, wanted in blocks:
        if not command.startswith("longlight "):
            continue
        printed = _run(command, Path(example.namespace["folder"]))
        if wanted.strip() and not _matches(wanted, printed):
            return f"$ {command}\nshould print:\n{wanted}\nprinted:\n{printed}"
    return None


def _setup(namespace: dict[str, object]) -> None:
    """A page's blocks share a folder that begins with the tutorials' data and is thrown away."""
    import os
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="longlight-docs-"))
    if (WORKING / "data").exists():
        shutil.copytree(WORKING / "data", folder / "data")
    namespace["folder"] = folder
    namespace["_before"] = Path.cwd()
    os.chdir(folder)


def _teardown(namespace: dict[str, object]) -> None:
    import os
    import shutil

    os.chdir(str(namespace["_before"]))
    shutil.rmtree(str(namespace["folder"]), ignore_errors=True)


EXAMPLES = Sybil(
    path=str(ROOT),
    parsers=[PythonCodeBlockParser(), CodeBlockParser(language="console", evaluator=run_console)],
    patterns=["README.md", "docs/**/*.md", "docs/*.md"],
    excludes=["docs/_build/**"],
)


class Examples(pytest.Item):
    """A page's examples in their order, as one test: each needs those before it, and workers share tests out."""

    def runtest(self) -> None:
        document = EXAMPLES.parse(self.path)
        _setup(document.namespace)
        try:
            for example in document.examples():
                example.evaluate()
        finally:
            _teardown(document.namespace)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> Any:
        if isinstance(excinfo.value, SybilFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class PageOfDocs(pytest.File):
    def collect(self) -> Iterator[Examples]:
        if next(iter(EXAMPLES.parse(self.path).examples()), None):
            yield Examples.from_parent(self, name="examples")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PageOfDocs | None:
    if not EXAMPLES.should_parse(file_path):
        return None
    page: PageOfDocs = PageOfDocs.from_parent(parent, path=file_path)
    return page
