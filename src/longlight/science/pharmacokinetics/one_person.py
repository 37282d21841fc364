"""The same modes for one person, number by number: a curve for a page must not wait for arrays.

For one person and a handful of modes, an array operation costs more than the arithmetic in it. What is
here says nothing that `propagation` and `turning_points` do not say, and must agree with them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul
from typing import Self

from longlight.science.pharmacokinetics.modes import Modes

# Below this, eight terms are exact to the last digit; above it, the closed form loses one.
_SERIES_BELOW = 0.05
_SERIES_TERMS = 8
_MOST_STEPS = 200
_NOISE_SHARE, _UNSURE_SHARE = 1e-15, 1e-10
_CLOSE_SHARE, _CLOSE_MIN = 1e-14, 1e-12


def decay_integral(rate: float, dt_min: float) -> float:
    """∫₀ᵗ e^(λs) ds."""
    return math.expm1(rate * dt_min) / rate if rate else dt_min


def pair_decay(first: float, second: float, dt_min: float) -> float:
    """(e^(bt) - e^(at)) / (b - a), smooth where a = b."""
    return math.exp(max(first, second) * dt_min) * decay_integral(-abs(first - second), dt_min)


def pair_decay_integral(first: float, second: float, dt_min: float) -> float:
    """∫₀ᵗ of `pair_decay`."""
    at, bt = first * dt_min, second * dt_min
    if abs(at) >= _SERIES_BELOW:
        return (pair_decay(first, second, dt_min) - decay_integral(second, dt_min)) / first
    total, term, power, factorial = 0.0, 1.0, 1.0, 2.0
    for k in range(_SERIES_TERMS):
        total += term / factorial
        power *= bt
        term = term * at + power
        factorial *= k + 3
    return total * dt_min**2


@dataclass(frozen=True)
class OnePerson:
    """One person's modes as plain numbers: their rates, and (later, earlier, strength) of coupled pairs."""

    rates: Sequence[float]
    pairs: Sequence[tuple[int, int, float]]

    @classmethod
    def of(cls, modes: Modes, who: int) -> Self | None:
        """The person in that row, or None where more than pairs hang together."""
        if modes.tangled[who]:
            return None
        pairs = [(i, j, float(modes.couplings[who, i, j])) for i, j in modes.pairs]
        return cls(modes.rates[who].tolist(), [pair for pair in pairs if pair[2]])

    def carry(
        self, amounts: Sequence[float], dt_min: float, inflow: Sequence[float] = ()
    ) -> list[float]:
        """The modes after `dt_min`, with a constant inflow if one is given."""
        moved = [z * math.exp(r * dt_min) for z, r in zip(amounts, self.rates, strict=True)]
        for i, fed in enumerate(inflow):
            if fed:
                moved[i] += fed * decay_integral(self.rates[i], dt_min)
        for late, early, strength in self.pairs:
            a, b = self.rates[early], self.rates[late]
            gain = amounts[early] * pair_decay(a, b, dt_min)
            if inflow and inflow[early]:
                gain += inflow[early] * pair_decay_integral(a, b, dt_min)
            moved[late] += strength * gain
        return moved

    def slope_weights(self, weights: Sequence[float], shift: float) -> list[float]:
        """The weights of (D - shift) f, where f has these weights."""
        lower = [(r - shift) * w for r, w in zip(self.rates, weights, strict=True)]
        for late, early, strength in self.pairs:
            lower[early] += strength * weights[late]
        return lower

    def zeros(
        self, start: Sequence[float], weights: Sequence[float], length_min: float
    ) -> list[float]:
        """All zeros of f(t) = weights · e^(Nt) start on 0 < t < length, ascending: see `turning_points`."""
        small, start, weights = self._only_what_counts(start, weights)
        return small._all_zeros(start, weights, length_min)

    def _only_what_counts(
        self, start: Sequence[float], weights: Sequence[float]
    ) -> tuple[Self, Sequence[float], Sequence[float]]:
        """The modes that f reads, at once or through a pair: those behind them do not slow it down."""
        read = {i for i, weight in enumerate(weights) if weight}
        pairs = [pair for pair in self.pairs if pair[0] in read]
        kept = sorted(read | {early for _, early, _ in pairs})
        place = {mode: i for i, mode in enumerate(kept)}
        return (
            type(self)(
                [self.rates[i] for i in kept],
                [(place[late], place[early], strength) for late, early, strength in pairs],
            ),
            [start[i] for i in kept],
            [weights[i] for i in kept],
        )

    def _all_zeros(
        self, start: Sequence[float], weights: Sequence[float], length_min: float
    ) -> list[float]:
        changes = self._sign_changes(start, weights)
        if changes is not None and changes < 2:
            return self._zeros_between(start, weights, length_min, []) if changes else []
        levels = []
        for last in range(len(self.rates) - 1, -1, -1):
            levels.append(list(weights))
            weights = self.slope_weights(weights, self.rates[last])
            # Exactly zero in exact arithmetic; said so, that rounding leaves no trace.
            weights[last:] = [0.0] * (len(weights) - last)
        found: list[float] = []
        for level in reversed(levels):
            found = self._zeros_between(start, level, length_min, found)
        return found

    def _sign_changes(self, start: Sequence[float], weights: Sequence[float]) -> int | None:
        """Descartes for exponentials: f has no more zeros than its terms, from slow to fast, change sign.

        None where the sign of a term is rounding, as where coupled rates are (nearly) equal.
        """
        terms = [w * z for w, z in zip(weights, start, strict=True)]
        parts = [abs(term) for term in terms]
        for late, early, strength in self.pairs:
            gap = self.rates[late] - self.rates[early]
            if not gap:
                return None
            moved = weights[late] * strength * start[early] / gap
            terms[late] += moved
            terms[early] -= moved
            parts[late] += abs(moved)
            parts[early] += abs(moved)
        noise = _NOISE_SHARE * sum(parts)
        for term, part in zip(terms, parts, strict=True):
            if part > noise and abs(term) <= max(_UNSURE_SHARE * part, noise):
                return None
        signs = [
            terms[i] > 0
            for i in sorted(range(len(terms)), key=lambda i: -self.rates[i])
            if parts[i] > noise
        ]
        return sum(a != b for a, b in pairwise(signs))

    def _shares(self, start: Sequence[float], weights: Sequence[float]) -> list[float]:
        """How much each mode counts in f, couplings included."""
        shares = [abs(w * z) for w, z in zip(weights, start, strict=True)]
        for late, early, strength in self.pairs:
            shares[early] += abs(weights[late] * strength * start[early])
        return shares

    def _zeros_between(
        self,
        start: Sequence[float],
        weights: Sequence[float],
        length_min: float,
        separators: list[float],
    ) -> list[float]:
        shares = self._shares(start, weights)
        noise = _NOISE_SHARE * sum(shares)
        kept = [z if share > noise else 0.0 for z, share in zip(start, shares, strict=True)]
        counting = [i for i, share in enumerate(shares) if share > noise]
        if not counting:
            return []
        slowest = max(self.rates[i] for i in counting)
        end = min(length_min, self._horizon(shares, counting, slowest))
        # e^(-λt) f has the same zeros, and does not vanish below the smallest number at far times.
        shifted = OnePerson([min(r - slowest, 0.0) for r in self.rates], self.pairs)
        edges = [0.0, *(t for t in separators if t < end), end]
        search = _Search(shifted, kept, weights, shifted.slope_weights(weights, 0.0))
        heights = [search.at(t)[0] for t in edges]
        return [
            search.between(edges[i], edges[i + 1], heights[i])
            for i in range(len(edges) - 1)
            if heights[i] * heights[i + 1] < 0
        ]

    def _horizon(self, shares: Sequence[float], counting: Sequence[int], slowest: float) -> float:
        """A time after which the slowest mode that counts alone gives f its sign."""
        carrier = max(shares[i] for i in counting if self.rates[i] == slowest)
        longest = 0.0
        for i in counting:
            gap = slowest - self.rates[i]
            if gap > 0:
                longest = max(longest, math.log(4 * len(shares) * shares[i] / carrier) / gap)
        return 2 * longest - 10 / slowest


@dataclass(frozen=True)
class _Search:
    """A function weights · e^(Nt) start with its slope, and its zero in a bracket."""

    modes: OnePerson
    start: Sequence[float]
    weights: Sequence[float]
    slope_weights: Sequence[float]

    def at(self, t_min: float) -> tuple[float, float]:
        """Height and slope."""
        z = self.modes.carry(self.start, t_min)
        return sum(map(mul, self.weights, z)), sum(map(mul, self.slope_weights, z))

    def between(self, low: float, high: float, at_low: float) -> float:
        """By Newton's steps kept inside the bracket, halving it where they leave it."""
        t = 0.5 * (low + high)
        for _ in range(_MOST_STEPS):
            f, slope = self.at(t)
            if f == 0.0:
                return t
            if (f > 0.0) == (at_low > 0.0):
                low = t
            else:
                high = t
            step = t - f / slope if slope else low
            following = step if low < step < high else 0.5 * (low + high)
            if abs(following - t) <= _CLOSE_SHARE * t + _CLOSE_MIN * 1e-3:
                return following
            t = following
        return t
