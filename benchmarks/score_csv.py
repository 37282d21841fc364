"""A CSV of PHQ-9 answers scored into a CSV: rows a second by the clock and by CPU, peak memory, beside pandas and Polars.

`--rows 90000000` makes a file of about 2 GB. Each way runs in a process of its own. The peers read,
add up, cut into bands and write; they check nothing and name no refused row.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NAMES = [f"phq9_{n}" for n in range(1, 10)]
MAKE_ROWS = 1_000_000

LONGLIGHT = """
from pathlib import Path
from longlight import instruments
from longlight.exchange.score_csv import score_csv
score_csv(instruments.get("phq-9"), Path({source!r}), Path({target!r}), quickly={quickly})
"""
POLARS = """
import polars as pl
names = {names!r}
total = pl.col("total")
band = (pl.when(total <= 4).then(pl.lit("minimal")).when(total <= 9).then(pl.lit("mild"))
    .when(total <= 14).then(pl.lit("moderate")).when(total <= 19).then(pl.lit("moderately severe"))
    .otherwise(pl.lit("severe")))
(pl.scan_csv({source!r}).with_columns(pl.sum_horizontal(names).alias("total"))
    .with_columns(band.alias("band")).sink_csv({target!r}))
"""
PANDAS = """
import pandas as pd
names = {names!r}
first = True
for frame in pd.read_csv({source!r}, chunksize=500_000):
    frame["total"] = frame[names].sum(axis=1)
    frame["band"] = pd.cut(frame["total"], [-1, 4, 9, 14, 19, 27],
        labels=["minimal", "mild", "moderate", "moderately severe", "severe"])
    frame.to_csv({target!r}, mode="w" if first else "a", header=first, index=False)
    first = False
"""
WAYS = {
    "longlight": (LONGLIGHT, {"quickly": True}),
    "longlight, as after a quote": (LONGLIGHT, {"quickly": False}),
    "Polars, streaming": (POLARS, {}),
    "pandas, in chunks": (PANDAS, {}),
}


def make(path: Path, rows: int) -> None:
    import numpy as np
    import polars as pl

    chance = np.random.default_rng(5)
    with path.open("wb") as file:
        for start in range(0, rows, MAKE_ROWS):
            size = min(MAKE_ROWS, rows - start)
            columns = {name: chance.integers(0, 4, size, dtype=np.int8) for name in NAMES}
            frame = pl.DataFrame({"patient": np.arange(start, start + size) % 50_000, **columns})
            frame.write_csv(file, include_header=start == 0)


def measure(program: str) -> tuple[float, float, float]:
    """Seconds from start to end of a process of its own, its CPU seconds, and the most memory it held, in MB."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program])
    _, status, used = _wait(process)
    if status:
        raise SystemExit(f"a run failed with {status}")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, int, resource.struct_rusage]:
    import os

    return os.wait4(process.pid, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--ways", nargs="*", default=list(WAYS), help="Only these ways.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        make(source, options.rows)
        print(f"{options.rows:,} rows, {source.stat().st_size / 1e6:,.0f} MB")
        for way in options.ways:
            text, more = WAYS[way]
            names = {"source": str(source), "target": str(target), "names": NAMES}
            seconds, cpu, memory = measure(text.format(**names, **more))
            lines = f"{way:<30}{seconds:8.1f} s {options.rows / seconds / 1e6:8.2f} million rows/s"
            by_cpu = f"{options.rows / cpu / 1e6:8.2f} for each CPU second"
            print(f"{lines} {by_cpu} {memory:8.0f} MB at most")
            target.unlink()


if __name__ == "__main__":
    main()
