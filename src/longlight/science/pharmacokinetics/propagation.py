"""How modes move: exactly, over any time, with a constant input.

A lone mode decays as e^(λt). A coupled pair moves by the divided difference of e^(λt), which is
smooth where the two rates meet. More than two coupled modes (a coincidence) go through a matrix
exponential by scaling and squaring.
"""

from dataclasses import dataclass

import numpy as np

from longlight.science.pharmacokinetics.modes import Modes
from longlight.science.pharmacokinetics.system import Array

# Below this, eight terms are exact to the last digit; above it, the closed form loses one.
_SERIES_BELOW = 0.05
_SERIES_TERMS = 8
_TAYLOR_TERMS = 18


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


def pair_decay_integral(first: Array, second: Array, dt_min: Array) -> Array:
    """∫₀ᵗ of `pair_decay`, by its own series where rate × time is small."""
    first, second, dt_min = np.broadcast_arrays(first, second, dt_min)
    closed = (pair_decay(first, second, dt_min) - decay_integral(second, dt_min)) / first
    small = np.abs(first * dt_min) < _SERIES_BELOW
    if not small.any():
        return closed
    a, b = np.where(small, first * dt_min, 0.0), np.where(small, second * dt_min, 0.0)
    total, term, power, factorial = np.zeros_like(a), np.ones_like(a), np.ones_like(a), 2.0
    for k in range(_SERIES_TERMS):
        total = total + term / factorial
        power = power * b
        term = term * a + power
        factorial *= k + 3
    return np.where(small, total * dt_min**2, closed)


@dataclass(frozen=True)
class ModeState:
    """Where every mode stands, and what flows into it: (people, n) each."""

    amounts: Array
    inflow: Array


def carry(modes: Modes, state: ModeState, dt_min: Array) -> Array:
    """The modes after `dt_min`. `dt_min` is (people, k); the answer (people, k, n)."""
    span = dt_min[:, :, None]
    rates = modes.rates[:, None, :]
    amounts, inflow = state.amounts[:, None, :], state.inflow[:, None, :]
    fed = bool(state.inflow.any())
    moved = amounts * np.exp(rates * span)
    if fed:
        moved += inflow * decay_integral(rates, span)
    for late, early in modes.pairs:
        strength = np.where(modes.tangled, 0.0, modes.couplings[:, late, early])[:, None]
        a = modes.rates[:, early][:, None]
        b = np.where(strength == 0, a, modes.rates[:, late][:, None])
        moved[:, :, late] += strength * amounts[:, :, early] * pair_decay(a, b, dt_min)
        if fed:
            moved[:, :, late] += strength * inflow[:, :, early] * pair_decay_integral(a, b, dt_min)
    for who in np.flatnonzero(modes.tangled):
        moved[who] = _carry_tangled(
            modes.couplings[who], state.amounts[who], state.inflow[who], dt_min[who]
        )
    return moved


def _carry_tangled(couplings: Array, amounts: Array, inflow: Array, dt_min: Array) -> Array:
    """One person's modes by the exponential of [[N, inflow], [0, 0]]."""
    n = len(amounts)
    generator = np.zeros((n + 1, n + 1))
    generator[:n, :n] = couplings
    generator[:n, n] = inflow
    start = np.append(amounts, 1.0)
    return np.asarray((exponential(generator[None] * dt_min[:, None, None]) @ start)[:, :n])


def exponential(matrices: Array) -> Array:
    """e^M for a stack of small matrices, by scaling, Taylor and squaring."""
    size = np.abs(matrices).sum(axis=-1).max(initial=0.0)
    halvings = max(0, int(np.ceil(np.log2(size / 0.5)))) if size > 0 else 0
    scaled = matrices / 2.0**halvings
    identity = np.broadcast_to(np.eye(matrices.shape[-1]), matrices.shape)
    total, term = identity.copy(), identity
    for k in range(1, _TAYLOR_TERMS + 1):
        term = term @ scaled / k
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return total
