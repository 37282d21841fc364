"""Writes a file whole or not at all."""

from pathlib import Path

from longlight.cli.main import Refusal
from longlight.exchange.whole_file import CannotWrite, WholeFile


def write_whole(out: Path, content: bytes) -> None:
    """Under another name first, then moved into place: nobody finds half a file."""
    try:
        with WholeFile(out) as file:
            file.stream.write(content)
            file.keep()
    except CannotWrite as refused:
        raise Refusal(str(refused)) from None
    except OSError as error:
        raise Refusal(f"{out} cannot be written ({error.strerror}): give another name.") from None
