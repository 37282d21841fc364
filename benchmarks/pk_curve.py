"""One curve for a page, and the import: milliseconds, best of many."""

import os
import subprocess
import sys
import time

from longlight import pk

ROUNDS = 300
POINTS = 200
IMPORT = "import numpy, time; begun = time.perf_counter(); import longlight.pk; print(time.perf_counter() - begun)"


def best_ms(model_id: str, dose: str) -> tuple[float, float]:
    """A 200-point curve of all analytes, and its Cmax and AUC on top."""
    model, times = pk.model(model_id), [240.0 * i / (POINTS - 1) for i in range(POINTS)]
    curve_s, both_s = 9e9, 9e9
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        curve = model.curve(dose, at_min=times)
        curve_s = min(curve_s, time.perf_counter() - begun)
        assert curve.cmax_ng_per_ml > 0
        assert curve.auc_inf_ng_min_per_ml > 0
        both_s = min(both_s, time.perf_counter() - begun)
    return curve_s * 1e3, both_s * 1e3


def main() -> None:
    told = [
        float(
            subprocess.run(
                [sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(5)
    ]
    print(
        f"load {os.getloadavg()[0]:.1f}; import longlight.pk over import numpy: {min(told):.3f} s"
    )
    print(f"{'model':<20}{'dose':<12}{'curve ms':>10}{'with Cmax, AUC':>16}")
    for model_id, dose in (
        ("kamp-2020", "iv:35@0/40"),
        ("domino", "iv:35@0/40"),
        ("otto-2021", "iv:35@0/40"),
        ("perez-ruixo-2021", "in:56@0"),
        ("simons-2022", "sl:50@0"),
    ):
        curve_ms, both_ms = best_ms(model_id, dose)
        print(f"{model_id:<20}{dose:<12}{curve_ms:>10.3f}{both_ms:>16.3f}")


if __name__ == "__main__":
    main()
