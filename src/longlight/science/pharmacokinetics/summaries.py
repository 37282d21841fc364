"""Peak, time of the peak, and time above a level, exact: every turning point is found, no grid."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from longlight.science.pharmacokinetics.course import Events
from longlight.science.pharmacokinetics.modes import Modes
from longlight.science.pharmacokinetics.one_person import OnePerson
from longlight.science.pharmacokinetics.propagation import ModeState, carry
from longlight.science.pharmacokinetics.solution import Solution
from longlight.science.pharmacokinetics.system import Array
from longlight.science.pharmacokinetics.turning_points import Stretch, bracketed_zero, zeros_of

# Two peaks of a course that differ by rounding are one height: the first of them counts.
FIRST_REACHED = 1 + 1e-12
HeightAt = Callable[[Array], Array]


@dataclass(frozen=True)
class Peaks:
    """The highest value of an output and when it is first reached, for each person."""

    height_ng_per_ml: Array
    time_min: Array


def peaks(solution: Solution, row: Array) -> Peaks:
    """Each person's peak of the output that `row` reads."""
    times, heights = _corners(solution, row)
    highest = np.nanmax(heights, axis=1)
    reached = heights * FIRST_REACHED > highest[:, None]
    first = np.where(reached, times, np.inf).min(axis=1)
    return Peaks(highest, np.where(highest > 0, first, 0.0))


def time_above_min(solution: Solution, row: Array, level_ng_per_ml: float) -> Array:
    """How long an output stays above a level, in all, for each person."""
    answer = np.zeros(len(row))
    for who in range(len(row)):
        answer[who] = _time_above_one(_only(solution, who), row[who : who + 1], level_ng_per_ml)
    return answer


def _corners(solution: Solution, row: Array) -> tuple[Array, Array]:
    """Times and heights of all events and turning points: (people, corners), NaN where none."""
    events = solution.events.times_min
    turns = turning_times(solution, row)
    weights = row[:, None, :] @ solution.modes.to_amounts
    at_events = (solution.amounts * weights).sum(axis=2)
    at_turns = np.full(turns.shape, np.nan)
    who, k, place = np.nonzero(~np.isnan(turns))
    if len(who):
        state = ModeState(solution.amounts[who, k], solution.inflow[who, k])
        reached = carry(_rows(solution.modes, who), state, turns[who, k, place][:, None])
        at_turns[who, k, place] = (reached[:, 0] * weights[who, 0]).sum(axis=1)
    people = len(events)
    times = (events[:, :, None] + turns).reshape(people, -1)
    return (
        np.concatenate([events, times], axis=1),
        np.concatenate([at_events, at_turns.reshape(people, -1)], axis=1),
    )


def turning_times(solution: Solution, row: Array) -> Array:
    """Minutes after each event at which the output turns, before the next: (people, events, m)."""
    times = solution.events.times_min
    people, count = times.shape
    coefficients = np.einsum("pn,pnm->pm", row, solution.modes.to_amounts)
    # The derivative of the modes moves as the modes do, with no input.
    slope = np.einsum("pij,pkj->pki", solution.modes.couplings, solution.amounts) + solution.inflow
    length = np.diff(times, axis=1, append=np.inf)
    search = _may_turn(solution.modes, coefficients, slope) & (length > 0)
    who, k = np.nonzero(search)
    if not len(who):
        return np.empty((people, count, 0))
    one = OnePerson.of(solution.modes, 0) if people == 1 else None
    if one is not None:
        weights = coefficients[0].tolist()
        found = _padded([one.zeros(slope[0, i].tolist(), weights, float(length[0, i])) for i in k])
    else:
        stretch = Stretch(
            _rows(solution.modes, who), slope[who, k], coefficients[who], length[who, k]
        )
        found = zeros_of(stretch)
    answer = np.full((people, count, found.shape[1]), np.nan)
    answer[who, k] = found
    return answer


def _padded(lists: list[list[float]]) -> Array:
    """Lists of unlike lengths as rows, filled up with NaN."""
    widest = max(map(len, lists), default=0)
    return np.array([[*each, *[np.nan] * (widest - len(each))] for each in lists])


def _may_turn(modes: Modes, coefficients: Array, slope: Array) -> np.ndarray:
    """Descartes for exponentials: no sign change among the terms of the slope, no turning point."""
    terms = coefficients[:, None, :] * slope
    scale = np.abs(terms).sum(axis=2, keepdims=True)
    solid = np.where(np.abs(terms) > 1e-16 * scale, terms, 0.0)
    mixed = (solid > 0).any(axis=2) & (solid < 0).any(axis=2)
    if modes.pairs or modes.tangled.any():
        mixed |= (np.tril(modes.couplings, -1) != 0).any(axis=(1, 2))[:, None]
    return np.asarray(mixed)


def _rows(modes: Modes, who: np.ndarray) -> Modes:
    return Modes(
        modes.rates[who],
        modes.couplings[who],
        modes.pairs,
        modes.tangled[who],
        modes.to_amounts[who],
        modes.to_modes[who],
    )


def _only(solution: Solution, who: int) -> Solution:
    one = np.array([who])
    events = solution.events
    return Solution(
        _rows(solution.modes, one),
        solution.matrix[one],
        Events(
            events.times_min[one],
            events.jump_mg[one],
            events.rate_mg_per_min[one],
            events.total_mg[one],
            events.running[one],
        ),
        solution.amounts[one],
        solution.inflow[one],
    )


def _time_above_one(solution: Solution, row: Array, level_ng_per_ml: float) -> float:
    """One person: between corners the output is monotone, so each piece crosses at most once."""
    times = solution.events.times_min[0]
    turns = turning_times(solution, row)[0]
    coefficients = np.einsum("pn,pnm->pm", row, solution.modes.to_amounts)[0]
    total = 0.0
    for k, start in enumerate(times):
        state = solution.state(k)

        def height(t_min: Array, state: ModeState = state) -> Array:
            moved = carry(solution.modes, state, t_min[None, :])[0]
            return np.asarray(moved @ coefficients) - level_ng_per_ml

        corners = turns[k][~np.isnan(turns[k])]
        end = times[k + 1] - start if k + 1 < len(times) else _when_below(height, corners)
        edges = np.concatenate([[0.0], corners, [end]])
        total += _above_between(height, edges)
    return total


def _when_below(height: HeightAt, corners: Array) -> float:
    """A time after the last turn when the output has fallen below the level for good."""
    t_min = 2 * float(corners.max(initial=1.0))
    while height(np.array([t_min]))[0] > 0:
        t_min *= 2
    return t_min


def _above_between(height: HeightAt, edges: Array) -> float:
    over = height(edges)
    total = 0.0
    for i in range(len(edges) - 1):
        low, high = edges[i], edges[i + 1]
        if over[i] * over[i + 1] < 0:
            cut = bracketed_zero(height, np.array([low]), np.array([high]))[0]
            total += cut - low if over[i] > 0 else high - cut
        elif over[i] + over[i + 1] > 0:
            total += high - low
    return float(total)
