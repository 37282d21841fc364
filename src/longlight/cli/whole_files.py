"""Writes a file whole or not at all."""

import os
import tempfile
from pathlib import Path

from longlight.cli.main import Refusal


def write_whole(out: Path, content: bytes) -> None:
    """Under another name first, then moved into place: nobody finds half a file."""
    try:
        descriptor, draft = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        try:
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(content)
            umask = os.umask(0)
            os.umask(umask)
            Path(draft).chmod(0o666 & ~umask)
            Path(draft).replace(out)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Refusal(
            f"'{out}' cannot be written: {(error.strerror or 'no reason given').lower()}."
        ) from None
