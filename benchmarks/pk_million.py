"""A million patients' whole-course Cmax and AUC: wall and CPU time, memory, and the first compilation.

Draws and percentiles are inside the time. Best of five, compiled before. Each row is a process of its own, so that its
peak memory is its own.
"""

import os
import subprocess
import sys
import tempfile

ROUNDS = 5
CODE = """
import resource, time
from longlight import pk
course = [f"iv:35@{{day * 1440}}/40" for day in (0, 3, 7, 10, 14, 17)]
model = pk.model({model!r})
begun = time.perf_counter()
model.population(course, patients=1000)
first = time.perf_counter() - begun
best = (9e9, 9e9)
for _ in range({rounds} if {patients} else 0):
    wall, cpu = time.perf_counter(), time.process_time()
    model.population(course, patients={patients})
    best = min(best, (time.perf_counter() - wall, time.process_time() - cpu))
print(first, *best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure(model: str, patients: int, rounds: int, cache: str | None = None) -> list[float]:
    """First call, best wall, its CPU, and peak memory in MB, in a new process."""
    environment = dict(os.environ) | ({"NUMBA_CACHE_DIR": cache} if cache else {})
    code = CODE.format(model=model, patients=patients, rounds=rounds)
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return [float(word) for word in told.stdout.split()]


def main() -> None:
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as empty:
        print(f"first call, nothing compiled yet: {measure('herd-2007', 0, 0, empty)[0]:.1f} s")
        print(
            f"first call of a new process, compiled code on disk: {measure('herd-2007', 0, 0, empty)[0]:.2f} s"
        )
    print(f"{'model':<20}{'patients':>10}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for model, patients in (
        ("herd-2007", 1_000_000),
        ("fanta-2015", 1_000_000),
        ("otto-2021", 1_000_000),
        ("herd-2007", 4_000_000),
        ("perez-ruixo-2021", 100_000),
    ):
        rounds = ROUNDS if patients == 1_000_000 else 1
        _, wall, cpu, peak = measure(model, patients, rounds)
        print(f"{model:<20}{patients:>10}{wall:>9.2f}{cpu:>9.2f}{peak:>9.0f}")


if __name__ == "__main__":
    main()
