"""Columns of answers as small integers, so that millions of rows can be scored at once.

In a code array an answer is its stored value, `MISSING` is a missing one, and `REFUSED` is anything
that the item does not allow. No item's value is negative, so the two never collide with an answer.
"""

import contextlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longlight.science.instruments.answers import stored_value
from longlight.science.instruments.definition import Item
from longlight.science.instruments.errors import AnswerRefused

Codes = NDArray[np.signedinteger[Any]]
MISSING = -1
REFUSED = -2
INT8_LARGEST = 127


def code_type(item: Item) -> type[np.int8] | type[np.int16]:
    return np.int8 if item.allowed[-1] <= INT8_LARGEST else np.int16


@dataclass(frozen=True)
class CodedColumn:
    """A column that was turned into codes as a whole, since its library works best that way."""

    codes: Codes

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: slice) -> "CodedColumn":
        return CodedColumn(self.codes[rows])


def sliceable(item: Item, column: Any) -> Any:
    """A column of any kind as one that can be cut into blocks of rows."""
    if type(column).__module__.startswith("polars"):
        return CodedColumn(_from_polars(item, column))
    if isinstance(column, np.ma.MaskedArray):
        return column
    array = np.asarray(column)
    if array.ndim != 1:
        raise AnswerRefused(f"{item.id} must be one column: give a one-dimensional array.")
    return array


def codes_of(item: Item, column: Any) -> Codes:
    """A sliceable column as codes. A value out of range may stay: scoring looks at it again."""
    if isinstance(column, CodedColumn):
        return column.codes
    if isinstance(column, np.ma.MaskedArray):
        codes = _from_numpy(item, np.ma.getdata(column)).copy()
        codes[np.ma.getmaskarray(column)] = MISSING
        return codes
    return _from_numpy(item, column)


def _from_numpy(item: Item, array: NDArray[Any]) -> Codes:
    kind = array.dtype.kind
    if kind == "b":
        return array.astype(np.int8)
    if kind in "iu":
        return _from_integers(item, array)
    if kind == "f":
        return _from_floats(item, array)
    return _from_objects(item, array)


def _from_integers(item: Item, array: NDArray[Any]) -> Codes:
    wanted, highest = code_type(item), item.allowed[-1]
    if array.size and (array.min() < 0 or array.max() > highest):
        # Whatever is out of range would wrap round, or be read as MISSING.
        array = np.where((array < 0) | (array > highest), REFUSED, array.astype(np.int64))
    return array.astype(wanted, copy=False)


def _from_floats(item: Item, array: NDArray[Any]) -> Codes:
    with np.errstate(invalid="ignore"):
        codes: Codes = array.astype(code_type(item))
    codes[codes < 0] = REFUSED
    # What does not survive the way to a small integer and back was no whole number in range.
    changed = np.flatnonzero(codes != array)
    codes[changed] = np.where(np.isnan(array[changed]), MISSING, REFUSED)
    return codes


def _from_objects(item: Item, array: NDArray[Any]) -> Codes:
    """Text and mixed columns hold few different answers: each is looked at once."""
    seen: dict[Any, int] = {}
    codes = np.empty(array.shape, dtype=code_type(item))
    for index, answer in enumerate(array.tolist()):
        if answer not in seen:
            seen[answer] = code_of(item, answer)
        codes[index] = seen[answer]
    return codes


def unclean_rows(item: Item, codes: Codes) -> NDArray[np.bool_] | None:
    """Rows without a plain answer: missing, not assessed or not allowed. None: there are none."""
    low, high = item.allowed[0], item.allowed[-1]
    gapless = len(item.allowed) == int(high - low) + 1 and not item.not_assessed
    if gapless and codes.size and codes.min() >= low and codes.max() <= high:
        return None
    if gapless:
        return (codes < low) | (codes > high)
    plain = [value for value in item.allowed if value not in item.not_assessed]
    return ~np.isin(codes, plain)


def code_of(item: Item, answer: Any) -> int:
    """One answer as its code, by the same reading that a single row gets."""
    with contextlib.suppress(AnswerRefused, TypeError):
        value = stored_value(item, answer)
        return MISSING if value is None else int(value)
    return REFUSED


def _from_polars(item: Item, series: Any) -> Codes:
    if series.dtype.is_integer():
        if series.null_count() == 0:
            return _from_integers(item, series.to_numpy())
        if series.dtype.is_signed_integer() and _is_within(item, series):
            given = series.fill_null(MISSING).to_numpy()
            codes: Codes = given.astype(code_type(item), copy=False)
            return codes
        given = series.fill_null(item.allowed[0]).to_numpy()
        codes = _from_integers(item, given).copy()
        codes[series.is_null().to_numpy()] = MISSING
        return codes
    if series.dtype.is_float():
        return _from_floats(item, series.fill_null(np.nan).to_numpy())
    return _from_objects(item, np.array(series.to_list(), dtype=object))


def _is_within(item: Item, series: Any) -> bool:
    lowest, highest = series.min(), series.max()
    return lowest is not None and bool(lowest >= 0 and highest <= item.allowed[-1])
