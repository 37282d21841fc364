"""Files that appear whole or not at all: written aside, then renamed."""

import csv
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from longlight.exchange.score_csv.layout import CsvRefused


class WholeFile:
    """A file that takes its name only when `keep` is called; else nothing is left of it."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self._aside: Path | None = None
        self.stream: BinaryIO

    def __enter__(self) -> Self:
        folder = self.target.parent
        try:
            descriptor, name = tempfile.mkstemp(".part", f".{self.target.name}.", folder)
        except OSError as error:
            raise CsvRefused(
                f"{self.target} cannot be written ({error.strerror}): "
                "give an --out in a folder that exists and that you may write to."
            ) from error
        self._aside = Path(name)
        self.stream = os.fdopen(descriptor, "wb", buffering=1 << 20)
        return self

    def keep(self) -> None:
        assert self._aside is not None
        self.stream.flush()
        os.fsync(self.stream.fileno())
        self.stream.close()
        self._aside.replace(self.target)
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


class Lines:
    """Encodes rows as CSV, the same way wherever they are written."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._writer = csv.writer(self, lineterminator="\n")
        self.count = 0

    def write(self, text: str) -> int:
        return self._stream.write(text.encode())

    def row(self, fields: Sequence[object]) -> None:
        self._writer.writerow(fields)

    def rows(self, many: Sequence[Sequence[object]]) -> None:
        self._writer.writerows(many)
        self.count += len(many)

    def encoded(self, content: bytes, rows: int) -> None:
        self._stream.write(content)
        self.count += rows
