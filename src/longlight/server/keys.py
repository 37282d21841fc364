"""Keys that never sit in the database or a backup: from the environment, else made once in LONGLIGHT_HOME/keys."""

import os
import secrets
import tempfile
from pathlib import Path

from pydantic import SecretStr


def key(name: str, given: SecretStr | None, folder: Path) -> str:
    """The key called `name`: the given one, else the kept one, else a new one that is then kept (mode 0600)."""
    if given is not None:
        return given.get_secret_value()
    path = folder / name
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        return _keep_new(path)


def _keep_new(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written whole under another name, then linked: of two processes that start at once one wins, and both read it.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    draft = Path(name)
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
        file.flush()
        os.fsync(descriptor)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii")
