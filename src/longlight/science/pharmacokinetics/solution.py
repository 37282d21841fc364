"""The whole answer for a course: the state of the modes after every event, readable at any time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from longlight.science.pharmacokinetics.course import Events
from longlight.science.pharmacokinetics.modes import Modes
from longlight.science.pharmacokinetics.propagation import ModeState, carry
from longlight.science.pharmacokinetics.system import Array


@dataclass(frozen=True)
class Solution:
    """Modes after each event and the input that runs from there: (people, events, n)."""

    modes: Modes
    matrix: Array
    events: Events
    amounts: Array
    inflow: Array

    def at(self, row: Array, times_min: Array) -> Array:
        """The output that `row` reads, at the same times for everyone: (people, times).

        At the very moment of a bolus the answer is the one just after it.
        """
        return self.read([row], times_min)[0]

    def read(self, rows: Sequence[Array], times_min: Array) -> list[Array]:
        """Several outputs at the same times, in one pass."""
        times = self.events.times_min
        coefficients = [np.einsum("pn,pnm->pm", row, self.modes.to_amounts) for row in rows]
        # One pass for each stretch between events, so that no dense (people, times, modes) stands.
        answers = [np.zeros((times.shape[0], len(times_min))) for _ in rows]
        last = np.array([np.searchsorted(own, times_min, side="right") - 1 for own in times])
        for k in np.unique(last):
            mine = last == k
            wanted = np.flatnonzero(mine.any(axis=0))
            since = np.asarray(np.maximum(times_min[None, wanted] - times[:, [k]], 0.0))
            moved = carry(self.modes, self.state(int(k)), since)
            for answer, weights in zip(answers, coefficients, strict=True):
                values = np.einsum("ptn,pn->pt", moved, weights)
                answer[:, wanted] = np.where(mine[:, wanted], values, answer[:, wanted])
        return [np.asarray(np.maximum(answer, 0.0)) for answer in answers]

    def state(self, k: int) -> ModeState:
        """Modes and inflow just after event number `k`."""
        return ModeState(self.amounts[:, k], self.inflow[:, k])

    def entered_mg(self, until_min: float) -> Array:
        """What has gone into each compartment until a time: (people, n)."""
        times = self.events.times_min
        left = np.maximum(until_min - times, 0.0)[:, :, None]
        happened = (times <= until_min)[:, :, None]
        jumps = np.where(happened, self.events.jump_mg, 0.0).sum(axis=1)
        return np.asarray(jumps + (self.events.rate_mg_per_min * left).sum(axis=1))

    def amounts_mg(self, time_min: float) -> Array:
        """What is in each compartment at a time: (people, n)."""
        people, n = self.matrix.shape[:2]
        rows = [np.broadcast_to(unit, (people, n)) for unit in np.eye(n)]
        return np.concatenate(self.read(rows, np.array([time_min])), axis=1)

    def area(self, row: Array, until_min: float | None = None) -> Array:
        """Area under an output, from the balance x(T) = A ∫x + what entered: no sum, no grid."""
        if until_min is None:
            balance = self.events.total_mg
        else:
            balance = self.entered_mg(until_min) - self.amounts_mg(until_min)
        integral = np.linalg.solve(-self.matrix, balance[:, :, None])[:, :, 0]
        return np.asarray((row * integral).sum(axis=1))


def solve(modes: Modes, matrix: Array, events: Events) -> Solution:
    """Carry the modes from event to event, once."""
    jump = np.einsum("pmn,pkn->pkm", modes.to_modes, events.jump_mg)
    change = np.einsum("pmn,pkn->pkm", modes.to_modes, events.rate_mg_per_min)
    amounts, inflow = np.zeros_like(jump), np.zeros_like(jump)
    current = ModeState(jump[:, 0], change[:, 0])
    amounts[:, 0], inflow[:, 0] = current.amounts, current.inflow
    for k in range(1, jump.shape[1]):
        step = events.times_min[:, k] - events.times_min[:, k - 1]
        moved = carry(modes, current, step[:, None])[:, 0]
        runs = events.running[:, k][:, None]
        current = ModeState(moved + jump[:, k], np.where(runs, current.inflow + change[:, k], 0.0))
        amounts[:, k], inflow[:, k] = current.amounts, current.inflow
    return Solution(modes, matrix, events, amounts, inflow)
