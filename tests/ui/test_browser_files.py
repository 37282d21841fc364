"""script/browser-files: what the lock names, whole or not at all, and nothing again."""

import base64
import hashlib
import importlib.util
import io
import os
import tarfile
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "script/browser-files"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    loader = SourceFileLoader("browser_files", str(SCRIPT))
    spec = importlib.util.spec_from_loader("browser_files", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["browser_files"] = module
    loader.exec_module(module)
    return module


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for npm that packs one made-up package, and counts how often it was asked."""
    archive = tmp_path / "thing.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, text in {"a.js": b"let a;", "LICENSE": b"do as you like", "big.js": b"x"}.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    tools = tmp_path / "tools"
    tools.mkdir()
    npm = tools / "npm"
    npm.write_text(
        f'#!/bin/sh\necho x >> "{tmp_path}/asked"\n'
        f'[ -e "{tmp_path}/offline" ] && {{ echo "npm error code ENOTFOUND" >&2; exit 1; }}\n'
        f'for last; do :; done\ncp "{archive}" "$last/"\n'
    )
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def lock_for(
    folder: Path, *, digest: str | None = None, files: str = '["a.js", "LICENSE"]'
) -> Path:
    real = base64.b64encode(hashlib.sha512((folder / "thing.tgz").read_bytes()).digest()).decode()
    lock = folder / "lock"
    lock.write_text(
        f'[[package]]\nname = "@who/thing"\nversion = "1.0.0"\nlicense = "MIT"\n'
        f'sha512 = "{digest or real}"\nfor = "pages"\nfiles = {files}\n'
    )
    return lock


def test_only_the_named_files_come_and_a_second_run_asks_nobody(
    script: ModuleType, registry: Path
) -> None:
    places = {"pages": registry / "a place" / "vendor", "tests": registry / "t"}
    lock = lock_for(registry)
    assert script.main(lock, places) == 0
    folder = places["pages"] / "who-thing"
    assert sorted(path.name for path in folder.iterdir()) == [".from", "LICENSE", "a.js"]
    assert "do as you like" in (places["pages"] / "NOTICES").read_text()
    (registry / "offline").touch()
    assert script.main(lock, places) == 0
    assert (registry / "asked").read_text().count("x") == 1


def test_a_file_that_was_changed_is_fetched_anew(script: ModuleType, registry: Path) -> None:
    places = {"pages": registry / "vendor", "tests": registry / "t"}
    lock = lock_for(registry)
    script.main(lock, places)
    changed = places["pages"] / "who-thing/a.js"
    changed.write_text("alert(1)")
    assert script.main(lock, places) == 0
    assert changed.read_text() == "let a;"


@pytest.mark.parametrize(
    ("digest", "files", "offline", "sentence"),
    [
        ("bm90IHRoaXM=", '["a.js"]', False, "is not what the lock names"),
        (None, '["absent.js"]', False, "holds no file absent.js"),
        (None, '["a.js"]', True, "could not be fetched"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_is_unpacked(
    script: ModuleType,
    registry: Path,
    capsys: pytest.CaptureFixture[str],
    digest: str | None,
    files: str,
    offline: bool,
    sentence: str,
) -> None:
    if offline:
        (registry / "offline").touch()
    places = {"pages": registry / "vendor", "tests": registry / "t"}
    assert script.main(lock_for(registry, digest=digest, files=files), places) == 1
    told = capsys.readouterr().err
    assert sentence in told
    assert told.count("\n") == 1
    assert not places["pages"].exists()


def test_the_real_lock_can_be_read_and_names_a_license_each(script: ModuleType) -> None:
    for package in script.read_lock(script.LOCK):
        assert package.place in script.PLACES
        assert len(base64.b64decode(package.sha512)) == 64
        assert any("license" in name.lower() for name in package.files)


def test_the_server_knows_what_is_missing(tmp_path: Path) -> None:
    from longlight.ui.browser_files import lacking

    lock = tmp_path / "lock"
    one = '[[package]]\nname = "@x/one"\nfor = "pages"\nfiles = ["a.js", "b.css"]\n'
    other = '[[package]]\nname = "two"\nfor = "tests"\nfiles = ["c.js"]\n'
    lock.write_text(one + other)
    folder = tmp_path / "vendor/x-one"
    folder.mkdir(parents=True)
    (folder / "a.js").touch()
    assert lacking(lock, tmp_path / "vendor") == ["@x/one"]
    (folder / "b.css").touch()
    assert lacking(lock, tmp_path / "vendor") == []


def test_what_pages_need_is_here() -> None:
    from longlight.ui.browser_files import lacking

    assert lacking() == []
