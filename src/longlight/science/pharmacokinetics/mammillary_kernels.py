"""Machine code for the commonest case: one to three compartments, doses into the central one.

Patients lie side by side in lanes, so that the processor works on four at a time; a lane never looks
at another. Roots come from Newton's method from below, which is monotone for these polynomials.
"""

import math

import numpy as np

from longlight.science.pharmacokinetics.kernels import compiled, inlined
from longlight.science.pharmacokinetics.summaries import FIRST_REACHED
from longlight.science.pharmacokinetics.system import Array

LANES = 256
_NEWTON_STEPS = 10
_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238
_LN2_LOW = 1.9082149292705877e-10
_MAGIC = 6755399441055744.0  # 1.5 × 2^52: adding it rounds to a whole number in the low bits
_LOWEST = -708.0


@inlined
def _exp_core(r: float) -> float:
    """e^r for |r| ≤ ln 2 / 2, by its series to the twelfth power."""
    s = 1.0 / 479001600.0
    s = s * r + 1.0 / 39916800.0
    s = s * r + 1.0 / 3628800.0
    s = s * r + 1.0 / 362880.0
    s = s * r + 1.0 / 40320.0
    s = s * r + 1.0 / 5040.0
    s = s * r + 1.0 / 720.0
    s = s * r + 1.0 / 120.0
    s = s * r + 1.0 / 24.0
    s = s * r + 1.0 / 6.0
    s = s * r + 0.5
    s = s * r + 1.0
    return s * r + 1.0


@compiled
def exp_lanes(x: Array, answer: Array, work: Array) -> None:
    """e^x for x ≤ 0, lane by lane. `work` lends its memory for the exponent's bits."""
    bits = work.view(np.int64)
    for i in range(x.size):
        work[i] = max(x[i], _LOWEST) * _LOG2_E + _MAGIC
    for i in range(x.size):
        k = work[i] - _MAGIC
        clipped = max(x[i], _LOWEST)
        answer[i] = _exp_core((clipped - k * _LN2_HIGH) - k * _LN2_LOW)
    for i in range(x.size):
        bits[i] = (bits[i] + 1023) << 52
    for i in range(x.size):
        answer[i] = answer[i] * work[i]


@inlined
def _mean_decay(x: float, e: float) -> float:
    """(1 - e^-x) / x: by its series where x is small, so that nothing cancels."""
    s = -1.0 / 1307674368000.0
    s = s * x + 1.0 / 87178291200.0
    s = s * x - 1.0 / 6227020800.0
    s = s * x + 1.0 / 479001600.0
    s = s * x - 1.0 / 39916800.0
    s = s * x + 1.0 / 3628800.0
    s = s * x - 1.0 / 362880.0
    s = s * x + 1.0 / 40320.0
    s = s * x - 1.0 / 5040.0
    s = s * x + 1.0 / 720.0
    s = s * x - 1.0 / 120.0
    s = s * x + 1.0 / 24.0
    s = s * x - 1.0 / 6.0
    s = s * x + 0.5
    s = 1.0 - s * x
    return s if x < 0.7 else (1.0 - e) / x


@compiled
def roots_and_weights(rates: Array, lam: Array, weight: Array) -> None:
    """Decay rates, fastest first, and their shares of the impulse response (n, lanes).

    `rates` is (5, lanes): elimination, then out and back of each peripheral compartment.
    """
    n, lanes = lam.shape
    if n == 1:
        for i in range(lanes):
            lam[0, i] = rates[0, i]
            weight[0, i] = 1.0
    elif n == 2:
        for i in range(lanes):
            out, back = rates[1, i], rates[2, i]
            total, product = rates[0, i] + out + back, rates[0, i] * back
            fast = 0.5 * (total + math.sqrt(total * total - 4.0 * product))
            slow = product / fast
            lam[0, i], lam[1, i] = fast, slow
            weight[0, i] = (fast - back) / (fast - slow)
            weight[1, i] = (back - slow) / (fast - slow)
    else:
        _three_roots(rates, lam, weight)


@compiled
def _three_roots(rates: Array, lam: Array, weight: Array) -> None:
    for i in range(lam.shape[1]):
        k10, k12, k21, k13, k31 = rates[0, i], rates[1, i], rates[2, i], rates[3, i], rates[4, i]
        a0 = k10 * k21 * k31
        a1 = k10 * (k21 + k31) + k21 * k31 + k21 * k13 + k31 * k12
        a2 = k10 + k12 + k13 + k21 + k31
        x = a0 / a1
        for _ in range(_NEWTON_STEPS):
            x = x - (((x - a2) * x + a1) * x - a0) / ((3.0 * x - 2.0 * a2) * x + a1)
        half = 0.5 * (a2 - x)
        product = a0 / x
        fast = half + math.sqrt(half * half - product)
        middle = product / fast
        lam[0, i], lam[1, i], lam[2, i] = fast, middle, x
        weight[0, i] = (k21 - fast) * (k31 - fast) / ((middle - fast) * (x - fast))
        weight[1, i] = (k21 - middle) * (k31 - middle) / ((fast - middle) * (x - middle))
        weight[2, i] = (k21 - x) * (k31 - x) / ((fast - x) * (middle - x))


@compiled
def decays(
    lam: Array, weight: Array, volume: Array, spans: Array, fed: Array, kept: Array, gain: Array
) -> None:
    """For each step length: what is left of a mode, and what a rate of 1 mg/min adds to it (ng/mL)."""
    lanes = lam.shape[1]
    x, work = np.empty(lanes), np.empty(lanes)
    for d in range(spans.size):
        for m in range(lam.shape[0]):
            for i in range(lanes):
                x[i] = -lam[m, i] * spans[d]
            exp_lanes(x, kept[d, m], work)
            if fed[d] != 0.0:
                for i in range(lanes):
                    mean = _mean_decay(-x[i], kept[d, m, i])
                    gain[d, m, i] = 1000.0 * weight[m, i] / volume[i] * spans[d] * mean


@compiled
def _step1(s: Array, kept: Array, gain: Array, rate: float, out: Array) -> None:
    for i in range(out.size):
        s[0, i] = s[0, i] * kept[0, i] + rate * gain[0, i]
        out[i] = s[0, i]


@compiled
def _step2(s: Array, kept: Array, gain: Array, rate: float, out: Array) -> None:
    for i in range(out.size):
        a = s[0, i] * kept[0, i] + rate * gain[0, i]
        b = s[1, i] * kept[1, i] + rate * gain[1, i]
        s[0, i], s[1, i] = a, b
        out[i] = a + b


@compiled
def _step3(s: Array, kept: Array, gain: Array, rate: float, out: Array) -> None:
    for i in range(out.size):
        a = s[0, i] * kept[0, i] + rate * gain[0, i]
        b = s[1, i] * kept[1, i] + rate * gain[1, i]
        c = s[2, i] * kept[2, i] + rate * gain[2, i]
        s[0, i], s[1, i], s[2, i] = a, b, c
        out[i] = a + b + c


@compiled
def _coast3(s: Array, kept: Array, out: Array) -> None:
    for i in range(out.size):
        a = s[0, i] * kept[0, i]
        b = s[1, i] * kept[1, i]
        c = s[2, i] * kept[2, i]
        s[0, i], s[1, i], s[2, i] = a, b, c
        out[i] = a + b + c


@compiled
def _four_steps3(s: Array, kept: Array, gain: Array, rate: float, out: Array) -> None:
    """Four equal steps at once: modes stay in registers, only the answers go to memory."""
    for i in range(out.shape[1]):
        a, b, c = s[0, i], s[1, i], s[2, i]
        ka, kb, kc = kept[0, i], kept[1, i], kept[2, i]
        ga, gb, gc = rate * gain[0, i], rate * gain[1, i], rate * gain[2, i]
        a, b, c = a * ka + ga, b * kb + gb, c * kc + gc
        out[0, i] = a + b + c
        a, b, c = a * ka + ga, b * kb + gb, c * kc + gc
        out[1, i] = a + b + c
        a, b, c = a * ka + ga, b * kb + gb, c * kc + gc
        out[2, i] = a + b + c
        a, b, c = a * ka + ga, b * kb + gb, c * kc + gc
        out[3, i] = a + b + c
        s[0, i], s[1, i], s[2, i] = a, b, c


@compiled
def _four_alike(k: int, span: np.ndarray, rate: Array, mg: Array, slot: np.ndarray) -> bool:
    """Whether steps k … k + 3 are the same and their answers lie one after the other."""
    if k + 4 > span.size or slot[k] < 0 or mg[k] != 0.0:
        return False
    for j in range(k + 1, k + 4):
        if span[j] != span[k] or rate[j] != rate[k] or mg[j] != 0.0:
            return False
        if slot[j] != slot[k] + j - k:
            return False
    return True


@compiled
def advance(s: Array, kept: Array, gain: Array, rate: float, out: Array) -> None:
    """One step of every lane: the modes decay and are fed, and `out` reads the plasma (ng/mL)."""
    if s.shape[0] == 3 and rate == 0.0:
        _coast3(s, kept, out)
    elif s.shape[0] == 3:
        _step3(s, kept, gain, rate, out)
    elif s.shape[0] == 2:
        _step2(s, kept, gain, rate, out)
    else:
        _step1(s, kept, gain, rate, out)


@compiled
def jump(s: Array, weight: Array, volume: Array, mg: float) -> None:
    """A bolus into the central compartment."""
    for m in range(s.shape[0]):
        for i in range(s.shape[1]):
            s[m, i] += 1000.0 * mg * weight[m, i] / volume[i]


@compiled
def grid_block(
    rates: Array,
    volume: Array,
    spans: Array,
    fed: Array,
    step_span: np.ndarray,
    step_rate: Array,
    step_mg: Array,
    step_slot: np.ndarray,
    n: int,
    answer: Array,
) -> None:
    """Plasma of one block of lanes at every asked time: answer is (times, lanes)."""
    lanes = volume.size
    lam, weight = np.empty((n, lanes)), np.empty((n, lanes))
    roots_and_weights(rates, lam, weight)
    kept, gain = np.empty((spans.size, n, lanes)), np.zeros((spans.size, n, lanes))
    decays(lam, weight, volume, spans, fed, kept, gain)
    s, scrap = np.zeros((n, lanes)), np.empty(lanes)
    k = -1
    while k + 1 < step_span.size:
        k += 1
        slot, d = step_slot[k], step_span[k]
        if n == 3 and _four_alike(k, step_span, step_rate, step_mg, step_slot):
            _four_steps3(s, kept[d], gain[d], step_rate[k], answer[slot : slot + 4])
            k += 3
            continue
        bolus = step_mg[k] != 0.0
        out = scrap if slot < 0 or bolus else answer[slot]
        advance(s, kept[d], gain[d], step_rate[k], out)
        if bolus:
            jump(s, weight, volume, step_mg[k])
            if slot >= 0:
                for i in range(lanes):
                    total = 0.0
                    for m in range(n):
                        total += s[m, i]
                    answer[slot, i] = total


@compiled
def summary_block(
    rates: Array,
    volume: Array,
    spans: Array,
    fed: Array,
    step_span: np.ndarray,
    step_rate: Array,
    step_mg: Array,
    step_at: Array,
    total_mg: float,
    n: int,
    height: Array,
    time: Array,
    area: Array,
    doubtful: np.ndarray,
) -> None:
    """Peak, its time, and area of one block of lanes; `doubtful` marks lanes that may peak inside a step."""
    lanes = volume.size
    lam, weight = np.empty((n, lanes)), np.empty((n, lanes))
    roots_and_weights(rates, lam, weight)
    kept, gain = np.empty((spans.size, n, lanes)), np.zeros((spans.size, n, lanes))
    decays(lam, weight, volume, spans, fed, kept, gain)
    s, out = np.zeros((n, lanes)), np.empty(lanes)
    for i in range(lanes):
        height[i], time[i] = 0.0, 0.0
        area[i] = 1000.0 * total_mg / (rates[0, i] * volume[i])
        bad = not (weight[0, i] >= 0.0 and weight[n - 1, i] >= 0.0 and lam[n - 1, i] > 0.0)
        doubtful[i] = bad or (n == 3 and not weight[1, i] >= 0.0)
    for k in range(step_span.size):
        if step_rate[k] != 0.0 and k > 1:
            _doubt(lam, weight, volume, s, step_rate[k], doubtful)
        advance(s, kept[step_span[k]], gain[step_span[k]], step_rate[k], out)
        if step_mg[k] != 0.0:
            jump(s, weight, volume, step_mg[k])
            for i in range(lanes):
                out[i] = 0.0
            for m in range(n):
                for i in range(lanes):
                    out[i] += s[m, i]
        for i in range(lanes):
            time[i] = step_at[k] if out[i] > height[i] * FIRST_REACHED else time[i]
            height[i] = max(height[i], out[i])


@compiled
def _doubt(
    lam: Array, weight: Array, volume: Array, s: Array, rate: float, doubtful: np.ndarray
) -> None:
    """While an infusion runs, plasma can turn down only if it starts upward with a mode going down."""
    n, lanes = lam.shape
    for i in range(lanes):
        slope, down = 0.0, False
        for m in range(n):
            term = 1000.0 * rate * weight[m, i] / volume[i] - lam[m, i] * s[m, i]
            slope += term
            down = down or term < 0.0
        doubtful[i] = doubtful[i] or (down and slope > 0.0)
