"""Equal and nearly equal rates: where a naive sum of exponentials divides by zero."""

import numpy as np
import pytest
from mpmath import mp, mpf

from longlight.science.pharmacokinetics.course import Events
from longlight.science.pharmacokinetics.modes import find_modes
from longlight.science.pharmacokinetics.published import Flow
from longlight.science.pharmacokinetics.solution import Solution, solve
from longlight.science.pharmacokinetics.summaries import peaks, time_above_min
from longlight.science.pharmacokinetics.system import rate_matrix, structure

APART = [0.0, 1e-15, 1e-9, 1e-5, 1e-3, 0.019, 0.049, 0.051, 0.06, 0.1, 0.3]
TIMES = np.array([0.5, 5.0, 40.0, 41.0, 200.0, 900.0])


def chain_of(rates: list[float], people: int = 1) -> tuple[Solution, np.ndarray]:
    """A chain of one-way compartments; an infusion of 1 mg/min for 40 min into the first, then a bolus.

    One person goes number by number, several as arrays.
    """
    names = [f"c{i}" for i in range(len(rates))]
    targets = [*names[1:], None]
    flows = tuple(Flow(a, b, repr(float(k))) for a, b, k in zip(names, targets, rates, strict=True))
    shape = structure("chain", flows, "min", frozenset([names[0]]), frozenset([names[-1]]))
    matrix = rate_matrix(shape, {}, people)
    n = len(rates)
    jump, rate = np.zeros((1, 4, n)), np.zeros((1, 4, n))
    first = shape.index[names[0]]
    rate[0, 1, first], rate[0, 2, first], jump[0, 3, first] = 1.0, -1.0, 7.0
    total = np.zeros((1, n))
    total[0, first] = 47.0
    running = np.array([[False, True, False, False]])
    once = (np.array([[0.0, 0.0, 40.0, 100.0]]), jump, rate, total, running)
    events = Events(*(np.repeat(each, people, axis=0) for each in once))
    row = np.zeros((people, n))
    row[:, shape.index[names[-1]]] = 1.0
    return solve(find_modes(shape, matrix), matrix, events), row


def exact(rates: list[float], time: float) -> float:
    mp.dps = 60
    n = len(rates)
    generator = mp.zeros(n + 1)
    for i, k in enumerate(rates):
        generator[i, i] = -mpf(k)
        if i + 1 < n:
            generator[i + 1, i] = mpf(k)
    x = mp.zeros(n + 1, 1)
    x[n] = 1
    now = mpf(0)
    for until, on, jump in ((40, 1, 0), (100, 0, 7), (10**9, 0, 0)):
        generator[0, n] = on
        end = min(mpf(time), mpf(until))
        x = mp.expm(generator * (end - now)) * x
        now = end
        if now < until:
            break
        x[0] += jump
    return float(x[n - 1])


@pytest.mark.parametrize("apart", APART)
@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_chain_of_meeting_rates_is_exact(apart: float, count: int) -> None:
    rates = [0.05 * (1 + apart * i) for i in range(count)]
    truth = np.array([exact(rates, t) for t in TIMES])
    for people in (1, 2):
        solution, row = chain_of(rates, people)
        assert np.abs(solution.at(row, TIMES) - truth).max() <= 1e-12 * np.abs(truth).max()


@pytest.mark.parametrize("apart", APART)
def test_the_peak_of_meeting_rates_is_exact(apart: float) -> None:
    rates = [0.05, 0.05 * (1 + apart), 0.4]
    for people in (1, 2):
        solution, row = chain_of(rates, people)
        found = peaks(solution, row)
        time, height = float(found.time_min[0]), float(found.height_ng_per_ml[0])
        assert height == pytest.approx(exact(rates, time), rel=1e-12)
        around = np.linspace(0, 600, 6001)
        assert solution.at(row, around).max() <= height * (1 + 1e-13)


def test_rates_that_meet_leave_no_step() -> None:
    """The answer moves smoothly while two rates pass each other."""
    heights = [
        solution.at(row, np.array([60.0]))[0, 0]
        for solution, row in (chain_of([0.05, 0.05 + d]) for d in np.linspace(-2e-3, 2e-3, 41))
    ]
    bends = np.diff(heights, 3)
    assert np.abs(bends).max() <= 1e-6 * max(heights)


@pytest.mark.parametrize("apart", APART)
def test_time_above_a_level_ends_where_the_level_is_met(apart: float) -> None:
    rates = [0.05, 0.05 * (1 + apart)]
    solution, row = chain_of(rates)
    level = 0.3 * float(peaks(solution, row).height_ng_per_ml[0])
    grid = np.linspace(0, 800, 400001)
    share = (solution.at(row, grid)[0] > level).mean() * 800
    assert time_above_min(solution, row, level)[0] == pytest.approx(share, abs=0.01)
