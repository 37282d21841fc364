"""The whole answer for a course: the state of the modes after every event, readable at any time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from longlight.science.pharmacokinetics.course import Events
from longlight.science.pharmacokinetics.modes import Modes
from longlight.science.pharmacokinetics.one_person import OnePerson
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
        if len(times) == 1:
            return self._read_one(np.concatenate(coefficients), times_min)
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

    def _read_one(self, coefficients: Array, times_min: Array) -> list[Array]:
        """One person's outputs: every time from the event before it, all in one pass."""
        times = self.events.times_min[0]
        last = np.searchsorted(times, times_min, side="right") - 1
        since = np.maximum(times_min - times[last], 0.0)
        runs = self.events.running[0][last]
        values = np.empty((len(coefficients), len(times_min)))
        for mine in (np.flatnonzero(runs), np.flatnonzero(~runs)):
            if len(mine):
                state = ModeState(self.amounts[:, last[mine]], self.inflow[:, last[mine]])
                moved = carry(self.modes, state, since[None, mine])[0]
                values[:, mine] = coefficients @ moved.T
        return list(np.maximum(values, 0.0)[:, None, :])

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
    jump = events.jump_mg @ modes.to_modes.transpose(0, 2, 1)
    change = events.rate_mg_per_min @ modes.to_modes.transpose(0, 2, 1)
    # A rounding that is left when all inputs have ended must not flow on.
    inflow = np.where(events.running[:, :, None], np.cumsum(change, axis=1), 0.0)
    one = OnePerson.of(modes, 0) if len(jump) == 1 else None
    if one is None:
        amounts = _carried(modes, events, jump, inflow)
    else:
        amounts = np.array([_carried_one(one, events.times_min[0], jump[0], inflow[0])])
    return Solution(modes, matrix, events, amounts, inflow)


def _carried(modes: Modes, events: Events, jump: Array, inflow: Array) -> Array:
    amounts = np.zeros_like(jump)
    amounts[:, 0] = jump[:, 0]
    for k in range(1, jump.shape[1]):
        before = ModeState(amounts[:, k - 1], inflow[:, k - 1])
        step = events.times_min[:, k] - events.times_min[:, k - 1]
        amounts[:, k] = carry(modes, before, step[:, None])[:, 0] + jump[:, k]
    return amounts


def _carried_one(one: OnePerson, times_min: Array, jump: Array, inflow: Array) -> list[list[float]]:
    times, jumps, flows = times_min.tolist(), jump.tolist(), inflow.tolist()
    amounts = [jumps[0]]
    for k in range(1, len(times)):
        step = times[k] - times[k - 1]
        moved = one.carry(amounts[-1], step, flows[k - 1]) if step else amounts[-1]
        amounts.append([z + new for z, new in zip(moved, jumps[k], strict=True)])
    return amounts
