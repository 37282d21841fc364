"""Percentiles of any number of values in fixed memory, the same in whatever pieces they come."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from longlight.science.pharmacokinetics.system import Array

PERCENTS = (2.5, 5.0, 25.0, 50.0, 75.0, 95.0, 97.5)
# Bins of equal ratio: 5,000 for each tenfold, so that a percentile is within 0.03 %.
_BINS_A_DECADE = 5000
_LOWEST_EXPONENT, _HIGHEST_EXPONENT = -9, 12
_BINS = (_HIGHEST_EXPONENT - _LOWEST_EXPONENT) * _BINS_A_DECADE


@dataclass
class Tally:
    """Counts in bins of equal ratio, exact sums, lowest and highest. All values are above zero."""

    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(_BINS, dtype=np.int64))
    in_bins: Array = field(default_factory=lambda: np.zeros(_BINS))
    sums: list[float] = field(default_factory=list)
    squares: list[float] = field(default_factory=list)
    lowest: float = math.inf
    highest: float = -math.inf

    def add(self, values: Array) -> None:
        """Take a block of values; blocks are the same for every engine, so sums are too."""
        place = (np.log10(np.maximum(values, 1e-300)) - _LOWEST_EXPONENT) * _BINS_A_DECADE
        bins = np.clip(place, 0, _BINS - 1).astype(np.int64)
        self.counts += np.bincount(bins, minlength=_BINS)
        self.in_bins += np.bincount(bins, weights=values, minlength=_BINS)
        self._fold(self.sums, float(values.sum()))
        self._fold(self.squares, float(np.square(values).sum()))
        self.lowest = min(self.lowest, float(values.min()))
        self.highest = max(self.highest, float(values.max()))

    @staticmethod
    def _fold(parts: list[float], value: float) -> None:
        """Keep an exact running sum as a few numbers that do not overlap (Shewchuk)."""
        kept = 0
        for part in parts:
            large, small = (value, part) if abs(value) >= abs(part) else (part, value)
            total = large + small
            lost = small - (total - large)
            if lost:
                parts[kept] = lost
                kept += 1
            value = total
        parts[kept:] = [value]

    def as_json(self) -> dict[str, float | dict[str, float]]:
        """Mean, SD, extremes and percentiles."""
        count = int(self.counts.sum())
        mean = math.fsum(self.sums) / count
        variance = max(math.fsum(self.squares) / count - mean * mean, 0.0)
        return {
            "mean": mean,
            "sd": math.sqrt(variance),
            "min": self.lowest,
            "max": self.highest,
            "percentiles": {f"{percent:g}": self.percentile(percent) for percent in PERCENTS},
        }

    def percentile(self, percent: float) -> float:
        """As `numpy.percentile` between ranks; each value stands for its bin's mean: exact where all of a bin are equal."""
        last = int(self.counts.sum()) - 1
        below, share = divmod(percent / 100 * last, 1)
        upto = np.cumsum(self.counts)
        low, high = (
            int(np.searchsorted(upto, rank, side="right")) for rank in (below, min(below + 1, last))
        )
        lower, higher = (float(self.in_bins[each] / self.counts[each]) for each in (low, high))
        return lower + share * (higher - lower)
