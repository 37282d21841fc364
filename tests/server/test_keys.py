"""Keys are made once, kept apart, and the same for every process."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydantic import SecretStr

from longlight.server.keys import key


def test_a_key_is_made_once_and_then_kept(tmp_path: Path) -> None:
    first = key("secret", None, tmp_path)
    assert len(first) >= 50
    assert key("secret", None, tmp_path) == first
    assert key("audit", None, tmp_path) != first


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    key("secret", None, tmp_path / "keys")
    assert stat.S_IMODE((tmp_path / "keys" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_a_given_key_is_used_and_not_written(tmp_path: Path) -> None:
    assert key("secret", SecretStr("given"), tmp_path) == "given"
    assert not list(tmp_path.iterdir())


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: key("secret", None, tmp_path), range(32)))
    assert len(keys) == 1
