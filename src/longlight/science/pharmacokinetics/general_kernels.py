"""Machine code for any model's plasma: one patient after another, the same steps as in `modes`.

Where two coupled rates come too near for plain modes, the patient is marked and NumPy, the
definition, answers instead: that is rare, and the code here stays simple.
"""

import math

import numpy as np

from longlight.science.pharmacokinetics.kernels import compiled
from longlight.science.pharmacokinetics.system import Array

_NEAR_SHARE = 1e-3
_MOST_MAGNIFIED = 1000.0
_SWEEPS = 30
_ROOT_STEPS = 80
_NOISE_SHARE = 1e-15


@compiled
def jacobi(matrix: Array, vectors: Array) -> None:
    """Eigenvectors of a small symmetric matrix by rotations; its diagonal becomes the eigenvalues."""
    n = matrix.shape[0]
    for i in range(n):
        for j in range(n):
            vectors[i, j] = 1.0 if i == j else 0.0
    for _ in range(_SWEEPS):
        rest = 0.0
        for i in range(n):
            for j in range(i):
                rest += abs(matrix[i, j])
        if rest == 0.0:
            return
        for p in range(n - 1):
            for q in range(p + 1, n):
                _rotate(matrix, vectors, p, q)


@compiled
def _rotate(matrix: Array, vectors: Array, p: int, q: int) -> None:
    small = abs(matrix[p, q])
    if small <= 1e-20 * (abs(matrix[p, p]) + abs(matrix[q, q])):
        matrix[p, q] = matrix[q, p] = 0.0
        return
    theta = (matrix[q, q] - matrix[p, p]) / (2.0 * matrix[p, q])
    t = 1.0 / (abs(theta) + math.sqrt(theta * theta + 1.0))
    t = -t if theta < 0.0 else t
    c = 1.0 / math.sqrt(t * t + 1.0)
    s = t * c
    shift = t * matrix[p, q]
    matrix[p, p] -= shift
    matrix[q, q] += shift
    matrix[p, q] = matrix[q, p] = 0.0
    for k in range(matrix.shape[0]):
        if k not in (p, q):
            a, b = matrix[k, p], matrix[k, q]
            matrix[k, p] = matrix[p, k] = c * a - s * b
            matrix[k, q] = matrix[q, k] = s * a + c * b
        a, b = vectors[k, p], vectors[k, q]
        vectors[k, p] = c * a - s * b
        vectors[k, q] = s * a + c * b


@compiled
def diagonalize_blocks(
    matrix: Array, starts: np.ndarray, branches: np.ndarray, rates: Array, to: Array, back: Array
) -> None:
    """Rates of all blocks, and the way from modes to amounts and back."""
    n = matrix.shape[0]
    scale = np.ones(n)
    for b in range(branches.shape[0]):
        parent, child = branches[b, 0], branches[b, 1]
        scale[child] = scale[parent] * math.sqrt(matrix[child, parent] / matrix[parent, child])
    to[:] = 0.0
    for b in range(starts.size - 1):
        low, high = starts[b], starts[b + 1]
        size = high - low
        block, vectors = np.zeros((size, size)), np.empty((size, size))
        for i in range(size):
            for j in range(size):
                if i == j or matrix[low + i, low + j] != 0.0:
                    block[i, j] = matrix[low + i, low + j] * scale[low + j] / scale[low + i]
        jacobi(block, vectors)
        for i in range(size):
            rates[low + i] = block[i, i]
            for j in range(size):
                to[low + i, low + j] = vectors[i, j] * scale[low + i]
                back[low + j, low + i] = vectors[i, j] / scale[low + i]


@compiled
def decouple(
    triangular: Array, block_of: np.ndarray, rates: Array, x: Array, inverse: Array
) -> bool:
    """X with T X = X diag(rates), and its inverse; False where rates are too near for that."""
    n = rates.size
    x[:] = 0.0
    for j in range(n - 1, -1, -1):
        x[j, j] = 1.0
        for i in range(j + 1, n):
            if block_of[i] == block_of[j]:
                continue
            rest = 0.0
            for k in range(j, i):
                if block_of[k] != block_of[i]:
                    rest += triangular[i, k] * x[k, j]
            if rest != 0.0:
                gap = rates[j] - rates[i]
                if abs(gap) <= _NEAR_SHARE * max(-rates[j], -rates[i]):
                    return False
                x[i, j] = rest / gap
    _unit_inverse(x, inverse)
    return _magnified(x, inverse) <= _MOST_MAGNIFIED


@compiled
def _unit_inverse(x: Array, inverse: Array) -> None:
    """The inverse of a lower triangle with ones on its diagonal."""
    inverse[:] = 0.0
    for j in range(x.shape[0]):
        inverse[j, j] = 1.0
        for i in range(j + 1, x.shape[0]):
            total = 0.0
            for k in range(j, i):
                total += x[i, k] * inverse[k, j]
            inverse[i, j] = -total


@compiled
def _magnified(x: Array, inverse: Array) -> float:
    most = 0.0
    n = x.shape[0]
    for i in range(n):
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += abs(x[i, k]) * abs(inverse[k, j])
            most = max(most, total)
    return most


@compiled
def value_at(terms: Array, rates: Array, count: int, slow: float, t: float) -> float:
    """Σ terms e^((rate - slow) t) over the first `count` modes."""
    total = 0.0
    for m in range(count):
        total += terms[m] * math.exp((rates[m] - slow) * t)
    return total


@compiled
def zero_between(terms: Array, rates: Array, count: int, low: float, high: float) -> float:
    """The zero of a sum of exponentials in a bracket, by Newton's steps kept inside it."""
    slow = rates[0]
    at_low = value_at(terms, rates, count, slow, low)
    t = 0.5 * (low + high)
    for _ in range(_ROOT_STEPS):
        f, slope = 0.0, 0.0
        for m in range(count):
            part = terms[m] * math.exp((rates[m] - slow) * t)
            f += part
            slope += (rates[m] - slow) * part
        if f == 0.0:
            return t
        if (f > 0.0) == (at_low > 0.0):
            low = t
        else:
            high = t
        step = t - f / slope if slope != 0.0 else low
        following = step if low < step < high else 0.5 * (low + high)
        if abs(following - t) <= 4e-16 * abs(t) or following in (low, high):
            return following
        t = following
    return t


@compiled
def horizon(terms: Array, rates: Array, count: int) -> float:
    """A time after which the slowest mode alone gives the sum its sign."""
    longest = 0.0
    for m in range(1, count):
        gap = rates[0] - rates[m]
        if gap > 0.0 and terms[m] != 0.0 and terms[0] != 0.0:
            longest = max(longest, math.log(4.0 * count * abs(terms[m] / terms[0])) / gap)
    return 2.0 * longest + 1.0


@compiled
def _sign_changes(terms: Array, count: int) -> int:
    changes = 0
    for m in range(1, count):
        if (terms[m] > 0.0) != (terms[m - 1] > 0.0):
            changes += 1
    return changes


@compiled
def _only_zero(terms: Array, rates: Array, count: int, length: float, found: Array) -> int:
    end = min(length, horizon(terms, rates, count))
    first = value_at(terms, rates, count, rates[0], 0.0)
    if first * value_at(terms, rates, count, rates[0], end) >= 0.0:
        return 0
    found[0] = zero_between(terms, rates, count, 0.0, end)
    return 1


@compiled
def zeros_of_sum(terms: Array, rates: Array, count: int, length: float, found: Array) -> int:
    """All zeros of Σ terms e^(rate t) on 0 < t < length, ascending; rates from slow to fast.

    A sum whose terms change sign once, in order of rate, has one zero at most (Descartes). Else, from
    the last level (one mode, no zero) up: zeros of a level bracket those of the next.
    """
    if _sign_changes(terms, count) == 1:
        return _only_zero(terms, rates, count, length, found)
    number = 0
    level, edges = np.empty(count), np.empty(count + 2)
    for kept in range(1, count + 1):
        for m in range(kept):
            level[m] = terms[m]
            for gone in range(kept, count):
                level[m] *= rates[m] - rates[gone]
        end = min(length, horizon(level, rates, kept))
        edges[0] = 0.0
        for i in range(number):
            edges[i + 1] = min(found[i], end)
        edges[number + 1] = end
        crossings = 0
        low = value_at(level, rates, kept, rates[0], 0.0)
        for i in range(number + 1):
            high = value_at(level, rates, kept, rates[0], edges[i + 1])
            if low * high < 0.0 and edges[i + 1] > edges[i]:
                found[crossings] = zero_between(level, rates, kept, edges[i], edges[i + 1])
                crossings += 1
            low = high
        number = crossings
    return number


@compiled
def turning_sum(
    weights: Array, slope: Array, rates: Array, order: np.ndarray, terms: Array, sorted_rates: Array
) -> int:
    """The terms of an output's slope that count, from slow to fast; 0 where they have one sign."""
    scale = 0.0
    for m in range(rates.size):
        scale += abs(weights[m] * slope[m])
    count, up, down = 0, False, False
    for k in range(rates.size):
        m = order[k]
        term = weights[m] * slope[m]
        if abs(term) > _NOISE_SHARE * scale:
            terms[count], sorted_rates[count] = term, rates[m]
            up, down = up or term > 0.0, down or term < 0.0
            count += 1
    return count if up and down else 0
