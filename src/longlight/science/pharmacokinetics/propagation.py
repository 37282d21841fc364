"""How modes move: exactly, over any time, with a constant input.

A lone mode decays as e^(λt). A coupled pair moves by the divided difference of e^(λt), which is
smooth where the two rates meet. More than two coupled modes (a coincidence) go through a matrix
exponential by scaling and squaring.
"""

import math
from dataclasses import dataclass

import numpy as np

from longlight.science.pharmacokinetics.modes import Modes
from longlight.science.pharmacokinetics.system import Array

# Below this, eight terms are exact to the last digit; above it, the closed form loses one.
_SERIES_BELOW = 0.05
_SERIES_TERMS = 8
_TAYLOR_TERMS = 18
_SERIES = np.array(
    [[1 / math.factorial(i + j + 2) for j in range(_SERIES_TERMS)] for i in range(_SERIES_TERMS)]
)


def decay_integral(rates: Array, dt_min: Array) -> Array:
    """∫₀ᵗ e^(λs) ds, without cancellation where λt is small."""
    still = rates == 0
    if not still.any():
        return np.asarray(np.expm1(rates * dt_min) / rates)
    some = np.where(still, -1.0, rates)
    return np.where(still, dt_min, np.expm1(some * dt_min) / some)


def pair_decay(first: Array, second: Array, dt_min: Array) -> Array:
    """(e^(bt) - e^(at)) / (b - a): the divided difference of the exponential, t e^(at) where a = b."""
    slow = np.maximum(first, second)
    apart = -np.abs(first - second)
    return np.exp(slow * dt_min) * decay_integral(apart, dt_min)


def pair_decay_integral(
    first: Array, second: Array, dt_min: Array, moved: Array, second_integral: Array
) -> Array:
    """∫₀ᵗ of `pair_decay`, from its value `moved` and the second's `decay_integral`.

    Where rate × time is small that would cancel: there it is t² Σ (at)ⁱ (bt)ʲ / (i + j + 2)!.
    """
    answer = np.asarray((moved - second_integral) / first)
    small = np.abs(first * dt_min) < _SERIES_BELOW
    if small.any():
        at, bt = (first * dt_min)[small], (second * dt_min)[small]
        powers = np.arange(_SERIES_TERMS)
        terms = (at[:, None] ** powers) @ _SERIES * bt[:, None] ** powers
        square = np.broadcast_to(dt_min, answer.shape)[small] ** 2
        answer[small] = terms.sum(axis=1) * square
    return answer


@dataclass(frozen=True)
class ModeState:
    """Where every mode stands, and what flows into it: (people, n) each, or (people, k, n) by time."""

    amounts: Array
    inflow: Array


def carry(modes: Modes, state: ModeState, dt_min: Array) -> Array:
    """The modes after `dt_min`. `dt_min` is (people, k); the answer (people, k, n)."""
    span = dt_min[:, :, None]
    rates = modes.rates[:, None, :]
    if state.amounts.ndim == 2:
        state = ModeState(state.amounts[:, None, :], state.inflow[:, None, :])
    moved = state.amounts * np.exp(rates * span)
    integral = decay_integral(rates, span) if state.inflow.any() else None
    if integral is not None:
        moved += state.inflow * integral
    if modes.pairs:
        moved += _through_pairs(modes, state, span, integral)
    if modes.tangled.any():
        for who in np.flatnonzero(modes.tangled):
            moved[who] = _carry_tangled(
                modes.couplings[who], state.amounts[who], state.inflow[who], dt_min[who]
            )
    return moved


def _through_pairs(modes: Modes, state: ModeState, span: Array, integral: Array | None) -> Array:
    """What modes gain from those that stay coupled to them: (people, k, n)."""
    late, early = (list(each) for each in zip(*modes.pairs, strict=True))
    a, b = modes.rates[:, None, early], modes.rates[:, None, late]
    pair = pair_decay(a, b, span)
    gain = state.amounts[:, :, early] * pair
    if integral is not None:
        whole = pair_decay_integral(a, b, span, pair, integral[:, :, late])
        gain = gain + state.inflow[:, :, early] * whole
    into = np.zeros((len(late), modes.rates.shape[1]))
    into[range(len(late)), late] = 1.0
    return np.asarray((gain * modes.couplings[:, None, late, early]) @ into)


def _carry_tangled(couplings: Array, amounts: Array, inflow: Array, dt_min: Array) -> Array:
    """One person's modes by the exponential of [[N, inflow], [0, 0]] at each time."""
    n = couplings.shape[0]
    generator = np.zeros((len(dt_min), n + 1, n + 1))
    generator[:, :n, :n] = couplings
    generator[:, :n, n] = inflow
    start = np.ones((len(dt_min), n + 1, 1))
    start[:, :n, 0] = amounts
    return np.asarray((exponential(generator * dt_min[:, None, None]) @ start)[:, :n, 0])


def exponential(matrices: Array) -> Array:
    """e^M for a stack of small triangular matrices, by scaling, Taylor and squaring.

    The diagonal is known (e^λ) and put right after each squaring, which would else grow its rounding.
    """
    size = np.abs(matrices).sum(axis=-1).max(initial=0.0)
    halvings = max(0, int(np.ceil(np.log2(size / 0.5)))) if size > 0 else 0
    scaled = matrices / 2.0**halvings
    identity = np.broadcast_to(np.eye(matrices.shape[-1]), matrices.shape)
    total, term = identity.copy(), identity
    for k in range(1, _TAYLOR_TERMS + 1):
        term = term @ scaled / k
        total = total + term
    diagonal = np.einsum("...ii->...i", scaled).copy()
    for _ in range(halvings):
        total = total @ total
        diagonal *= 2.0
        np.einsum("...ii->...i", total)[...] = np.exp(diagonal)
    return total
