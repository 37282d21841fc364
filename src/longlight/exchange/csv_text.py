"""CSV as it comes from the world, and as it leaves: encoding and delimiter found out and told, lines numbered.

Written by hand in no two places the same way; so what was assumed is always said, and nothing is guessed silently.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from longlight.science.sentences import Sentence as _

MOST_BYTES = 5 * 1024 * 1024
DELIMITERS = {
    ",": _("comma"),
    ";": _("semicolon"),
    "\t": _("tab"),
    "|": _("bar"),
}
# A spreadsheet runs what begins with one of these: on the way out it gets an apostrophe.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class NotCsv(ValueError):
    """A file that cannot be read as CSV, told in a sentence that says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class CsvRow:
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CsvTable:
    """What a file says: its header, its rows with their line numbers, and how it was read."""

    header: tuple[str, ...]
    rows: tuple[CsvRow, ...]
    encoding: str
    delimiter: str

    def named(self, row: CsvRow) -> dict[str, str]:
        """A row's cells by column; a short row's last cells are empty."""
        padded = row.cells + ("",) * (len(self.header) - len(row.cells))
        return dict(zip(self.header, padded, strict=True))

    @property
    def read_as(self) -> _:
        return _(
            "{encoding}, {delimiter} between the cells",
            encoding=self.encoding,
            delimiter=DELIMITERS[self.delimiter],
        )


def read_table(content: bytes) -> CsvTable:
    """Read a CSV file's bytes. Raises `NotCsv`."""
    text, encoding = decode(content)
    delimiter = _delimiter(text)
    records = _records(text, delimiter)
    if not records:
        raise NotCsv(_("The file is empty: it needs a header line and at least one row."))
    header = tuple(cell.strip() for cell in records[0].cells)
    _check_header(header)
    rows = tuple(row for row in records[1:] if any(cell.strip() for cell in row.cells))
    for row in rows:
        if len(row.cells) > len(header):
            raise NotCsv(
                _(
                    "Line {line} has {cells} cells and the header {columns}: put quotes around a "
                    "cell that holds the delimiter.",
                    line=row.line,
                    cells=len(row.cells),
                    columns=len(header),
                )
            )
    return CsvTable(header, rows, encoding, delimiter)


def decode(content: bytes) -> tuple[str, str]:
    """The text, and the name of the encoding it was in."""
    if len(content) > MOST_BYTES:
        raise NotCsv(_("The file is larger than 5 MB: split it into smaller files."))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotCsv(_("This is a spreadsheet, not a CSV file: save it as CSV first."))
    for mark, name, codec in (
        (b"\xef\xbb\xbf", _("UTF-8 with a mark"), "utf-8-sig"),
        (b"\xff\xfe", "UTF-16", "utf-16"),
        (b"\xfe\xff", "UTF-16", "utf-16"),
        (b"", "UTF-8", "utf-8"),
        (b"", "Windows-1252", "cp1252"),
    ):
        if content.startswith(mark):
            try:
                text = content.decode(codec)
            except UnicodeDecodeError:
                continue
            if "\0" in text:
                break
            return text, name
    raise NotCsv(_("The file is not text that can be read: save it as CSV in UTF-8."))


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first line into the most cells; a comma when none does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


def _records(text: str, delimiter: str) -> list[CsvRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records, began = [], 1
    try:
        for cells in reader:
            if cells:
                records.append(CsvRow(began, tuple(cells)))
            began = reader.line_num + 1
    except csv.Error as error:
        raise NotCsv(
            _(
                "Line {began} cannot be read as CSV ({error}): mend its quotes.",
                began=began,
                error=error,
            )
        ) from None
    return records


def _check_header(header: Sequence[str]) -> None:
    named = [name for name in header if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise NotCsv(
            _(
                "Two columns are called '{twice}': give each column a name of its own.",
                twice=twice[0],
            )
        )
    if len(named) < len(header):
        raise NotCsv(_("A column has no name: name every column in the first line."))


def harmless(cell: str) -> str:
    """A cell that a spreadsheet will not run. A plain number stays a number."""
    if not cell.startswith(FORMULA_STARTS):
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV text with every cell made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()
