"""`longlight worker` as a process: stopped cleanly, killed without mercy, and never a job lost or done twice."""

import random
import signal
import socketserver
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from tests.installation import Installation

QUEUE = """
from datetime import datetime, UTC
from longlight.clinic.contact.actions import Letter, keep_letter, queue_job
from longlight.clinic.contact.rules import Channel, MessageKind
from longlight.clinic.record.actions import door
from uuid import UUID
now = datetime.now(UTC)
jobs, letters = int(sys.argv[1]), int(sys.argv[2])
with door():
    for n in range(jobs):
        queue_job("open-clinic", key=str(n), at=now, arguments={"n": n})
    for n in range(letters):
        letter = Letter(UUID(int=n + 1), Channel.EMAIL, "a@b.example", "Subject", "Text")
        keep_letter(letter, MessageKind.ACCOUNT, key=str(n), at=now)
"""
# A worker that knows one more job, whose sendings are counted, and whose leases are short so that the test is.
WORKER = """
import time
from datetime import timedelta
from uuid import UUID
from longlight.clinic.contact import jobs
from longlight.clinic.contact.actions import leases
from longlight.clinic.contact.transports import Files
from longlight.clinic.people.models import Clinic
from longlight.clinic.record.actions import clinic_chain, writing
from longlight.clinic.record.rules import Actor, ActorKind
leases.LEASE = timedelta(seconds=1)
system = Actor(ActorKind.SYSTEM, None, "worker", "system", None)

@jobs.job("open-clinic")
def open_clinic(run):
    with writing(by=system, at=run.at) as pen:
        clinic = Clinic.objects.create(name="x", slug=run.id.hex)
        time.sleep(0.005)
        pen.note("opened", chain=clinic_chain(UUID(int=1)), object_kind="clinic", object_id=run.arguments["n"])

def counted(self, letter):
    with open(sys.argv[1], "a") as file:
        file.write(f"{letter.id}\\n")
        file.flush()
    time.sleep(0.005)
Files.send = counted
from longlight.cli.worker import command
jobs.know_all_jobs()  # the imports take a second, in which there is nothing to kill
print("ready", flush=True)
command.main([], standalone_mode=False)
"""
LEFT = """
from longlight.clinic.contact.models import Job, Message
print(Job.objects.filter(done_at=None, name__in=["open-clinic", "send-message"]).count())
"""


def test_killed_in_the_midst_again_and_again_it_does_each_job_once_and_each_letter_at_least_once(
    installation: Installation,
) -> None:
    jobs, letters = 100, 50
    installation.python(QUEUE, str(jobs), str(letters))
    sent = installation.home / "sent"
    chance = random.Random(5)
    kills = 0
    ends = time.monotonic() + 900  # a bound for a test that hangs, not for a machine that is busy
    while installation.python(LEFT) != "0":
        assert time.monotonic() < ends, "the workers did not finish"
        workers = [
            installation.start_python(WORKER, str(sent), stderr=subprocess.DEVNULL)
            for _ in range(2)
        ]
        for worker in workers:
            assert worker.stdout is not None
            worker.stdout.readline()
        time.sleep(0.3 + chance.random() * 0.7)
        for worker in workers:
            worker.kill()
            worker.wait()
            kills += 1
    done = installation.python(
        """
        import json
        from collections import Counter
        from longlight.clinic.people.models import Clinic
        from longlight.clinic.record.models import AuditRow
        from longlight.clinic.record.queries import verify
        ids = Counter(AuditRow.objects.filter(verb="opened").values_list("object_id", flat=True))
        print(len(ids), max(ids.values()), Clinic.objects.count(), verify().is_whole)
        """
    )
    assert done == f"{jobs} 1 {jobs} True"
    copies = Counter(sent.read_text().split())
    assert len(copies) == letters, "at least once, each with its own id"
    assert kills >= 4, "killed in the midst, not only afterwards"


def test_once_does_what_is_due_and_stops(installation: Installation) -> None:
    installation.python(QUEUE, "0", "3")
    done = installation.command("worker", "--once")
    assert done.returncode == 0, done.stderr
    assert len(list((installation.home / "mail").glob("*.eml"))) == 3
    state = "from datetime import *; from longlight.clinic.contact.queries import heartbeat; "
    assert installation.python(state + "print(heartbeat(at=datetime.now(UTC)).is_alive)") == "True"


def test_once_says_by_its_exit_code_that_something_failed_and_lists_it(
    installation: Installation,
) -> None:
    installation.python(QUEUE, "1", "0")
    assert installation.command("worker", "--once").returncode == 1, "nobody here knows open-clinic"
    listed = installation.command("worker", "--dead-letters")
    assert "open-clinic  unknown-name" in listed.stdout
    job_id = listed.stdout.split()[0]
    assert "due once more" in installation.command("worker", "--again", job_id).stdout
    refused = installation.command("worker", "--again", job_id)
    assert refused.returncode == 2
    assert "--dead-letters" in refused.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_it_is_told(installation: Installation, number: int) -> None:
    worker = installation.start("worker", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert worker.stdout is not None
    assert "worker started" in worker.stdout.readline()
    worker.send_signal(number)
    out, error = worker.communicate(timeout=10)
    assert (worker.returncode, error) == (0, "")
    assert "worker stopped" in out


def test_without_tables_it_says_what_to_do() -> None:
    from tests.installation import install, uninstall

    bare = install(migrate=False)
    done = bare.command("worker", "--once")
    uninstall(bare)
    assert done.returncode == 2
    assert "longlight migrate" in done.stderr


class MailSink(socketserver.ThreadingTCPServer):
    """As much of a mail server as a letter needs."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.received: list[str] = []
        super().__init__(("127.0.0.1", 0), _Talk)


class _Talk(socketserver.StreamRequestHandler):
    server: MailSink

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        for line in self.rfile:
            word = line.strip().upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += self.rfile.readline()
                self.server.received.append(text.decode())
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def mail_sink() -> Iterator[MailSink]:
    with MailSink() as sink:
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        yield sink
        sink.shutdown()


def test_mail_leaves_by_smtp_with_its_id(
    installation: Installation, mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.python(QUEUE, "0", "1")
    monkeypatch.setenv("LONGLIGHT_EMAIL_URL", f"smtp://127.0.0.1:{mail_sink.server_address[1]}")
    assert installation.command("worker", "--once").returncode == 0
    (mail,) = mail_sink.received
    assert "Message-ID: <00000000-0000-0000-0000-000000000001@longlight>" in mail
    assert "To: a@b.example" in mail


def test_a_mail_server_that_is_away_costs_a_try_and_no_letter(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.python(QUEUE, "0", "1")
    monkeypatch.setenv("LONGLIGHT_EMAIL_URL", "smtp://127.0.0.1:9")
    assert installation.command("worker", "--once").returncode == 1
    state = "from longlight.clinic.contact.models import Job; "
    state += (
        "job = Job.objects.get(name='send-message'); print(job.tries, job.trouble, job.done_at)"
    )
    assert installation.python(state) == "1 ConnectionRefusedError None"
