"""The same with Polars, for chunks of plain text: no quotes, no empty or uneven lines."""

import io
from typing import Any

import numpy as np
import polars as pl

from longlight.exchange.score_csv.plain import PlainScorer, flags_text
from longlight.science.instruments.codes import MISSING, Codes, code_of, code_type
from longlight.science.instruments.columns import ColumnScores, score_coded
from longlight.science.instruments.definition import Item


class FastScorer:
    """Scores a chunk of whole lines, or says that it cannot, so that the plain way must."""

    def __init__(self, plain: PlainScorer) -> None:
        self.plain = plain
        self.layout = plain.layout
        # Polars wants names that differ; a header may repeat one that is only passed through.
        self._names = [f"c{index}" for index in range(len(self.layout.header))]

    def score_chunk(self, chunk: bytes, first_line: int) -> bool:
        frame = self._frame(chunk)
        if frame is None:
            return False
        items, positions = self.layout.instrument.items, self.layout.positions
        coded = [
            _codes(item, frame.to_series(position))
            for item, position in zip(items, positions, strict=True)
        ]
        scores = score_coded(self.layout.instrument, coded, self.layout.context)
        scored = frame.with_columns(_series(scores))
        if scores.refused.any():
            self._refuse(frame, np.flatnonzero(scores.refused).tolist(), first_line)
            scored = scored.filter(pl.Series(~scores.refused))
        encoded = io.BytesIO()
        scored.write_csv(encoded, include_header=False)
        self.plain.out.encoded(encoded.getvalue(), scored.height)
        return True

    def _frame(self, chunk: bytes) -> pl.DataFrame | None:
        """The chunk as columns of text, or None where Polars might read it in its own way."""
        lines = chunk.count(b"\n")
        width = len(self._names)
        if width == 1 or chunk.startswith(b"\n") or b"\n\n" in chunk:
            return None
        if chunk.count(b",") != lines * (width - 1):
            return None
        try:
            frame = pl.read_csv(
                chunk,
                has_header=False,
                schema=dict.fromkeys(self._names, pl.String),
                quote_char=None,
            )
        except pl.exceptions.PolarsError:
            return None
        return frame if frame.height == lines else None

    def _refuse(self, frame: pl.DataFrame, rows: list[int], first_line: int) -> None:
        for index, fields in zip(rows, frame[rows].rows(), strict=True):
            row = ["" if field is None else field for field in fields]
            self.plain.refuse(first_line + index, self.plain.reason(self.plain.answers(row)), row)


def _codes(item: Item, texts: pl.Series) -> Codes:
    kind = pl.Int8 if code_type(item) is np.int8 else pl.Int16
    numbers = texts.cast(kind, strict=False)
    if numbers.null_count() != texts.null_count() or (numbers < 0).any():
        # Something is no plain number: each different text is read as a single row would be.
        different = texts.unique()
        codes = [code_of(item, text) for text in different.to_list()]
        numbers = texts.replace_strict(different, codes, return_dtype=kind)
    return numbers.fill_null(MISSING).to_numpy()


def _series(scores: ColumnScores) -> list[pl.Series]:
    """The columns that scoring adds; a null is written as an empty field."""
    known = pl.Series(scores.known)
    total = pl.Series("total", scores.total)
    columns = [total if known.all() else pl.select(pl.when(known).then(total)).to_series()]
    columns.append(_named(list(scores.band_names), scores.band_codes).alias("band"))
    for key, values in scores.subscales.items():
        columns.append(pl.Series(f"s_{key}", values).fill_nan(None))
    columns.append(pl.Series("missing", scores.missing))
    columns.append(pl.Series("prorated", scores.prorated))
    bits, places = np.unique(scores.flag_bits, return_inverse=True)
    names = [flags_text(scores, each) or None for each in bits.tolist()]
    columns.append(_named(names, places).alias("flags"))
    return columns


def _named(names: list[Any], places: Any) -> pl.Series:
    """A text for each place in `names`; -1, the last, is none."""
    table = pl.Series([*names, None], dtype=pl.String)
    wanted = np.where(places < 0, len(names), places)
    return table.gather(pl.Series(wanted.astype(np.uint32)))
