"""Ten million PHQ-9 rows scored from columns, beside pandas and Polars.

Longlight checks every answer, applies the missing rule, names the band, counts what is missing and
raises flags. "The same rules" does that in Polars; "total and band" and "the bare sum" do less. Each runs in a process of its own, so that
peak memory is its own; the median of `--repeat` runs is shown.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

NAMES = [f"phq9_{n}" for n in range(1, 10)]
EDGES = [-1, 4, 9, 14, 19, 27]
BANDS = ["minimal", "mild", "moderate", "moderately severe", "severe"]


def answers(rows: int, missing_share: float) -> dict[str, Any]:
    chance = np.random.default_rng(9)
    columns: dict[str, Any] = {name: chance.integers(0, 4, rows, dtype=np.int8) for name in NAMES}
    if missing_share:
        for name in NAMES:
            gaps = chance.random(rows) < missing_share
            columns[name] = np.where(gaps, np.nan, columns[name])
    return columns


def polars_frame(columns: dict[str, Any]) -> Any:
    """One-byte columns, with a null where an answer is missing, as Polars itself would keep them."""
    import polars as pl

    floats = [name for name in NAMES if columns[name].dtype.kind == "f"]
    frame = pl.DataFrame(columns)
    return frame.with_columns(pl.col(name).fill_nan(None).cast(pl.Int8) for name in floats)


def with_longlight(columns: dict[str, Any]) -> Callable[[], Any]:
    from longlight import instruments

    instrument = instruments.get("phq-9")
    return lambda: instrument.score_columns(columns)


def with_longlight_on_polars(columns: dict[str, Any]) -> Callable[[], Any]:
    from longlight import instruments

    instrument, frame = instruments.get("phq-9"), polars_frame(columns)
    return lambda: instrument.score_columns(frame)


def with_polars(columns: dict[str, Any]) -> Callable[[], Any]:
    import polars as pl

    frame = polars_frame(columns)
    total = pl.col("total")
    band = pl.lit(BANDS[-1])
    for edge, name in reversed(list(zip(EDGES[1:-1], BANDS[:-1], strict=True))):
        band = pl.when(total <= edge).then(pl.lit(name)).otherwise(band)
    summed = pl.sum_horizontal(NAMES, ignore_nulls=False).alias("total")
    return lambda: frame.lazy().select(summed).with_columns(band.alias("band")).collect()


def with_polars_sum(columns: dict[str, Any]) -> Callable[[], Any]:
    """The least that can be asked: the sum alone, nothing checked, no band."""
    import polars as pl

    frame = polars_frame(columns)
    return lambda: frame.select(pl.sum_horizontal(NAMES))


def with_polars_rules(columns: dict[str, Any]) -> Callable[[], Any]:
    """The same rules: answers checked, missing rule with rounding, band, item 9."""
    import polars as pl

    frame = polars_frame(columns)
    missing = pl.sum_horizontal(pl.col(name).is_null() for name in NAMES)
    refused = pl.any_horizontal(~pl.col(name).is_between(0, 3) for name in NAMES)
    given = 9 - pl.col("missing")
    whole = (2 * pl.col("sum").cast(pl.Int32) * 9 + given) // (2 * given)
    total = pl.col("total")
    band = pl.lit(BANDS[-1])
    for edge, name in reversed(list(zip(EDGES[1:-1], BANDS[:-1], strict=True))):
        band = pl.when(total <= edge).then(pl.lit(name)).otherwise(band)
    return lambda: (
        frame.lazy()
        .select(
            pl.sum_horizontal(NAMES).alias("sum"),
            missing.alias("missing"),
            refused.fill_null(False).alias("refused"),
            (pl.col("phq9_9") >= 1).fill_null(False).alias("item_9"),
        )
        .with_columns(
            pl.when((pl.col("missing") <= 2) & ~pl.col("refused")).then(whole).alias("total")
        )
        .with_columns(
            pl.when(total.is_not_null()).then(band).alias("band"),
            (pl.col("missing").is_between(1, 2)).alias("prorated"),
        )
        .collect()
    )


def with_pandas(columns: dict[str, Any]) -> Callable[[], Any]:
    import pandas as pd

    frame = pd.DataFrame(columns)

    def run() -> Any:
        total = frame.sum(axis=1, min_count=9)
        return total, pd.cut(total, EDGES, labels=BANDS)

    return run


WAYS = {
    "longlight, NumPy columns": with_longlight,
    "longlight, Polars frame": with_longlight_on_polars,
    "Polars, total and band": with_polars,
    "Polars, the same rules": with_polars_rules,
    "Polars, the bare sum": with_polars_sum,
    "pandas, total and band": with_pandas,
}


def measure(way: str, rows: int, missing_share: float, repeat: int) -> dict[str, float]:
    run = WAYS[way](answers(rows, missing_share))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times, cpu = [], []
    for _ in range(repeat):
        start, used = time.perf_counter(), time.process_time()
        run()
        times.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clock = {"seconds": statistics.median(times), "best": min(times), "cpu": min(cpu)}
    return {**clock, "peak": peak, "held": before}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--missing", type=float, default=0.0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        print(json.dumps(measure(options.way, options.rows, options.missing, options.repeat)))
        return
    for missing in (0.0, 0.02):
        print(f"\n{options.rows:,} rows, {missing:.0%} of answers missing, {options.repeat} runs")
        for way in WAYS:
            command = [sys.executable, __file__, "--way", way, "--missing", str(missing)]
            command += ["--rows", str(options.rows), "--repeat", str(options.repeat)]
            found = json.loads(subprocess.check_output(command, text=True))
            print(
                f"{way:<30}{options.rows / found['seconds'] / 1e6:8.1f} million rows/s "
                f"(best {options.rows / found['best'] / 1e6:.1f}; "
                f"{options.rows / found['cpu'] / 1e6:.1f} for each CPU second)"
                f"{found['peak'] / 1024:9.0f} MB at most, {found['held'] / 1024:.0f} MB of it the input"
            )


if __name__ == "__main__":
    main()
