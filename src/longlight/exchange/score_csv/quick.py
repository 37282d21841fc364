"""The same for chunks of plain text, as bytes: NumPy finds the fields, and each line gets its ending.

What scoring adds to a row is one of a few hundred endings: each is written once, by the plain way,
and joined to the line as it stands. No row becomes an object of its own.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longlight.exchange.score_csv.layout import CLOSING
from longlight.exchange.score_csv.plain import PlainScorer, score_fields
from longlight.science.instruments.codes import MISSING, Codes, code_of, code_type
from longlight.science.instruments.columns import ColumnScores, score_coded
from longlight.science.instruments.definition import Definition, Item

COMMA, NEWLINE, POINT, ZERO = b",\n.0"
NINE = 9
# The longest field that the standard library reads.
LONGEST_FIELD_BYTES = csv.field_size_limit()
MOST_ENDINGS, MOST_FLAG_SETS = 1 << 18, 1 << 10
MOST_TEXTS = 4096
Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Places = NDArray[np.signedinteger[Any]]


class QuickScorer:
    """Scores a chunk of whole lines, or says that it cannot, so that the plain way must."""

    def __init__(self, plain: PlainScorer) -> None:
        self.plain = plain
        self.layout = plain.layout
        self._seen: list[dict[bytes, int]] = [{} for _ in self.layout.positions]
        self._endings = Endings(self.layout.instrument, len(self.layout.added))

    def score_chunk(self, chunk: bytes, first_line: int) -> bool:
        text = np.frombuffer(chunk, np.uint8)
        ends = self._field_ends(text)
        if ends is None:
            return False
        items, positions = self.layout.instrument.items, self.layout.positions
        coded = [
            self._codes(index, item, chunk, text, ends, position)
            for index, (item, position) in enumerate(zip(items, positions, strict=True))
        ]
        scores = score_coded(self.layout.instrument, coded, self.layout.context)
        lines = chunk.split(b"\n")[:-1]
        pieces = [lines, *self._endings.of(scores)]
        if scores.refused.any():
            for index in np.flatnonzero(scores.refused).tolist():
                row = lines[index].decode().split(",")
                self.plain.refuse(
                    first_line + index, self.plain.reason(self.plain.answers(row)), row
                )
            good = (~scores.refused).tolist()
            pieces = [list(compress(piece, good)) for piece in pieces]
        self.plain.out.encoded(_woven(pieces), len(pieces[0]))
        return True

    def _field_ends(self, text: Bytes) -> Places | None:
        """Where each field ends: (fields, lines). None where the lines are not all alike."""
        width = len(self.layout.header)
        found = np.flatnonzero((text == COMMA) | (text == NEWLINE))
        if width == 1 or len(found) % width:
            return None
        ends: Places = found.astype(np.int32).reshape(-1, width).T.copy()
        count = np.count_nonzero(text == NEWLINE)
        if ends.shape[1] != count or np.any(text[ends[-1]] != NEWLINE):
            return None
        longest = np.diff(ends[-1], prepend=-1).max(initial=0)
        return None if longest > LONGEST_FIELD_BYTES else ends

    def _codes(
        self, index: int, item: Item, chunk: bytes, text: Bytes, ends: Places, position: int
    ) -> Codes:
        end = ends[position]
        before = ends[position - 1] if position else np.concatenate([[-1], ends[-1, :-1]])
        length = end - before - 1
        codes: Codes = (text[end - 1] - np.uint8(ZERO)).astype(code_type(item))
        single = (length == 1) & (codes >= 0) & (codes <= NINE)
        if single.all():
            return codes
        codes[length == 0] = MISSING
        others = np.flatnonzero(~single & (length > 0))
        known, values = _written_longer(text, end[others], length[others])
        codes[others[known]] = values[known]
        others = others[~known]
        codes[others] = [
            self._code(index, item, chunk[a + 1 : b])
            for a, b in zip(before[others].tolist(), end[others].tolist(), strict=True)
        ]
        return codes

    def _code(self, index: int, item: Item, field: bytes) -> int:
        seen = self._seen[index]
        if field not in seen:
            if len(seen) > MOST_TEXTS:
                seen.clear()
            seen[field] = code_of(item, field.decode())
        return seen[field]


def _written_longer(text: Bytes, end: Places, length: Places) -> tuple[Bools, Bytes]:
    """Fields of two digits, or of one as a spreadsheet writes a column with gaps ("2.0")."""
    last, middle, first = (text[end - back] - np.uint8(ZERO) for back in (1, 2, 3))
    two = (length == 2) & (last <= NINE) & (middle <= NINE)
    decimal = (length == 3) & (text[end - 2] == POINT) & (last == 0) & (first <= NINE)
    return two | decimal, np.where(two, 10 * middle + last, first)


@dataclass(frozen=True)
class _Keys:
    """A number below `size` for each row, alike where the text to write is; stable: in every chunk."""

    of_rows: Places
    size: int
    stable: bool


class Endings:
    """What scoring adds to each row, as text that was written once for all rows alike."""

    def __init__(self, definition: Definition, columns: int) -> None:
        self._definition = definition
        last = columns - len(CLOSING)
        # Total with band; each subscale; what closes the line.
        self._groups = [slice(0, 2), *(slice(i, i + 1) for i in range(2, last)), slice(last, None)]
        self._tables: dict[int, list[bytes | None]] = {}

    def of(self, scores: ColumnScores) -> list[list[bytes]]:
        """For each group of columns the text of every row; joined, they end the line."""
        total, closing = (
            _total_keys(self._definition, scores),
            _closing_keys(self._definition, scores),
        )
        size = total.size * closing.size
        if len(self._groups) == 2 and size <= MOST_ENDINGS:
            both = total.of_rows * closing.size + closing.of_rows
            stable = total.stable and closing.stable
            return [self._texts(scores, 0, slice(None), _Keys(both, size, stable), b"\n")]
        keys = [total, *map(_alike, scores.subscales.values()), closing]
        ends = [b""] * (len(keys) - 1) + [b"\n"]
        return [
            self._texts(scores, place, *each)
            for place, each in enumerate(zip(self._groups, keys, ends, strict=True))
        ]

    def _texts(
        self, scores: ColumnScores, place: int, group: slice, keys: _Keys, end: bytes
    ) -> list[bytes]:
        table: list[bytes | None] = [None] * keys.size
        if keys.stable:
            table = self._tables.setdefault(place, table)
        row_of = np.full(keys.size, -1)
        row_of[keys.of_rows] = np.arange(len(scores))
        new = [key for key in np.flatnonzero(row_of >= 0).tolist() if table[key] is None]
        if new:
            for key, text in zip(new, _written(_taken(scores, row_of[new]), group), strict=True):
                table[key] = text + end
        return list(map(table.__getitem__, keys.of_rows.tolist()))  # type: ignore[arg-type]


def _total_keys(definition: Definition, scores: ColumnScores) -> _Keys:
    bands = len(scores.band_names) + 1
    band = scores.band_codes.astype(np.int64) + 1
    if scores.total.dtype.kind == "f" or definition.total_range is None:
        total = _alike(scores.totals)
        return _Keys(total.of_rows * bands + band, total.size * bands, stable=False)
    highest = int(definition.total_range[1])
    total_keys = np.where(scores.known, scores.total.astype(np.int64) + 1, 0)
    return _Keys(total_keys * bands + band, (highest + 2) * bands, stable=True)


def _closing_keys(definition: Definition, scores: ColumnScores) -> _Keys:
    bits = scores.flag_bits.astype(np.int64)
    size, stable = 1 << len(scores.flag_names), True
    if size > MOST_FLAG_SETS:
        bits, size, stable = np.unique(bits, return_inverse=True)[1], len(scores), False
    lacking = scores.missing.astype(np.int64) * 2 + scores.prorated
    return _Keys(lacking * size + bits, 2 * (len(definition.items) + 1) * size, stable)


def _alike(values: NDArray[np.float64]) -> _Keys:
    different, places = np.unique(values, return_inverse=True)
    return _Keys(places, len(different), stable=False)


def _taken(scores: ColumnScores, rows: Places) -> ColumnScores:
    """Some rows of the scores."""
    whole = ("total", "known", "band_codes", "missing", "prorated", "flag_bits", "refused")
    return replace(
        scores,
        **{name: getattr(scores, name)[rows] for name in whole},
        subscales={key: values[rows] for key, values in scores.subscales.items()},
    )


def _written(scores: ColumnScores, group: slice) -> list[bytes]:
    """Each row's fields as they continue a line: a comma before every one."""
    told = []
    for fields in score_fields(scores):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(["", *fields[group]])
        told.append(line.getvalue().encode())
    return told


def _woven(pieces: Sequence[Sequence[bytes]]) -> bytes:
    """The first of each, the second of each, … in one text."""
    step = len(pieces)
    woven: list[bytes] = [b""] * (step * len(pieces[0]))
    for place, piece in enumerate(pieces):
        woven[place::step] = piece
    return b"".join(woven)
