"""Scores a block of coded rows with NumPy. Slow and exact `scoring` is the reference it must equal.

Numbers stay whole: every part is a numerator over one common denominator, so that a share or a
pro-rated sum is divided once, and comes out as the very float that exact fractions give.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longlight.science.instruments.codes import MISSING, Codes
from longlight.science.instruments.definition import Definition, Item, ItemNumber, Part

Bools = NDArray[np.bool_]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Numbers:
    """One number for each row: `numerator / denominator`, only where `known` (None: everywhere)."""

    numerator: NDArray[np.signedinteger[Any]]
    denominator: int
    known: Bools | None


@dataclass(frozen=True)
class Block:
    """The coded answers of some rows, by item number, with what is missing in them."""

    size: int
    codes: Mapping[ItemNumber, Codes]
    # Only items that lack an answer somewhere in the block have an entry.
    empty: Mapping[ItemNumber, Bools]
    not_asked: Mapping[ItemNumber, Bools]
    missing: Mapping[ItemNumber, Bools]


def make_block(definition: Definition, coded: Sequence[Codes]) -> tuple[Block, Bools | None]:
    """The block, and the rows that hold an answer which is not allowed (None: there are none)."""
    codes: dict[ItemNumber, Codes] = {}
    empty: dict[ItemNumber, Bools] = {}
    refused: Bools | None = None
    for item, column in zip(definition.items, coded, strict=True):
        bad, lacking, usable = _checked(item, column)
        codes[item.number] = usable
        if lacking is not None:
            empty[item.number] = lacking
        if bad is not None:
            refused = bad if refused is None else refused | bad
    size = len(coded[0])
    not_asked = _not_asked(definition, codes, empty)
    missing = {
        number: lacking & ~not_asked[number] if number in not_asked else lacking
        for number, lacking in empty.items()
    }
    missing = {number: lacking for number, lacking in missing.items() if lacking.any()}
    return Block(size, codes, empty, not_asked, missing), refused


def _checked(item: Item, column: Codes) -> tuple[Bools | None, Bools | None, Codes]:
    """Rows refused, rows empty, and the codes with 0 in both."""
    low, high = int(column.min(initial=0)), int(column.max(initial=0))
    allowed = item.allowed
    gapless = len(allowed) == int(allowed[-1] - allowed[0]) + 1
    if gapless and not item.not_assessed and low >= allowed[0] and high <= allowed[-1]:
        return None, None, column
    valid = np.zeros(int(max(high, allowed[-1])) + 1, dtype=np.bool_)
    valid[[int(value) for value in allowed]] = True
    lacking = column == MISSING
    bad = (column < 0) | ~valid[np.maximum(column, 0)]
    bad &= ~lacking
    for value in item.not_assessed:
        lacking |= column == value
    usable = np.where(bad | lacking, 0, column).astype(column.dtype, copy=False)
    return (bad if bad.any() else None), (lacking if lacking.any() else None), usable


def _not_asked(
    definition: Definition, codes: Mapping[ItemNumber, Codes], empty: Mapping[ItemNumber, Bools]
) -> dict[ItemNumber, Bools]:
    found: dict[ItemNumber, Bools] = {}
    for item in definition.items:
        lacking = empty.get(item.number)
        if lacking is None:
            continue
        if item.asked_if:
            found[item.number] = lacking & _all_answered_no(item, codes, empty)
        elif not item.required:
            found[item.number] = lacking
    return found


def _all_answered_no(
    item: Item, codes: Mapping[ItemNumber, Codes], empty: Mapping[ItemNumber, Bools]
) -> Bools:
    answered_no = np.ones(len(codes[item.number]), dtype=np.bool_)
    for number in item.asked_if:
        answered_no &= codes[number] < 1
        if number in empty:
            answered_no &= ~empty[number]
    return answered_no


def counted(item: Item, codes: Codes) -> Codes:
    """What each code adds to a sum, as `Item.counted` says."""
    values = codes
    for stored, instead in item.counts_as.items():
        values = np.where(codes == stored, int(instead), values).astype(codes.dtype)
    if item.reverse:
        values = (int(item.minimum + item.maximum) - values).astype(codes.dtype)
    return values


def part_numbers(part: Part, definition: Definition, block: Block) -> Numbers:
    items = [item for item in definition.items if item.number in part.items]
    lacks = any(item.number in block.empty for item in items)
    if part.combine == "max":
        return _highest(items, block)
    total = _summed(items, block)
    if not lacks:
        divisor = part.divide_by * (len(items) if part.combine == "mean" else 1)
        return Numbers(total, divisor, None)
    asked = np.full(block.size, len(items), dtype=np.int64)
    answered = asked.copy()
    for item in items:
        if item.number in block.empty:
            answered -= block.empty[item.number]
        if item.number in block.not_asked:
            asked -= block.not_asked[item.number]
    known = (answered > 0) & (asked - answered <= part.may_miss)
    scale = _common_multiple(items, part)
    share = np.where(known, scale // np.maximum(answered, 1), 0)
    if part.combine == "sum":
        share = np.where(asked == answered, scale, share * asked)
    return Numbers(total.astype(np.int64) * share, scale * part.divide_by, known)


def _common_multiple(items: Sequence[Item], part: Part) -> int:
    """A number that every count of answers, from which the part may be made up, divides."""
    if part.combine == "sum" and part.may_miss == 0:
        return 1
    fewest = sum(item.required and not item.asked_if for item in items) - part.may_miss
    return lcm(*range(max(fewest, 1), len(items) + 1))


def _summed(items: Sequence[Item], block: Block) -> Codes:
    highest = sum(int(item.maximum) for item in items)
    kind = np.int8 if highest <= np.iinfo(np.int8).max else np.int16
    total: Codes = np.zeros(block.size, dtype=kind)
    for item in items:
        values = counted(item, block.codes[item.number])
        if item.number in block.empty:
            # A reversed item would turn the 0 that stands for "missing" into its highest value.
            values = np.where(block.empty[item.number], values.dtype.type(0), values)
        np.add(total, values, out=total, casting="unsafe")
    return total


def _highest(items: Sequence[Item], block: Block) -> Numbers:
    best = np.full(block.size, MISSING, dtype=np.int64)
    for item in items:
        values = counted(item, block.codes[item.number])
        if item.number in block.empty:
            values = np.where(block.empty[item.number], MISSING, values)
        best = np.maximum(best, values)
    known = best > MISSING
    return Numbers(best, 1, None if known.all() else known)


def prorated_rows(definition: Definition, block: Block) -> Bools | None:
    """Rows that lack an answer which the total is made of."""
    in_total = {number for part in definition.scoring.parts for number in part.items}
    rows = [lacking for number, lacking in block.missing.items() if number in in_total]
    return np.logical_or.reduce(rows) if rows else None


def total_numbers(definition: Definition, block: Block) -> Numbers | None:
    scoring = definition.scoring
    parts = [part_numbers(part, definition, block) for part in scoring.parts]
    if not parts:
        return None
    denominator = lcm(*(part.denominator for part in parts))
    known: Bools | None = None
    for part in parts:
        if part.known is not None:
            known = part.known if known is None else known & part.known
    if len(parts) == 1 and scoring.multiply_by == 1:
        numerator = parts[0].numerator
    else:
        numerator = np.zeros(block.size, dtype=np.int64)
        for part in parts:
            numerator += part.numerator.astype(np.int64) * (denominator // part.denominator)
        numerator *= scoring.multiply_by
    denominator *= scoring.divide_by * (len(parts) if scoring.combine == "mean" else 1)
    incomplete = prorated_rows(definition, block)
    if scoring.whole_when_prorated and incomplete is not None:
        rounded = (2 * numerator + denominator) // (2 * denominator) * denominator
        numerator = np.where(incomplete, rounded, numerator)
    return Numbers(numerator, denominator, known)
