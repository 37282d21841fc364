"""Scores whole columns at once: NumPy arrays, Polars series, or a data frame of either kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longlight.science.instruments.blocks import (
    Block,
    Bools,
    part_numbers,
    prorated_rows,
    total_numbers,
)
from longlight.science.instruments.codes import Codes, codes_of, sliceable, unclean_rows
from longlight.science.instruments.column_plan import NO_BAND, ColumnPlan
from longlight.science.instruments.context import Context, checked_context
from longlight.science.instruments.definition import Count, Definition
from longlight.science.instruments.errors import AnswerRefused
from longlight.science.instruments.scoring import score_answers

# Rows scored in one go: small enough that a block of answers stays in the processor's cache.
BLOCK_ROWS = 1 << 16


@dataclass(frozen=True)
class ColumnScores:
    """Scores of many rows. Where `known` is False there is no total; `refused` rows hold nothing.

    Every array has one value for each row: `totals` and each of `subscales` are floats with NaN where there is none,
    `bands` are names or None, `missing` counts the answers that are missing.
    """

    instrument: str
    version: str
    total: NDArray[Any]
    known: Bools
    band_codes: NDArray[np.int8]
    band_names: tuple[str, ...]
    subscales: Mapping[str, NDArray[np.float64]]
    missing: NDArray[np.int16]
    prorated: Bools
    flag_bits: NDArray[np.uint64]
    flag_names: tuple[str, ...]
    refused: Bools

    def __len__(self) -> Count:
        return len(self.missing)

    @property
    def totals(self) -> NDArray[np.float64]:
        """The totals as floats, NaN where there is none."""
        return np.where(self.known, self.total, np.nan)

    @property
    def bands(self) -> NDArray[np.object_]:
        names = np.array([*self.band_names, None], dtype=object)
        return names[self.band_codes]

    def flags(self, row: int) -> tuple[str, ...]:
        return self.flags_of_bits(int(self.flag_bits[row]))

    def flags_of_bits(self, bits: int) -> tuple[str, ...]:
        return tuple(name for i, name in enumerate(self.flag_names) if bits >> i & 1)


def score_columns(
    definition: Definition, columns: Any, context: Context, *, mark_refused: bool = False
) -> ColumnScores:
    """Score columns in item order, or by item id. A row that is not allowed is named and refused."""
    items, in_order = definition.items, _in_order(definition, columns)
    ready = [sliceable(item, column) for item, column in zip(items, in_order, strict=True)]
    if len({len(column) for column in ready}) > 1:
        raise AnswerRefused(f"The columns of {definition.id} differ in length: give equal ones.")
    plan = ColumnPlan(definition, checked_context(context))
    scores = empty_scores(plan, len(ready[0]))
    for start in range(0, len(scores), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        coded = [codes_of(item, column[rows]) for item, column in zip(items, ready, strict=True)]
        _score_rows(plan, coded, scores, rows)
    if not mark_refused and scores.refused.any():
        _refuse_first(definition, in_order, context, int(np.argmax(scores.refused)))
    return scores


def score_coded(definition: Definition, coded: Sequence[Codes], context: Context) -> ColumnScores:
    """Score answers that are codes already; rows that are not allowed are marked."""
    plan = ColumnPlan(definition, checked_context(context))
    scores = empty_scores(plan, len(coded[0]))
    for start in range(0, len(scores), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        _score_rows(plan, [codes[rows] for codes in coded], scores, rows)
    return scores


def empty_scores(plan: ColumnPlan, size: int) -> ColumnScores:
    whole = plan.definition.total_step is not None
    return ColumnScores(
        instrument=plan.definition.id,
        version=plan.definition.version,
        total=np.zeros(size, dtype=np.int16 if whole else np.float64),
        known=np.zeros(size, dtype=np.bool_),
        band_codes=np.full(size, NO_BAND, dtype=np.int8),
        band_names=plan.band_names,
        subscales={part.id: np.full(size, np.nan) for part in plan.definition.subscales},
        missing=np.zeros(size, dtype=np.int16),
        prorated=np.zeros(size, dtype=np.bool_),
        flag_bits=np.zeros(size, dtype=np.uint64),
        flag_names=plan.flag_names,
        refused=np.zeros(size, dtype=np.bool_),
    )


def _score_rows(plan: ColumnPlan, coded: Sequence[Codes], out: ColumnScores, rows: slice) -> None:
    """Score a block. Where few rows lack an answer, they are scored apart, the others without a look."""
    items = plan.definition.items
    masks = [unclean_rows(item, codes) for item, codes in zip(items, coded, strict=True)]
    found = [mask for mask in masks if mask is not None]
    few = np.flatnonzero(np.logical_or.reduce(found)) if found else np.array([], dtype=np.intp)
    if not 0 < 2 * len(few) < len(coded[0]):
        _score_block(plan, coded, out, rows)
        return
    plain = [codes.copy() for codes in coded]
    for item, codes in zip(items, plain, strict=True):
        codes[few] = int(item.maximum)
    _score_block(plan, plain, out, rows)
    apart = empty_scores(plan, len(few))
    _score_block(plan, [codes[few] for codes in coded], apart, slice(0, len(few)))
    _scatter(apart, out, rows, few)


def _scatter(apart: ColumnScores, out: ColumnScores, rows: slice, few: NDArray[np.intp]) -> None:
    for name in ("total", "known", "band_codes", "missing", "prorated", "flag_bits", "refused"):
        getattr(out, name)[rows][few] = getattr(apart, name)
    for key, values in apart.subscales.items():
        out.subscales[key][rows][few] = values


def _score_block(plan: ColumnPlan, coded: Sequence[Codes], out: ColumnScores, rows: slice) -> None:
    block, refused = plan.block(coded)
    subscales = {
        part.id: part_numbers(part, plan.definition, block) for part in plan.definition.subscales
    }
    _write_total(plan, block, out, rows)
    for key, numbers in subscales.items():
        values = numbers.numerator / numbers.denominator
        out.subscales[key][rows] = (
            values if numbers.known is None else np.where(numbers.known, values, np.nan)
        )
    for lacking in block.missing.values():
        out.missing[rows] += lacking
    prorated = prorated_rows(plan.definition, block)
    if prorated is not None:
        out.prorated[rows] = prorated & out.known[rows]
    bands, at_least = plan.bands(block, subscales, out.total[rows], out.known[rows])
    out.band_codes[rows] = bands
    out.flag_bits[rows] = plan.flag_bits(block, subscales, out.prorated[rows], at_least)
    if refused is not None:
        _clear(out, rows, refused)


def _write_total(plan: ColumnPlan, block: Block, out: ColumnScores, rows: slice) -> None:
    if plan.gated_total is not None:
        out.total[rows] = plan.gated_total
        out.known[rows] = True
        return
    numbers = total_numbers(plan.definition, block)
    if numbers is None:
        return
    if numbers.denominator == 1:
        out.total[rows] = numbers.numerator
    elif plan.definition.total_step is None:
        out.total[rows] = numbers.numerator / numbers.denominator
    else:
        out.total[rows] = numbers.numerator // numbers.denominator
    out.known[rows] = True if numbers.known is None else numbers.known
    if numbers.known is not None:
        out.total[rows][~numbers.known] = 0


def _clear(out: ColumnScores, rows: slice, refused: Bools) -> None:
    out.refused[rows] = refused
    out.known[rows][refused] = False
    out.total[rows][refused] = 0
    out.band_codes[rows][refused] = NO_BAND
    out.missing[rows][refused] = 0
    out.prorated[rows][refused] = False
    out.flag_bits[rows][refused] = 0
    for values in out.subscales.values():
        values[rows][refused] = np.nan


def _in_order(definition: Definition, columns: Any) -> list[Any]:
    ids = [item.id for item in definition.items]
    if hasattr(columns, "collect"):  # a lazy frame
        columns = columns.collect()
    if isinstance(columns, Mapping) or hasattr(columns, "columns"):
        names = list(columns.columns if hasattr(columns, "columns") else columns)
        lacking = [name for name in ids if name not in names]
        if lacking:
            raise AnswerRefused(
                f"{definition.id} needs the columns {', '.join(ids)}: {', '.join(lacking)} is missing."
            )
        return [columns[name] for name in ids]
    if len(columns) != len(ids):
        raise AnswerRefused(
            f"{definition.id} takes {len(ids)} columns in item order and got {len(columns)}."
        )
    return list(columns)


def _refuse_first(
    definition: Definition, in_order: Sequence[Any], context: Context, row: int
) -> None:
    answers = [column[row] for column in in_order]
    try:
        score_answers(definition, answers, context)
    except AnswerRefused as error:
        raise AnswerRefused(f"Row {row}, counted from 0: {error}") from error
    raise AnswerRefused(f"Row {row}, counted from 0, cannot be read: give whole numbers.")
