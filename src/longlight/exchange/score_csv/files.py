"""Rows into a file, encoded the same way wherever they are written."""

import csv
from collections.abc import Sequence
from typing import BinaryIO


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
