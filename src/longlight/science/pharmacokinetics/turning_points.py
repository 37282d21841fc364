"""Where a sum of exponentials has its zeros: all of them, each bracketed, without a grid.

Between two zeros of f there is a zero of (D - λ) f, for any λ (Rolle, for e^(-λt) f). Taking the
modes out one by one leaves a single exponential, which has no zero; going back up, the zeros found
at one level bracket those of the next. This holds at equal rates too, where modes stay coupled.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from longlight.science.pharmacokinetics.modes import Modes
from longlight.science.pharmacokinetics.propagation import ModeState, carry
from longlight.science.pharmacokinetics.system import Array

_MOST_STEPS = 100
_NOISE_SHARE = 1e-15
# A zero is found when its bracket is this narrow: nothing that is said of a curve can tell.
_CLOSE_SHARE, _CLOSE_MIN = 1e-14, 1e-12


@dataclass(frozen=True)
class Stretch:
    """f(t) = weights · e^(Nt) start on 0 < t < length, one row for each stretch to search."""

    modes: Modes
    start: Array
    weights: Array
    length_min: Array


def zeros_of(stretch: Stretch) -> Array:
    """Each row's zeros inside its stretch, ascending, padded with NaN: (rows, as many as any has)."""
    found = np.full((len(stretch.start), 0), np.nan)
    for weights in reversed(_levels(stretch)):
        found = _zeros_between(stretch, weights, found)
    return found


def _levels(stretch: Stretch) -> list[Array]:
    """The weights of f, (D - λ_n) f, (D - λ_n-1)(D - λ_n) f, …: each has one mode fewer."""
    n = stretch.start.shape[1]
    weights, levels = stretch.weights, []
    for last in range(n - 1, -1, -1):
        levels.append(weights)
        shifted = np.einsum("ri,rij->rj", weights, stretch.modes.couplings)
        weights = shifted - stretch.modes.rates[:, [last]] * weights
        # Exactly zero in exact arithmetic; said so, that rounding leaves no trace.
        weights[:, last:] = 0.0
    return levels


def _zeros_between(stretch: Stretch, weights: Array, separators: Array) -> Array:
    shares = _shares(stretch, weights)
    # What is rounding next to the rest is nothing: else a mode that never moved would be the slowest.
    counts = shares > _NOISE_SHARE * shares.sum(axis=1, keepdims=True)
    start = np.where(counts, stretch.start, 0.0)
    slowest, beyond = _horizon(stretch.modes.rates, shares, counts)
    end = np.minimum(stretch.length_min, beyond)[:, None]
    inner = np.where(np.isnan(separators), end, np.minimum(separators, end))
    edges = np.concatenate([np.zeros_like(end), np.sort(inner, axis=1), end], axis=1)
    modes = _shifted(stretch.modes, slowest)

    def value(t_min: Array, rows: np.ndarray) -> Array:
        state = ModeState(start[rows], np.zeros_like(start[rows]))
        moved = carry(_rows_of(modes, rows), state, t_min)
        return np.asarray(np.einsum("rtn,rn->rt", moved, weights[rows]))

    everyone = np.arange(len(weights))
    heights = value(edges, everyone)
    crosses = (heights[:, :-1] * heights[:, 1:] < 0) & (np.diff(edges, axis=1) > 0)
    roots = np.full(crosses.shape, np.nan)
    row, place = np.nonzero(crosses)
    if len(row):
        roots[row, place] = bracketed_zero(
            lambda t: value(t[:, None], row)[:, 0], edges[row, place], edges[row, place + 1]
        )
    widest = int(crosses.sum(axis=1).max(initial=0))
    return np.sort(roots, axis=1)[:, :widest]


def _shares(stretch: Stretch, weights: Array) -> Array:
    """How much each mode counts in f, couplings included."""
    coupled = np.abs(np.tril(stretch.modes.couplings, -1))
    own = np.abs(weights * stretch.start)
    through = np.einsum("ri,rij,rj->rj", np.abs(weights), coupled, np.abs(stretch.start))
    return np.asarray(own + through)


def _horizon(rates: Array, shares: Array, counts: np.ndarray) -> tuple[Array, Array]:
    """The slowest mode that counts, and a time after which it alone gives f its sign."""
    slowest = np.where(counts, rates, -np.inf).max(axis=1)
    slowest = np.where(np.isfinite(slowest), slowest, 0.0)
    gap = slowest[:, None] - rates
    carrier = np.where(counts & (gap == 0), shares, 0.0).max(axis=1)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.log(4 * rates.shape[1] * shares / carrier) / gap
    needed = np.where(counts & (gap > 0), needed, 0.0)
    longest = np.maximum(needed.max(axis=1), 0.0)
    with np.errstate(divide="ignore"):
        memory = np.where(slowest < 0, -1.0 / slowest, 0.0)
    return slowest, 2 * longest + 10 * memory


def _shifted(modes: Modes, slowest: Array) -> Modes:
    """Modes of e^(-λt) f, so that far times do not vanish below the smallest number."""
    n = modes.rates.shape[1]
    rates = np.minimum(modes.rates - slowest[:, None], 0.0)
    couplings = modes.couplings.copy()
    couplings[:, range(n), range(n)] = rates
    return Modes(rates, couplings, modes.pairs, modes.tangled, couplings, couplings)


def _rows_of(modes: Modes, rows: np.ndarray) -> Modes:
    return Modes(
        modes.rates[rows],
        modes.couplings[rows],
        modes.pairs,
        modes.tangled[rows],
        modes.to_amounts[rows],
        modes.to_modes[rows],
    )


def bracketed_zero(f: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """One zero in each bracket, by Chandrupatla's method, for all brackets together."""
    a, b = high.copy(), low.copy()
    fa, fb = f(a), f(b)
    c, fc = a.copy(), fa.copy()
    share = np.full_like(a, 0.5)
    best = b.copy()
    for _ in range(_MOST_STEPS):
        x = a + share * (b - a)
        fx = f(x)
        same = np.sign(fx) == np.sign(fa)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = x, fx
        best = np.where(np.abs(fa) < np.abs(fb), a, b)
        slack = _CLOSE_SHARE * np.abs(best) + _CLOSE_MIN
        with np.errstate(divide="ignore", invalid="ignore"):
            limit = slack / np.abs(b - a)
        if bool(np.all((limit > 0.5) | (fa == 0) | (b == a))):
            break
        share = _next_share(a, b, c, fa, fb, fc, np.minimum(limit, 0.5))
    return best


def _next_share(
    a: Array, b: Array, c: Array, fa: Array, fb: Array, fc: Array, limit: Array
) -> Array:
    """Inverse quadratic interpolation where it is safe, else the middle."""
    with np.errstate(divide="ignore", invalid="ignore"):
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        safe = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
        along = (fa / (fb - fa)) * (fc / (fb - fc)) + ((c - a) / (b - a)) * (fa / (fc - fa)) * (
            fb / (fc - fb)
        )
    share = np.where(safe & np.isfinite(along), along, 0.5)
    return np.clip(share, limit, 1 - limit)
