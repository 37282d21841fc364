"""Kills a real server while people write, and counts what became of each write."""

import contextlib
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from tests.installation import Installation
from tests.server.processes import free_port, wait_until_answering

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENTS = 4
CHECK = """
import json
from collections import Counter
from longlight.clinic.contact.models import Job
from longlight.clinic.people.models import Patient
from longlight.clinic.record.models import AuditRow
from longlight.clinic.record.queries import verify
rows = AuditRow.objects.filter(verb="admitted")
print(json.dumps({
    "patients": sorted(str(pk) for pk in Patient.objects.values_list("pk", flat=True)),
    "jobs": sorted(Job.objects.filter(name="welcome").values_list("key", flat=True)),
    "own": sorted(rows.filter(chain_kind="patient").values_list("object_id", flat=True)),
    "clinic": sorted(rows.filter(chain_kind="clinic").values_list("object_id", flat=True)),
    "broken": [str(link) for link in verify().broken],
}))
"""


@dataclass
class Tally:
    """What the clients were told."""

    kills: int = 0
    acknowledged: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)  # each then repeated with the same id
    answered_late: list[str] = field(default_factory=list)


class Server:
    """`longlight serve`, with the page of `tests.kills.site` added."""

    def __init__(self, installation: Installation) -> None:
        self.port = free_port()
        self.environ = installation.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.kills.settings",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
            "LONGLIGHT_PORT": str(self.port),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "longlight", "serve"], env=self.environ, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        wait_until_answering(f"http://127.0.0.1:{self.port}/healthz", self.process, 60)

    def kill(self) -> None:
        """Without mercy: the server and every process of it."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_workers(self) -> None:
        """Without mercy: the processes that serve. The one above them starts new ones."""
        assert self.process is not None
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
        )
        for line in listed.stdout.splitlines():
            pid, parent = line.split()
            if int(parent) == self.process.pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)

    def write(self, patient_id: str) -> str | None:
        """What the server answered to this write; None when it did not."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", f"/kills/{patient_id}")
            response = connection.getresponse()
            answer = response.read().decode()
            return answer if response.status == 200 else None
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


def kill_while_writing(installation: Installation, *, kills: int, seed: int) -> Tally:
    """Have clients write without a pause, and kill the server again and again; every fourth time all of it."""
    chance, tally, server = random.Random(seed), Tally(), Server(installation)
    server.start()
    stopped = threading.Event()
    clients = [
        threading.Thread(target=_write_on, args=(server, tally, stopped), daemon=True)
        for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    try:
        for n in range(kills):
            _wait_for_writes(tally)
            time.sleep(chance.random() * 0.2)
            if n % 4 == 3:
                server.kill()
                server.start()
            else:
                server.kill_workers()
            tally.kills += 1
        _wait_for_writes(tally)
    finally:
        stopped.set()
        for client in clients:
            client.join(60)
        server.kill()
    return tally


def _wait_for_writes(tally: Tally, seconds: float = 60) -> None:
    """Until the server answers writes again: a kill of a server that nobody uses would show nothing."""
    before, ends = len(tally.acknowledged), time.monotonic() + seconds
    while len(tally.acknowledged) < before + 5:
        assert time.monotonic() < ends, "the server answers no more"
        time.sleep(0.01)


def _write_on(server: Server, tally: Tally, stopped: threading.Event) -> None:
    while not stopped.is_set():
        patient_id = str(uuid.uuid4())
        if server.write(patient_id) is not None:
            tally.acknowledged.append(patient_id)
            continue
        tally.unanswered.append(patient_id)
        while not stopped.is_set():  # as a browser does that kept what was typed
            time.sleep(0.02)
            if server.write(patient_id) is not None:
                tally.answered_late.append(patient_id)
                break


def what_went_wrong(tally: Tally, kept: dict[str, list[str]]) -> list[str]:
    """Every way in which what is kept differs from what was acknowledged."""
    patients = set(kept["patients"])
    acknowledged = {*tally.acknowledged, *tally.answered_late}
    wrong = [f"lost: {one}" for one in sorted(acknowledged - patients)]
    wrong += [f"never sent: {one}" for one in sorted(patients - acknowledged - {*tally.unanswered})]
    for table in ("jobs", "own", "clinic"):
        if kept[table] != kept["patients"]:
            wrong.append(f"half a write, or one twice: {table}")
    return wrong + kept["broken"]
