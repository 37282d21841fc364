"""Kills a worker while it plans and sends questionnaires, and counts what became of each."""

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass

from tests.installation import Installation

# One clinic where it is noon now, and so many patients of whom each is asked one questionnaire today.
SETUP = """
import uuid
from datetime import UTC, datetime, timedelta
from longlight.clinic.assessments.models import AddedRule, QuestionnairePlan
from longlight.clinic.people.models import Clinic, Patient
now, patients = datetime.now(UTC), int(sys.argv[1])
zone = f"Etc/GMT{now.hour - 12:+d}"
clinic = Clinic.objects.create(name="Clinic Alder", slug="alder", time_zone=zone)
AddedRule.objects.create(
    id=uuid.uuid4(), clinic=clinic, schedule_id="every-so-many-days", schedule_version="1",
    instrument_id="phq-9", every_days=30, added_at=now, added_by_name="kill test",
)
here = now.astimezone(__import__("zoneinfo").ZoneInfo(zone)).date()
for start in range(0, patients, 2000):
    made = Patient.objects.bulk_create(
        Patient(clinic=clinic, number=str(n), name="x", email=f"{n}@patients.example")
        for n in range(start, min(start + 2000, patients))
    )
    QuestionnairePlan.objects.bulk_create(
        QuestionnairePlan(
            patient=each, course_id=uuid.uuid4(), protocol_id="iv-twice-weekly",
            protocol_version="1", start_on=here - timedelta(days=30), made_at=now, look_at=now,
        )
        for each in made
    )
"""
# Says, until it is stopped, how many are opened and how many messages are out.
WATCH = """
import time
from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.contact.models import Message
while True:
    opened = DueAssessment.objects.exclude(opened_at=None).count()
    sent = Message.objects.exclude(sent_at=None).count()
    print(opened, sent, flush=True)
    time.sleep(float(sys.argv[1]))
"""
# A worker that was killed holds its lease for a minute and a half; this says that the time has passed.
LET_GO = """
from longlight.clinic.contact.models import Job
Job.objects.filter(done_at=None).update(leased_until=None)
"""
CHECK = """
import json
from collections import Counter
from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.contact.models import Job, Message
from longlight.clinic.people.models import Patient, PatientLink
dues = DueAssessment.objects.all()
messages = Counter(Message.objects.values_list("patient_id", flat=True))
print(json.dumps({
    "patients": Patient.objects.count(),
    "planned": dues.count(),
    "patients planned for": dues.values("patient_id").distinct().count(),
    "opened and asked once": dues.exclude(opened_at=None).filter(sent_count=1).count(),
    "messages": sum(messages.values()),
    "patients written to twice": sum(count > 1 for count in messages.values()),
    "messages out": Message.objects.exclude(sent_at=None).count(),
    "links": PatientLink.objects.count(),
    "jobs not done": Job.objects.filter(done_at=None).count(),
}))
"""


@dataclass
class Progress:
    """How far the worker has come."""

    opened: int = 0
    sent: int = 0


class Watch:
    """Reads how far the worker has come from the database, beside it."""

    def __init__(self, installation: Installation, pause_s: float = 0.1) -> None:
        self.process = installation.start_python(WATCH, str(pause_s))

    def until(self, opened: int, sent: int, worker: subprocess.Popen[str] | None) -> Progress:
        """Wait until so much is done, or until the worker has stopped."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            progress = Progress(*map(int, line.split()))
            if progress.opened >= opened and progress.sent >= sent:
                return progress
            if worker is not None and worker.poll() is not None:
                return progress
        raise AssertionError("nobody watches any more")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def start_worker(installation: Installation) -> subprocess.Popen[str]:
    return installation.start(
        "worker", "--once", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip


def kill(worker: subprocess.Popen[str]) -> bool:
    """Without mercy. True when there was something to kill."""
    if worker.poll() is not None:
        return False
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    return True


def finish(installation: Installation, watch: Watch, patients: int, *, patiently: bool) -> None:
    """Let workers do the rest. Without patience the time of a dead worker's lease is taken as passed."""
    while True:
        if not patiently:
            installation.python(LET_GO)
        worker = start_worker(installation)
        progress = watch.until(patients, patients, worker)
        worker.wait()
        if progress.sent >= patients:
            return
        time.sleep(1 if patiently else 0)


def what_is_kept(installation: Installation) -> dict[str, int]:
    kept: dict[str, int] = json.loads(installation.python(CHECK))
    kept["letters"] = len(list((installation.home / "mail").glob("*.eml")))
    return kept


def what_is_wrong(kept: dict[str, int], patients: int) -> dict[str, int]:
    """Everything that is not as it should be: each planned, opened, asked and written to once."""
    wanted = dict.fromkeys(kept, patients) | {"patients written to twice": 0, "jobs not done": 0}
    return {name: count for name, count in kept.items() if count != wanted[name]}
