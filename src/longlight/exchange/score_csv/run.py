"""Takes a file through: header, chunks, result. Memory stays the same however long the file is."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from longlight.exchange.score_csv.files import Lines
from longlight.exchange.score_csv.layout import CsvRefused, Layout, make_layout
from longlight.exchange.score_csv.plain import PlainScorer
from longlight.exchange.score_csv.quick import QuickScorer
from longlight.exchange.whole_file import CannotWrite, WholeFile
from longlight.science.instruments import Instrument
from longlight.science.instruments.context import Context, checked_context

CHUNK_BYTES = 1 << 20
LONGEST_HEADER_BYTES = 1 << 20
LONGEST_LINE_BYTES = 64 << 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
Advance = Callable[[int], None]


@dataclass(frozen=True)
class CsvReport:
    scored_rows: int
    refused_rows: int
    refused_file: Path | None


def score_csv(
    instrument: Instrument,
    source: Path,
    target: Path,
    *,
    columns: Sequence[str] | None = None,
    context: Context | None = None,
    advance: Advance = lambda _bytes: None,
    quickly: bool = True,
) -> CsvReport:
    """Score each row of `source` into `target`. `advance` is told how many bytes have been read."""
    facts = checked_context(context or {})
    if not target.name:
        raise CsvRefused("--out has no name: give it the name of a file.")
    refused_path = target.with_name(target.name + ".refused.csv")
    _require_apart(source, target, refused_path)
    with _opened(source) as stream:
        start = _read_start(stream, source)
        advance(start.header_bytes)
        layout = make_layout(instrument, facts, start.header, columns, source.name)
        with _written(target) as out, _written(refused_path) as bad:
            body = _Body(stream, source, start.rest, start.header_lines + 1, advance)
            report = _score_body(layout, body, out, bad, quickly)
            if report.refused_rows:
                bad.keep()
            else:
                # One from an earlier run would speak of rows that are no longer refused.
                refused_path.unlink(missing_ok=True)
            out.keep()
    return report


@contextmanager
def _written(target: Path) -> Iterator[WholeFile]:
    try:
        with WholeFile(target) as file:
            yield file
    except CannotWrite as refused:
        raise CsvRefused(str(refused)) from refused


def _require_apart(source: Path, target: Path, refused_path: Path) -> None:
    def is_read(path: Path) -> bool:
        return path.exists() and source.exists() and path.samefile(source)

    if is_read(target):
        raise CsvRefused("--out is the file that is read: give it another name.")
    if is_read(refused_path):
        raise CsvRefused(
            f"What is refused goes to {refused_path}, which is the file that is read: give --out another name."
        )


def _opened(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except FileNotFoundError as error:
        raise CsvRefused(f"There is no file {source}: check the name after --csv.") from error
    except OSError as error:
        raise CsvRefused(f"{source} cannot be read ({error.strerror}).") from error


@dataclass(frozen=True)
class _Start:
    header: list[str]
    header_lines: int
    header_bytes: int
    rest: bytes


def _read_start(stream: BinaryIO, source: Path) -> _Start:
    """The header's fields, how many lines it takes, and what was read of the rows: a pipe cannot go back."""
    start = stream.read(LONGEST_HEADER_BYTES)
    text = start.removeprefix(BYTE_ORDER_MARK)
    ends = _header_end(text)
    header = decoded(text[:ends], source)
    try:
        rows = list(csv.reader(io.StringIO(header, newline="")))
    except csv.Error as error:
        raise CsvRefused(f"{source.name} has no header that can be read: {error}.") from error
    if not rows or not any(rows[0]):
        raise CsvRefused(f"{source.name} has no header: its first line must name the columns.")
    rest = text[ends:]
    return _Start(rows[0], header.count("\n") or 1, len(start) - len(rest), rest)


def _header_end(text: bytes) -> int:
    quoted = False
    for index, byte in enumerate(text):
        if byte == ord('"'):
            quoted = not quoted
        elif not quoted and (byte == ord("\n") or _lone_return(text, index)):
            return index + 1
    return len(text)


def _lone_return(text: bytes, index: int) -> bool:
    return text[index] == ord("\r") and text[index + 1 : index + 2] != b"\n"


def decoded(content: bytes, source: Path) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CsvRefused(
            f"{source.name} is not in UTF-8: save it as CSV in UTF-8, then try again."
        ) from error
    if "\0" in text:
        raise CsvRefused(
            f"{source.name} holds bytes that are no text: save it as CSV in UTF-8, then try again."
        )
    return text


@dataclass
class _Body:
    """The rows of the file, as chunks of whole lines, and what line each begins on."""

    stream: BinaryIO
    source: Path
    rest: bytes
    next_line: int
    advance: Advance

    def chunks(self) -> Iterator[bytes]:
        rest = b""
        while read := self.rest or self.stream.read(CHUNK_BYTES):
            self.rest = b""
            self.advance(len(read))
            chunk = rest + read
            end = chunk.rfind(b"\n") + 1
            rest = chunk[end:]
            if len(rest) > LONGEST_LINE_BYTES:
                raise CsvRefused(
                    f"{self.source.name} has a line of over {LONGEST_LINE_BYTES >> 20} MB: "
                    "it seems to be no CSV file; give one with a row in each line."
                )
            if end:
                yield chunk[:end]
        if rest:
            yield rest + b"\n"

    def lines_after(self, chunk: bytes, chunks: Iterator[bytes]) -> Iterator[str]:
        """Every line from this chunk on, for a reader that must see quoted line ends."""
        while True:
            yield from io.StringIO(decoded(chunk, self.source), newline="")
            following = next(chunks, None)
            if following is None:
                return
            chunk = following


def _score_body(
    layout: Layout, body: _Body, out: WholeFile, bad: WholeFile, quickly: bool
) -> CsvReport:
    scored, refused = Lines(out.stream), Lines(bad.stream)
    scored.row([*layout.header, *layout.added])
    refused.row(["line", "reason", *layout.header])
    plain = PlainScorer(layout, scored, refused)
    quick = QuickScorer(plain).score_chunk if quickly else None
    chunks = body.chunks()
    try:
        for chunk in chunks:
            if b'"' in chunk:
                # A quote may hide line ends: from here on only a reader in order can tell.
                plain.score_lines(body.lines_after(chunk, chunks), body.next_line)
                break
            _score_chunk(chunk, body, plain, quick)
    except csv.Error as error:
        raise CsvRefused(f"{body.source.name} cannot be read as CSV: {error}.") from error
    return CsvReport(scored.count, refused.count, bad.target if refused.count else None)


def _score_chunk(
    chunk: bytes, body: _Body, plain: PlainScorer, quick: Callable[[bytes, int], bool] | None
) -> None:
    if not chunk.isascii() or b"\0" in chunk:
        decoded(chunk, body.source)
    if b"\r" in chunk:
        chunk = chunk.replace(b"\r\n", b"\n")
    lone_returns = b"\r" in chunk
    if quick is None or lone_returns or not quick(chunk, body.next_line):
        lines = io.StringIO(decoded(chunk, body.source), newline="")
        plain.score_lines(lines, body.next_line)
    body.next_line += chunk.count(b"\n")
