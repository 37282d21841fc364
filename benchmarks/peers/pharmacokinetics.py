"""The engines that `pk_population` measures itself against, each given the same task its own way."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
RTOL, ATOL = 1e-6, 1e-9


@dataclass(frozen=True)
class Task:
    """Parameters of each patient (L, L/h), six infusions, and the minutes asked for."""

    values: dict[str, Array]
    starts_min: Array
    dose_mg: float
    duration_min: float
    times_min: Array

    def first(self, patients: int) -> "Task":
        few = {name: values[:patients] for name, values in self.values.items()}
        return Task(few, self.starts_min, self.dose_mg, self.duration_min, self.times_min)

    @property
    def rates(self) -> Array:
        """k10, k12, k21, k13, k31 per minute: (5, patients)."""
        v = self.values
        per_h = [
            v["CL"] / v["V1"],
            v["Q2"] / v["V1"],
            v["Q2"] / v["V2"],
            v["Q3"] / v["V1"],
            v["Q3"] / v["V3"],
        ]
        return np.array(per_h) / 60.0

    def segments(self) -> list[tuple[float, float, float]]:
        """(from, to, rate) between switches of the pump, to the last asked time."""
        switches = sorted(
            {*self.starts_min, *(self.starts_min + self.duration_min), self.times_min[-1]}
        )
        rate = self.dose_mg / self.duration_min
        on = [any(s <= a < s + self.duration_min for s in self.starts_min) for a in switches]
        return [(a, b, rate * go) for a, b, go in zip(switches, switches[1:], on, strict=False)]


@dataclass(frozen=True)
class Peer:
    name: str
    patients: int
    rounds: int
    prepare: Callable[[Task], Callable[[], Array]]


def superposition(task: Task) -> Callable[[], Array]:
    """NumPy, closed form: each dose's contribution to each later time, all patients at once."""

    def work(block: int = 2048) -> Array:
        rates, volume = task.rates, task.values["V1"]
        return np.concatenate(
            [
                _superposed(task, rates[:, i : i + block], volume[i : i + block])
                for i in range(0, len(volume), block)
            ]
        )

    return work


def _superposed(task: Task, rates: Array, volume: Array) -> Array:
    k10, k12, k21, k13, k31 = rates
    a2, a0 = k10 + k12 + k13 + k21 + k31, k10 * k21 * k31
    a1 = k10 * (k21 + k31) + k21 * k31 + k21 * k13 + k31 * k12
    p, q = a1 - a2**2 / 3, 2 * a2**3 / 27 - a1 * a2 / 3 + a0
    radius = np.sqrt(-p / 3)
    angle = np.arccos(np.clip(-q / (2 * radius**3), -1, 1)) / 3
    roots = np.array([a2 / 3 - 2 * radius * np.cos(angle + 2 * np.pi * k / 3) for k in range(3)])
    answer = np.zeros((len(volume), len(task.times_min)))
    rate = task.dose_mg / task.duration_min
    for m in range(3):
        own, b, c = roots[m], roots[m - 1], roots[m - 2]
        weight = 1000 * rate / volume * (k21 - own) * (k31 - own) / ((b - own) * (c - own)) / own
        for start in task.starts_min:
            later = np.flatnonzero(task.times_min > start)
            since = task.times_min[later] - start
            left = np.maximum(since - task.duration_min, 0.0)
            answer[:, later] += weight[:, None] * (
                np.exp(-own[:, None] * left) - np.exp(-own[:, None] * since)
            )
    return answer


def lsoda(task: Task) -> Callable[[], Array]:
    """SciPy's solve_ivp, one patient and one pump segment after the other."""
    from scipy.integrate import solve_ivp

    def work() -> Array:
        return np.array(
            [
                _lsoda_one(solve_ivp, task, task.rates[:, p], task.values["V1"][p])
                for p in range(task.rates.shape[1])
            ]
        )

    return work


def _lsoda_one(solve_ivp: Callable[..., object], task: Task, k: Array, volume: float) -> Array:
    state, answer = np.zeros(3), np.zeros(len(task.times_min))
    for begin, end, rate in task.segments():

        def slope(t: float, x: Array, rate: float = rate) -> list[float]:
            return [
                rate - (k[0] + k[1] + k[3]) * x[0] + k[2] * x[1] + k[4] * x[2],
                k[1] * x[0] - k[2] * x[1],
                k[3] * x[0] - k[4] * x[2],
            ]

        inside = (task.times_min > begin) & (task.times_min <= end)
        stops = np.unique(np.append(task.times_min[inside], end))
        solved = solve_ivp(slope, (begin, end), state, "LSODA", stops, rtol=RTOL, atol=ATOL)
        answer[inside] = solved.y[0, np.isin(stops, task.times_min[inside])] / volume * 1000
        state = solved.y[:, -1]
    return answer


SBML = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model>
<listOfParameters>{parameters}</listOfParameters><listOfRules>{rules}</listOfRules></model></sbml>"""
RULES = {
    "a": "<apply><plus/><ci>u</ci><apply><times/><ci>k21</ci><ci>b</ci></apply><apply><times/><ci>k31</ci><ci>c</ci></apply>"
    "<apply><minus/><apply><times/><apply><plus/><ci>k10</ci><ci>k12</ci><ci>k13</ci></apply><ci>a</ci></apply></apply></apply>",
    "b": "<apply><minus/><apply><times/><ci>k12</ci><ci>a</ci></apply><apply><times/><ci>k21</ci><ci>b</ci></apply></apply>",
    "c": "<apply><minus/><apply><times/><ci>k13</ci><ci>a</ci></apply><apply><times/><ci>k31</ci><ci>c</ci></apply></apply>",
}


def roadrunner(task: Task) -> Callable[[], Array]:
    """libroadrunner (CVODE): the model compiled once, a segment for each switch of the pump."""
    import roadrunner as rr

    names = ("a", "b", "c", "u", "k10", "k12", "k21", "k13", "k31")
    parameters = "".join(f'<parameter id="{n}" value="0" constant="false"/>' for n in names)
    rules = "".join(
        f'<rateRule variable="{n}"><math xmlns="http://www.w3.org/1998/Math/MathML">{m}</math></rateRule>'
        for n, m in RULES.items()
    )
    model = rr.RoadRunner(SBML.format(parameters=parameters, rules=rules))
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = RTOL, ATOL

    def one(k: Array, volume: float) -> Array:
        model.reset(rr.SelectionRecord.ALL)
        for name, value in zip(names[4:], k, strict=True):
            model[name] = value
        answer = np.zeros(len(task.times_min))
        for begin, end, rate in task.segments():
            model["u"] = rate
            inside = (task.times_min > begin) & (task.times_min <= end)
            stops = np.unique(np.concatenate([[begin], task.times_min[inside], [end]]))
            solved = np.asarray(model.simulate(times=stops.tolist(), selections=["time", "a"]))
            answer[inside] = solved[np.isin(stops, task.times_min[inside]), 1] / volume * 1000
        return answer

    def work() -> Array:
        return np.array(
            [one(task.rates[:, p], task.values["V1"][p]) for p in range(task.rates.shape[1])]
        )

    return work


def diffrax(task: Task) -> Callable[[], Array]:
    """diffrax Kvaerno5 under vmap, compiled, steps meeting every switch of the pump."""
    import diffrax as dx
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    starts, rate = jnp.array(task.starts_min), task.dose_mg / task.duration_min
    switches = jnp.sort(jnp.concatenate([starts, starts + task.duration_min]))

    def slope(t: Array, x: Array, k: Array) -> Array:
        on = jnp.any((t >= starts) & (t < starts + task.duration_min))
        return jnp.array(
            [
                rate * on - (k[0] + k[1] + k[3]) * x[0] + k[2] * x[1] + k[4] * x[2],
                k[1] * x[0] - k[2] * x[1],
                k[3] * x[0] - k[4] * x[2],
            ]
        )

    control = dx.ClipStepSizeController(dx.PIDController(rtol=RTOL, atol=ATOL), jump_ts=switches)

    def one(k: Array, volume: Array) -> Array:
        solved = dx.diffeqsolve(
            dx.ODETerm(slope), dx.Kvaerno5(), 0.0, float(task.times_min[-1]), 0.1, jnp.zeros(3), args=k,
            saveat=dx.SaveAt(ts=jnp.array(task.times_min)), stepsize_controller=control, max_steps=16384,
        )  # fmt: skip
        return solved.ys[:, 0] / volume * 1000

    run = jax.jit(jax.vmap(one))
    k, volume = jnp.array(task.rates.T), jnp.array(task.values["V1"])
    return lambda: np.asarray(run(k, volume))


PEERS = (
    Peer("NumPy superposition", 10_240, 5, superposition),
    Peer("diffrax Kvaerno5, vmap", 100, 3, diffrax),
    Peer("libroadrunner (CVODE)", 50, 3, roadrunner),
    Peer("SciPy LSODA", 5, 3, lsoda),
)
