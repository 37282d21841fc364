"""Reads rows with the standard library, and scores them in batches."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from longlight.exchange.score_csv.files import Lines
from longlight.exchange.score_csv.layout import Layout
from longlight.science.instruments import InstrumentError
from longlight.science.instruments.codes import Codes, code_of, code_type
from longlight.science.instruments.columns import ColumnScores, score_coded
from longlight.science.instruments.definition import Item

BATCH_ROWS = 20_000
Row = list[str]


class PlainScorer:
    """Scores rows of text; good ones go to `out`, the others to `refused` with line and reason."""

    def __init__(self, layout: Layout, out: Lines, refused: Lines) -> None:
        self.layout = layout
        self.out = out
        self.refused = refused
        self._seen: list[dict[str, int]] = [{} for _ in layout.positions]
        # A file of nothing but bad rows repeats itself: each way of being bad is told once.
        self.reason = lru_cache(maxsize=4096)(self._reason)

    def score_lines(self, lines: Iterable[str], first_line: int) -> None:
        """Every record in these lines; `first_line` is the number of the first one in the file."""
        batch: list[Row] = []
        numbers: list[int] = []
        for number, row in numbered_rows(lines, first_line):
            if len(row) == len(self.layout.header):
                batch.append(row)
                numbers.append(number)
            else:
                # Keeps refused rows in the order of the file.
                self._score(batch, numbers)
                batch, numbers = [], []
                self.refuse(number, self._wrong_width(len(row)), row)
            if len(batch) == BATCH_ROWS:
                self._score(batch, numbers)
                batch, numbers = [], []
        self._score(batch, numbers)

    def refuse(self, line: int, reason: str, row: Sequence[str]) -> None:
        self.refused.rows([[line, reason, *row]])

    def _wrong_width(self, fields: int) -> str:
        wanted = len(self.layout.header)
        return f"The line has {fields} fields where the header has {wanted}: mend the line."

    def _score(self, batch: list[Row], numbers: list[int]) -> None:
        if not batch:
            return
        columns = list(zip(*batch, strict=True))
        coded = [
            self._codes(index, item, columns[position])
            for index, (item, position) in enumerate(
                zip(self.layout.instrument.items, self.layout.positions, strict=True)
            )
        ]
        scores = score_coded(self.layout.instrument, coded, self.layout.context)
        for index in np.flatnonzero(scores.refused).tolist():
            row = batch[index]
            self.refuse(numbers[index], self.reason(self.answers(row)), row)
        written = zip(batch, score_fields(scores), scores.refused.tolist(), strict=True)
        self.out.rows([[*row, *fields] for row, fields, bad in written if not bad])

    def answers(self, row: Sequence[str]) -> tuple[str, ...]:
        return tuple(row[position] for position in self.layout.positions)

    def _codes(self, index: int, item: Item, column: Sequence[str]) -> Codes:
        seen = self._seen[index]
        if len(seen) > 4096:
            seen.clear()
        for text in set(column) - seen.keys():
            seen[text] = code_of(item, text)
        return np.fromiter((seen[text] for text in column), code_type(item), len(column))

    def _reason(self, answers: tuple[str, ...]) -> str:
        try:
            self.layout.instrument.score(answers, self.layout.context)
        except InstrumentError as error:
            return str(error)
        return "The row cannot be scored."


def numbered_rows(lines: Iterable[str], first_line: int) -> Iterator[tuple[int, Row]]:
    """Records with the line on which each begins; empty lines are passed over."""
    reader = csv.reader(lines)
    begins = 1
    for row in reader:
        if row:
            yield first_line + begins - 1, row
        begins = reader.line_num + 1


def score_fields(scores: ColumnScores) -> list[list[str]]:
    """The columns that scoring adds, as text, row by row."""
    columns = [
        [str(total) if known else "" for total, known in _pairs(scores.total, scores.known)],
        ["" if band is None else band for band in scores.bands.tolist()],
    ]
    for values in scores.subscales.values():
        columns.append([number_text(value) for value in values.tolist()])
    columns.append([str(count) for count in scores.missing.tolist()])
    columns.append(["true" if each else "false" for each in scores.prorated.tolist()])
    names = {bits: flags_text(scores, bits) for bits in np.unique(scores.flag_bits).tolist()}
    columns.append([names[bits] for bits in scores.flag_bits.tolist()])
    return [list(fields) for fields in zip(*columns, strict=True)]


def _pairs(totals: object, known: object) -> Iterator[tuple[object, bool]]:
    return zip(np.asarray(totals).tolist(), np.asarray(known).tolist(), strict=True)


def number_text(value: float) -> str:
    return "" if value != value else repr(value)


def flags_text(scores: ColumnScores, bits: int) -> str:
    return ";".join(scores.flags_of_bits(bits))
