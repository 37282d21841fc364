"""100,000 patients, six infusions, 200 points: CPU time and error beside LSODA, libroadrunner, diffrax, NumPy.

One thread each. A slow engine runs fewer patients (its n is printed); times are per patient. The peers come from
requirements/bench-pk.txt; one that is not installed is named and left out.
"""

# ruff: noqa: E402  the number of threads must be set before NumPy loads

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault(
    "XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)

import argparse
import platform
import time
from collections.abc import Callable

import numpy as np
from peers.pharmacokinetics import PEERS, Task

from longlight import pk
from longlight.science.pharmacokinetics.mammillary import LANES, plan_steps, plasma_grid

Array = np.ndarray
DAYS = (0, 3, 7, 10, 14, 17)
DOSE_MG, DURATION_MIN = 35.0, 40.0
MEDIANS = {
    "CL": (84, 0.25),
    "V1": (25, 0.40),
    "Q2": (161, 0.30),
    "V2": (56, 0.30),
    "Q3": (79, 0.30),
    "V3": (157, 0.30),
}
PATIENTS = 390 * LANES
REFERENCE_PATIENTS = 12


def cohort(patients: int) -> Task:
    """Six log-normal parameters for each patient, medians of kamp-2020, and the course."""
    draw = np.random.default_rng(1)
    values = {
        name: median * np.exp(np.sqrt(np.log1p(cv**2)) * draw.standard_normal(patients))
        for name, (median, cv) in MEDIANS.items()
    }
    starts = np.array([day * 1440.0 for day in DAYS])
    near = [start + 5.0 * i for start in starts for i in range(33)]
    times = np.array([*near, starts[-1] + 1440.0, starts[-1] + 2880.0])
    return Task(values, starts, DOSE_MG, DURATION_MIN, times)


def longlight(task: Task, answer: Array) -> Array:
    """This project's compiled engine: parameters in, concentrations out."""
    v = task.values
    rates = np.empty((5, len(v["V1"])))
    pairs = (("CL", "V1"), ("Q2", "V1"), ("Q2", "V2"), ("Q3", "V1"), ("Q3", "V3"))
    for rate, (flow, volume) in zip(rates, pairs, strict=True):
        np.divide(v[flow], v[volume], out=rate)
        rate /= 60.0
    doses = [pk.Dose("iv", task.dose_mg, start, task.duration_min) for start in task.starts_min]
    plasma_grid(rates, v["V1"], 3, plan_steps(doses, task.times_min), answer)
    return answer


def reference(task: Task, patients: int) -> Array:
    """Roots and exponentials at 40 digits."""
    from mpmath import mp, mpf

    mp.dps = 40
    answer = np.empty((patients, len(task.times_min)))
    for p in range(patients):
        cl, v1, q2, v2, q3, v3 = (
            mpf(float(task.values[n][p])) for n in ("CL", "V1", "Q2", "V2", "Q3", "V3")
        )
        k10, k12, k21, k13, k31 = (x / 60 for x in (cl / v1, q2 / v1, q2 / v2, q3 / v1, q3 / v3))
        a2, a0 = k10 + k12 + k13 + k21 + k31, k10 * k21 * k31
        a1 = k10 * (k21 + k31) + k21 * k31 + k21 * k13 + k31 * k12
        roots = [r.real for r in mp.polyroots([1, -a2, a1, -a0], maxsteps=200, extraprec=80)]
        weights = []
        for r in roots:
            others = [o for o in roots if o != r]
            weights.append((k21 - r) * (k31 - r) / ((others[0] - r) * (others[1] - r)) / v1 * 1000)
        rate = mpf(task.dose_mg) / mpf(task.duration_min)
        for i, t in enumerate(task.times_min):
            total = mpf(0)
            for start in task.starts_min:
                since = mpf(float(t - start))
                if since <= 0:
                    continue
                left = max(since - task.duration_min, mpf(0))
                for r, w in zip(roots, weights, strict=True):
                    total += rate * w / r * (mp.exp(-r * left) - mp.exp(-r * since))
            answer[p, i] = float(total)
    return answer


def best_cpu_s(work: Callable[[], Array], rounds: int) -> tuple[float, Array]:
    best, result = np.inf, np.empty(0)
    for _ in range(rounds):
        begun = time.process_time()
        result = work()
        best = min(best, time.process_time() - begun)
    return best, result


def error_of(found: Array, truth: Array) -> float:
    """Largest error as a share of the patient's peak."""
    return float((np.abs(found[: len(truth)] - truth).max(axis=1) / truth.max(axis=1)).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    task = cohort(PATIENTS)
    truth = reference(task, REFERENCE_PATIENTS)
    answer = np.empty((PATIENTS // LANES, len(task.times_min), LANES))
    begun = time.perf_counter()
    longlight(task.first(LANES), answer[:1])
    print(
        f"{platform.machine()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}; first call {time.perf_counter() - begun:.1f} s"
    )
    floor, _ = best_cpu_s(lambda: (answer.fill(1.0), answer)[1], rounds)
    ours, grid = best_cpu_s(lambda: longlight(task, answer), rounds)
    rows = [("longlight, compiled", PATIENTS, ours, error_of(grid[0].T, truth))]
    missing = []
    for peer in PEERS:
        small = task.first(peer.patients)
        try:
            work = peer.prepare(small)
        except ImportError:
            missing.append(peer.name)
            continue
        work()
        cpu, found = best_cpu_s(work, min(rounds, peer.rounds))
        rows.append((peer.name, peer.patients, cpu, error_of(found, truth[: peer.patients])))
    print(f"{'engine':<34}{'n':>8}{'CPU µs/patient':>16}{'ratio':>12}{'error/peak':>12}")
    for name, patients, cpu, error in rows:
        each = cpu / patients * 1e6
        print(
            f"{name:<34}{patients:>8}{each:>16.3f}{each / (ours / PATIENTS * 1e6):>12.1f}{error:>12.1e}"
        )
    print(
        f"memory floor (filling the answer): {floor / PATIENTS * 1e6:.3f} µs/patient; longlight stands at {ours / floor:.1f} times it"
    )
    if missing:
        print(f"not measured, not installed (requirements/bench-pk.txt): {', '.join(missing)}")


if __name__ == "__main__":
    main()
