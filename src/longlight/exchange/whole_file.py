"""A file that appears whole or not at all: written aside, then renamed."""

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self


class CannotWrite(Exception):
    """Why nothing can be written there, in a sentence that says what to do."""


class WholeFile:
    """A file that takes its name only when `keep` is called; else nothing is left of it.

    A link stays: the file behind it is the one that is replaced. Raises `CannotWrite` where there is nothing to write
    into, and for a folder, a pipe or a device, which a file must not push aside.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self._aside: Path | None = None
        self.stream: BinaryIO

    def __enter__(self) -> Self:
        place = self._place()
        try:
            descriptor, name = tempfile.mkstemp(".part", f".{place.name[:100]}.", place.parent)
        except OSError as error:
            raise CannotWrite(
                f"{self.target} cannot be written ({error.strerror}): "
                "name a file in a folder that exists and that you may write to."
            ) from error
        self._aside = Path(name)
        self.stream = os.fdopen(descriptor, "wb", buffering=1 << 20)
        return self

    def _place(self) -> Path:
        if not self.target.name:
            raise CannotWrite("The file to write has no name: give it one.")
        if self.target.is_dir():
            raise CannotWrite(f"{self.target} is a folder: give the name of a file.")
        if self.target.exists() and not self.target.is_file():
            raise CannotWrite(
                f"{self.target} is no ordinary file, and cannot appear whole or not at all: "
                "give the name of a file."
            )
        return Path(os.path.realpath(self.target))

    def keep(self) -> None:
        assert self._aside is not None
        self.stream.flush()
        os.fsync(self.stream.fileno())
        self.stream.close()
        # Drafts are the writer's own; what has its name may be read by whom the umask lets.
        umask = os.umask(0)
        os.umask(umask)
        self._aside.chmod(0o666 & ~umask)
        self._aside.replace(self._place())
        self._aside = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stream.close()
        if self._aside is not None:
            self._aside.unlink(missing_ok=True)
