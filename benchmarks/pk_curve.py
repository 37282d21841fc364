"""One curve for a page, and the import: milliseconds of CPU time, best of many."""

import os
import subprocess
import sys
import time

from longlight import pk

ROUNDS = 200
POINTS = 200
IMPORT = "import numpy, time; begun = time.perf_counter(); import longlight.pk; print(time.perf_counter() - begun)"
COURSES = {"perez-ruixo-2021": "in:56@0", "simons-2022": "sl:50@0"}
MOST_PEOPLE_KG = 100.0


def best_ms(model: pk.Model, *, same_person: bool) -> tuple[float, float]:
    """A 200-point curve of all analytes, and its Cmax and AUC on top, for one person or ever another."""
    dose = COURSES.get(model.id, "iv:35@0/40")
    times = [240.0 * i / (POINTS - 1) for i in range(POINTS)]
    curve_s, both_s = 9e9, 9e9
    for i in range(ROUNDS):
        weight_kg = 70.0 if same_person else 50.0 + MOST_PEOPLE_KG * (i + 1) / ROUNDS
        covariates = (
            {} if same_person or "age" not in model.published.covariates else {"age": 60 + i / 10}
        )
        begun = time.process_time()
        curve = model.curve(dose, at_min=times, weight_kg=weight_kg, covariates=covariates)
        curve_s = min(curve_s, time.process_time() - begun)
        assert curve.cmax_ng_per_ml > 0
        assert curve.auc_inf_ng_min_per_ml > 0
        both_s = min(both_s, time.process_time() - begun)
    return curve_s * 1e3, both_s * 1e3


def import_s() -> float:
    """What `import longlight.pk` takes over `import numpy`, each time in a new process."""
    told = []
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True
        )
        told.append(float(done.stdout))
    return min(told)


def main() -> None:
    print(
        f"load {os.getloadavg()[0]:.1f}; import longlight.pk over import numpy: {import_s():.3f} s"
    )
    print(f"{'':<20}{'a new person':>22}{'the same person':>24}")
    print(f"{'model':<20}{'curve':>10}{'+ Cmax, AUC':>14}{'curve':>10}{'+ Cmax, AUC':>14}")
    for published in pk.models():
        if not published.complete:
            continue
        model = pk.model(published.id)
        pk.model(published.id).curve(COURSES.get(model.id, "iv:35@0/40"), at_min=[1.0])
        other = best_ms(model, same_person=False)
        same = best_ms(model, same_person=True)
        print(f"{model.id:<20}{other[0]:>10.3f}{other[1]:>14.3f}{same[0]:>10.3f}{same[1]:>14.3f}")


if __name__ == "__main__":
    main()
