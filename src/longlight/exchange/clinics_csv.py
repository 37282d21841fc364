"""A file of clinics for the directory: a line each. What cannot be taken is told by line; the rest is taken.

Columns: name, place, approaches (medicine; talk-therapy; experience) and last_verified are needed. The others may be
left out; an empty cell means "not stated".
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.utils.translation import gettext as _

from longlight.clinic.approaches.rules.listing import COLUMNS, NEEDED, Entry, Refused, read_entry
from longlight.exchange.csv_text import NotCsv, read_table


@dataclass(frozen=True)
class RefusedLine:
    line: int
    name: str
    reason: str


@dataclass(frozen=True)
class ClinicsFile:
    """What a file says: entries that can be taken, lines that cannot and why, columns that nobody knows."""

    entries: tuple[Entry, ...]
    refused: tuple[RefusedLine, ...]
    unknown_columns: tuple[str, ...]
    file_hash: str


def read_clinics(content: bytes, *, today: date) -> ClinicsFile:
    """Read a file of clinics. Raises `NotCsv` where it is no such file at all."""
    table = read_table(content)
    if missing := [name for name in NEEDED if name not in table.header]:
        raise NotCsv(
            _("The file needs a column called {missing}; it has {header}.").format(
                missing=missing[0], header=", ".join(table.header)
            )
        )
    entries: dict[str, Entry] = {}
    refused = []
    for row in table.rows:
        cells = table.named(row)
        try:
            entry = read_entry(cells, today)
            if entry.slug in entries:
                raise Refused(_("The file names this clinic and place twice: keep one line."))
            entries[entry.slug] = entry
        except Refused as why:
            refused.append(RefusedLine(row.line, cells.get("name", ""), str(why)))
    unknown = tuple(name for name in table.header if name not in COLUMNS)
    return ClinicsFile(
        tuple(entries.values()), tuple(refused), unknown, sha256(content).hexdigest()
    )
