"""Compiled peaks and areas of any model, patient by patient."""

import math

import numpy as np

from longlight.science.pharmacokinetics.course import Entry
from longlight.science.pharmacokinetics.expression import Values
from longlight.science.pharmacokinetics.general_kernels import (
    decouple,
    diagonalize_blocks,
    turning_sum,
    zeros_of_sum,
)
from longlight.science.pharmacokinetics.kernels import compiled
from longlight.science.pharmacokinetics.scenario import Scenario
from longlight.science.pharmacokinetics.summaries import FIRST_REACHED
from longlight.science.pharmacokinetics.system import Array, Structure, output_row, rate_matrix


@compiled
def sort_events(times: Array, place: np.ndarray, jump: Array, rate: Array, count: int) -> None:
    """Order one patient's few events in time, those at the same time as they were given."""
    for i in range(1, count):
        t, p, a, r = times[i], place[i], jump[i], rate[i]
        j = i - 1
        while j >= 0 and times[j] > t:
            times[j + 1], place[j + 1] = times[j], place[j]
            jump[j + 1], rate[j + 1] = jump[j], rate[j]
            j -= 1
        times[j + 1], place[j + 1], jump[j + 1], rate[j + 1] = t, p, a, r


@compiled
def list_events(
    into: np.ndarray,
    start: Array,
    amount: Array,
    over: Array,
    times: Array,
    place: np.ndarray,
    jump: Array,
    rate: Array,
) -> int:
    """One patient's entries as events: a jump, or a rate that begins and one that ends."""
    count = 0
    for k in range(into.size):
        times[count], place[count], jump[count], rate[count] = start[k], into[k], 0.0, 0.0
        if over[k] > 0.0:
            rate[count] = amount[k] / over[k]
            count += 1
            times[count], place[count] = start[k] + over[k], into[k]
            jump[count], rate[count] = 0.0, -(amount[k] / over[k])
        else:
            jump[count] = amount[k]
        count += 1
    sort_events(times, place, jump, rate, count)
    return count


@compiled
def follow(
    rates: Array,
    weights: Array,
    to_modes: Array,
    times: Array,
    place: np.ndarray,
    jump: Array,
    rate: Array,
    count: int,
) -> tuple[float, float]:
    """The highest value of an output over all events and turning points, and when it is reached."""
    n = rates.size
    z, u, slope = np.zeros(n), np.zeros(n), np.empty(n)
    terms, kept_rates, found = np.empty(n), np.empty(n), np.empty(n + 1)
    order = np.argsort(-rates)
    height, at, now, running = 0.0, 0.0, 0.0, 0
    for k in range(count):
        for m in range(n):
            x = rates[m] * (times[k] - now)
            z[m] = z[m] * math.exp(x) + u[m] * math.expm1(x) / rates[m]
        now = times[k]
        running += 1 if rate[k] > 0.0 else (-1 if rate[k] < 0.0 else 0)
        here = 0.0
        for m in range(n):
            z[m] += to_modes[m, place[k]] * jump[k]
            u[m] = u[m] + to_modes[m, place[k]] * rate[k] if running else 0.0
            slope[m] = rates[m] * z[m] + u[m]
            here += weights[m] * z[m]
        at = now if here > height * FIRST_REACHED else at
        height = max(height, here)
        length = times[k + 1] - now if k + 1 < count else np.inf
        size = turning_sum(weights, slope, rates, order, terms, kept_rates) if length > 0.0 else 0
        if size:
            for i in range(zeros_of_sum(terms, kept_rates, size, length, found)):
                there = 0.0
                for m in range(n):
                    x = rates[m] * found[i]
                    there += weights[m] * (z[m] * math.exp(x) + u[m] * math.expm1(x) / rates[m])
                at = now + found[i] if there > height * FIRST_REACHED else at
                height = max(height, there)
    return height, at


@compiled
def summarize(
    matrices: Array,
    rows: Array,
    starts: np.ndarray,
    branches: np.ndarray,
    block_of: np.ndarray,
    into: np.ndarray,
    start: Array,
    amount: Array,
    over: Array,
    height: Array,
    time: Array,
    area: Array,
    doubtful: np.ndarray,
) -> None:
    """Peak, time and area of every patient; `doubtful` where NumPy must answer."""
    people, n, _ = matrices.shape
    rates, to, back = np.empty(n), np.empty((n, n)), np.zeros((n, n))
    x, inverse = np.empty((n, n)), np.empty((n, n))
    events = 2 * into.size
    times, place = np.empty(events), np.empty(events, np.int64)
    jump, rate = np.empty(events), np.empty(events)
    for p in range(people):
        diagonalize_blocks(matrices[p], starts, branches, rates, to, back)
        triangular = back @ matrices[p] @ to
        doubtful[p] = not decouple(triangular, block_of, rates, x, inverse)
        if doubtful[p]:
            continue
        weights, to_modes = (rows[p] @ to) @ x, inverse @ back
        count = list_events(into, start, amount[p], over[p], times, place, jump, rate)
        height[p], time[p] = follow(rates, weights, to_modes, times, place, jump, rate, count)
        total = 0.0
        for k in range(into.size):
            for m in range(n):
                total -= weights[m] * to_modes[m, into[k]] * amount[p, k] / rates[m]
        area[p] = total


def general_summary(
    scenario: Scenario, values: Values, people: int
) -> tuple[Array, Array, Array, np.ndarray]:
    """Peak, time, area, and who is doubtful, for patients with these values."""
    shape = scenario.structure((scenario.plasma,))
    kept = [e for e in scenario.entries(values) if e.into in shape.index]
    amount, over = np.empty((people, len(kept))), np.zeros((people, len(kept)))
    for k, entry in enumerate(kept):
        amount[:, k] = entry.amount_mg
        over[:, k] = 0.0 if entry.over_min is None else entry.over_min
    height, time, area = np.empty(people), np.empty(people), np.empty(people)
    doubtful = np.empty(people, dtype=np.bool_)
    summarize(
        rate_matrix(shape, values, people),
        output_row(shape, scenario.plasma, values, people),
        *_layout(shape),
        np.array([shape.index[e.into] for e in kept], dtype=np.int64),
        _starts(kept),
        amount,
        over,
        height,
        time,
        area,
        doubtful,
    )
    return height, time, area, doubtful


def _starts(kept: list[Entry]) -> Array:
    return np.array([entry.start_min for entry in kept], dtype=float)


def _layout(shape: Structure) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    starts = np.array([b.start for b in shape.blocks] + [shape.blocks[-1].stop], dtype=np.int64)
    branches = np.array(shape.branches, dtype=np.int64).reshape(-1, 2)
    block_of = np.concatenate(
        [np.full(b.stop - b.start, i, dtype=np.int64) for i, b in enumerate(shape.blocks)]
    )
    return starts, branches, block_of
