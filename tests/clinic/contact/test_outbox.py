"""The outbox: queued with the write or not at all, done, tried again, given up; and nothing clinical in a message."""

import inspect
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.mail import send_mail
from django.utils import translation

from longlight.clinic.contact import jobs
from longlight.clinic.contact.actions import (
    CannotSend,
    NotInAWrite,
    Worded,
    beat,
    finish,
    lease_next,
    lease_some,
    put_back,
    queue_job,
    queue_message,
    queue_messages,
    try_again,
)
from longlight.clinic.contact.jobs import KNOWN, JobRun, do_next, job, know_all_jobs, queue_tonight
from longlight.clinic.contact.models import Job, Message
from longlight.clinic.contact.queries import dead_letters, heartbeat
from longlight.clinic.contact.rules import (
    LONGEST_PAUSE,
    MOST_TRIES,
    WORDINGS,
    Channel,
    MessageKind,
    pause_before_next_try,
    reasons_not_to_send,
)
from longlight.clinic.people.models import Clinic
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import door, patient_chain, writing
from longlight.clinic.record.models import AuditRow
from longlight.clinic.record.rules import Actor, ActorKind

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NURSE = Actor(ActorKind.STAFF, uuid4(), "N. Urse", "nurse", uuid4())
SYSTEM = Actor(ActorKind.SYSTEM, None, "test", "system", None)
PATIENT = uuid4()


@pytest.fixture
def clinic(db) -> Clinic:
    return Clinic.objects.create(name="North Clinic", slug="north")


@pytest.fixture
def named_jobs() -> Iterator[dict[str, jobs.KnownJob]]:
    """Whatever a test registers is forgotten after it."""
    before = dict(KNOWN)
    yield KNOWN
    KNOWN.clear()
    KNOWN.update(before)


@pytest.fixture
def home(tmp_path: Path, settings) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def clock() -> datetime:
    return NOW


def queue_one(clinic: Clinic, key: str = "k", **changes: object) -> None:
    given = {
        "clinic": clinic, "channel": Channel.EMAIL, "to": "p@example.org", "link": "https://clinic.example/today",
        "key": key, "chain": patient_chain(PATIENT), "patient_id": PATIENT,
    }  # fmt: skip
    with writing(by=NURSE, at=NOW) as pen:
        pen.note("x", chain=patient_chain(PATIENT), object_kind="x", object_id=1)
        queue_message(pen, MessageKind.SOMETHING_NEW, **(given | changes))  # type: ignore[arg-type]


class TestAMessage:
    def test_is_sent_once_it_is_queued_and_its_text_is_gone_then(self, clinic, home) -> None:
        queue_one(clinic)
        message = Message.objects.get()
        assert "North Clinic" not in message.sealed_text, "sealed while it waits"
        assert do_next(clock=clock) is True
        assert do_next(clock=clock) is None
        message.refresh_from_db()
        assert (message.sent_at, message.sealed_text) == (NOW, "")
        (file,) = (home / "mail").iterdir()
        mail = file.read_text()
        assert "You have a message from North Clinic" in mail
        assert "To: p@example.org" in mail
        assert f"Message-ID: <{message.id}@longlight>" in mail
        assert AuditRow.objects.filter(verb="message-queued", object_id=str(message.id)).exists()

    def test_by_text_message_goes_to_a_number(self, clinic, home) -> None:
        queue_one(clinic, channel=Channel.SMS, to="+15550100123")
        do_next(clock=clock)
        (file,) = (home / "sms").iterdir()
        assert "To: +15550100123" in file.read_text()

    def test_goes_with_the_write_that_fails(self, clinic) -> None:
        with pytest.raises(ZeroDivisionError), writing(by=NURSE, at=NOW):
            _ = queue_one(clinic) or 1 / 0
        assert not Message.objects.exists()
        assert not Job.objects.exists()

    def test_with_the_same_key_again_is_not_sent_again(self, clinic) -> None:
        queue_one(clinic)
        queue_one(clinic)
        assert Message.objects.count() == Job.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "word"),
        [
            ({"to": "nobody"}, "mail address"),
            ({"to": "a@b.example\r\nBcc: c@d.example"}, "mail address"),
            ({"channel": Channel.SMS, "to": "555"}, "country code"),
            ({"link": "https://clinic.example/?name=Ann"}, "question mark"),
            ({"link": "today"}, "whole web address"),
        ],
    )
    def test_that_cannot_go_out_is_refused_and_leaves_nothing(self, clinic, change, word) -> None:
        with pytest.raises(CannotSend, match=word):
            queue_one(clinic, **change)
        assert not Message.objects.exists()
        assert not AuditRow.objects.exists()

    def test_from_django_itself_goes_into_the_outbox_too(self, db, home) -> None:
        from longlight.clinic.contact.mailbox import OutboxBackend

        with door():
            send_mail("Your code", "ABC-DEF", None, ["a@b.example"], connection=OutboxBackend())
        assert not (home / "mail").exists()
        do_next(clock=lambda: datetime.now(UTC))
        (file,) = (home / "mail").iterdir()
        assert "ABC-DEF" in file.read_text()

    def test_is_taken_with_others_and_given_back_when_the_worker_stops(self, clinic, home) -> None:
        for n in range(5):
            queue_one(clinic, key=str(n))
        seen = iter([False, True])
        assert jobs.do_some(clock=clock, is_stopping=lambda: next(seen)) == [True, True]
        waiting = Job.objects.filter(done_at=None)
        assert list(waiting.values_list("tries", "lease", "leased_until")) == [(0, None, None)] * 3
        assert jobs.do_some(clock=clock) == [True] * 3
        assert len(list((home / "mail").iterdir())) == 5

    def test_that_may_have_ended_its_worker_is_tried_alone(self, clinic) -> None:
        for n in range(3):
            queue_one(clinic, key=str(n))
        assert len(lease_some(at=NOW, most=20)) == 3  # and the worker is heard of no more
        later = NOW + timedelta(minutes=2)
        assert len(lease_some(at=later, most=20)) == 1

    def test_is_not_begun_when_too_little_is_left_of_the_lease(self, clinic, home) -> None:
        for n in range(3):
            queue_one(clinic, key=str(n))
        slow = (NOW + timedelta(seconds=20 * n) for n in itertools.count())
        done = jobs.do_some(clock=lambda: next(slow))
        assert 0 < len(done) < 3
        assert Job.objects.filter(done_at=None, lease=None).count() == 3 - len(done)

    def test_many_at_once_are_told_from_those_that_were_queued_before(self, clinic) -> None:
        queue_one(clinic, key="0")
        wanted = [
            Worded(Channel.EMAIL, f"{n}@example.org", "https://clinic.example/today", str(n), patient_chain(PATIENT))
            for n in (0, 1, 2, 2)
        ]  # fmt: skip
        with writing(by=NURSE, at=NOW) as pen:
            queue_messages(pen, MessageKind.SOMETHING_NEW, wanted, clinic=clinic)
        told = Message.objects.order_by("to").values_list("to", flat=True)
        assert list(told) == ["1@example.org", "2@example.org", "p@example.org"]
        assert Job.objects.count() == AuditRow.objects.filter(verb="message-queued").count() == 3

    def test_takes_no_words_of_anybodys(self) -> None:
        """Nothing clinical can get in: there is no parameter for it, and a wording has two places only."""
        parameters = set(inspect.signature(queue_message).parameters)
        assert parameters == {
            "pen",
            "kind",
            "clinic",
            "channel",
            "to",
            "link",
            "key",
            "chain",
            "patient_id",
        }
        assert set(WORDINGS) == set(MessageKind) - {MessageKind.ACCOUNT}
        for wording in WORDINGS.values():
            assert str(wording.text).format(clinic="C", link="L").count("C") >= 1
            assert "{" not in str(wording.subject)

    def test_says_nothing_of_the_patient(self, clinic, home) -> None:
        """Probe strings in every field of the patient; none may leave."""
        from longlight.clinic.people.models import Patient

        probes = {name: f"probe-{name}" for name in ("name", "preferred_name", "phone")}
        patient = Patient.objects.create(
            clinic=clinic, number="LL-0412", email="p@example.org", **probes
        )
        for kind in WORDINGS:
            with writing(by=NURSE, at=NOW) as pen:
                queue_message(
                    pen, kind, clinic=clinic, channel=Channel.EMAIL, to=patient.email, key=kind,
                    link="https://clinic.example/today", chain=patient_chain(patient.id), patient_id=patient.id,
                )  # fmt: skip
        while do_next(clock=clock) is not None:
            pass
        left = "".join(file.read_text() for file in (home / "mail").iterdir())
        assert left.count("Subject:") == len(WORDINGS)
        clinical = ["ketamine", "depress", "dose", "score", "treatment", "LL-0412", str(patient.id)]
        assert [
            word for word in [*probes.values(), *clinical] if word.lower() in left.lower()
        ] == []

    def test_is_worded_the_same_whatever_language_its_sender_reads(self, clinic) -> None:
        with translation.override("de"):
            queue_one(clinic)
        assert Message.objects.get().subject == "You have a message from the clinic"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_queued_outside_a_write() -> None:
    with pytest.raises(NotInAWrite):
        queue_job("x", key="x", at=NOW)


@pytest.mark.django_db
class TestAJob:
    def test_has_its_effect_and_its_mark_in_one_transaction(self, named_jobs) -> None:
        @job("open-clinic")
        def open_clinic(run: JobRun) -> None:
            Clinic.objects.create(name="x", slug=str(run.arguments["slug"]))
            if run.arguments["fails"]:
                raise ZeroDivisionError("with a name in its words")

        with door():
            queue_job("open-clinic", key="1", at=NOW, arguments={"slug": "a", "fails": True})
            queue_job("open-clinic", key="2", at=NOW, arguments={"slug": "b", "fails": False})
            queue_job("open-clinic", key="2", at=NOW, arguments={"slug": "c", "fails": False})
        assert {do_next(clock=clock), do_next(clock=clock)} == {True, False}
        assert do_next(clock=clock) is None
        assert [clinic.slug for clinic in Clinic.objects.all()] == ["b"]
        failed = Job.objects.get(key="1")
        assert (failed.tries, failed.trouble, failed.done_at) == (1, "ZeroDivisionError", None)
        assert failed.due_at == NOW + pause_before_next_try(1)

    def test_that_keeps_failing_is_given_up_and_a_person_can_have_it_tried_again(
        self, named_jobs
    ) -> None:
        clinic_id = uuid4()

        @job("fails")
        def fails(run: JobRun) -> None:
            raise ZeroDivisionError

        with door():
            queue_job("fails", key="1", at=NOW, clinic_id=clinic_id)
        at = NOW
        for _ in range(MOST_TRIES):
            assert do_next(clock=lambda at=at: at) is False  # type: ignore[misc]
            at += LONGEST_PAUSE
        assert do_next(clock=lambda: at) is None
        (letter,) = dead_letters()
        assert (letter.name, letter.tries, letter.trouble) == (
            "fails",
            MOST_TRIES,
            "ZeroDivisionError",
        )
        here = Viewer(uuid4(), "D", Role.DIRECTOR, clinic_id)
        elsewhere = Viewer(uuid4(), "D", Role.DIRECTOR, uuid4())
        assert (dead_letters(viewer=here), dead_letters(viewer=elsewhere)) == ([letter], [])
        assert (
            try_again(letter.id, clinic_id=elsewhere.clinic_id, by=elsewhere.actor, at=at) is False
        )
        assert try_again(letter.id, clinic_id=clinic_id, by=here.actor, at=at) is True
        assert dead_letters() == []
        assert do_next(clock=lambda: at) is False
        assert AuditRow.objects.get().verb == "job-tried-again"

    def test_of_an_unknown_name_is_given_up_at_once(self) -> None:
        with door():
            queue_job("nobody-knows", key="1", at=NOW)
        assert do_next(clock=clock) is False
        assert [letter.trouble for letter in dead_letters()] == ["unknown-name"]

    def test_is_not_begun_before_it_is_due(self) -> None:
        with door():
            queue_job("later", key="1", at=NOW, due_at=NOW + timedelta(hours=1))
        assert lease_next(at=NOW) is None
        assert lease_next(at=NOW + timedelta(hours=1)) is not None

    def test_is_held_by_one_and_free_again_when_its_holder_is_silent(self) -> None:
        with door():
            queue_job("slow", key="1", at=NOW)
        first = lease_next(at=NOW)
        assert first is not None
        assert lease_next(at=NOW) is None
        later = NOW + timedelta(minutes=2)
        second = lease_next(at=later)
        assert second is not None
        ran = []
        assert finish(first, at=later, effect=lambda: ran.append("first")) is False
        assert finish(second, at=later, effect=lambda: ran.append("second")) is True
        assert ran == ["second"]
        assert put_back(first, at=later, trouble="late") is False
        assert Job.objects.get().done_at == later

    def test_that_lost_its_lease_while_it_was_sent_is_marked_as_sent_all_the_same(
        self, named_jobs
    ) -> None:
        marks: list[str] = []

        @job("outside", outside=True)
        def outside(run: JobRun) -> jobs.Mark:
            Job.objects.update(lease=uuid4())  # another worker has it by now
            return lambda: marks.append("done outside")

        with door():
            queue_job("outside", key="1", at=NOW)
        assert do_next(clock=clock) is True
        assert marks == ["done outside"]
        assert Job.objects.get().done_at is None, "the other worker marks the job"

    def test_whose_worker_dies_with_it_each_time_is_given_up(self) -> None:
        with door():
            queue_job("kills", key="1", at=NOW)
            queue_job("harmless", key="2", at=NOW + timedelta(seconds=1))
        at = NOW
        for _ in range(MOST_TRIES):
            assert lease_next(at=at) is not None
            at += timedelta(minutes=2)
            Job.objects.filter(name="harmless").update(due_at=at + timedelta(minutes=2))
        lease = lease_next(at=at + timedelta(minutes=2))
        assert lease is not None
        assert lease.name == "harmless", "the next one is not kept waiting"
        assert [letter.trouble for letter in dead_letters()] == ["worker-died"]


@pytest.mark.django_db
def test_nightly_jobs_are_queued_once_a_day_when_it_is_night() -> None:
    know_all_jobs()
    queue_tonight(at=NOW.replace(hour=1))
    assert not Job.objects.filter(name="anchor-audit-trail").exists()
    for _ in range(2):
        queue_tonight(at=NOW)
    assert Job.objects.filter(name="anchor-audit-trail").count() == 1
    queue_tonight(at=NOW + timedelta(days=1))
    assert Job.objects.filter(name="anchor-audit-trail").count() == 2


@pytest.mark.django_db
def test_a_job_of_every_few_minutes_is_queued_once_in_each() -> None:
    know_all_jobs()
    for seconds in (0, 10, 299, 300, 310):
        queue_tonight(at=NOW.replace(minute=0, second=0) + timedelta(seconds=seconds))
    assert Job.objects.filter(name="questionnaires").count() == 2


@pytest.mark.django_db
def test_the_heartbeat_says_whether_anybody_works() -> None:
    assert (heartbeat(at=NOW).is_alive, heartbeat(at=NOW).heard_at) == (False, None)
    beat(at=NOW)
    assert heartbeat(at=NOW + timedelta(seconds=59)).is_alive
    assert not heartbeat(at=NOW + timedelta(minutes=2)).is_alive
    with door():
        queue_job("x", key="1", at=NOW)
    assert heartbeat(at=NOW).waiting == 1


def test_pauses_grow_and_end() -> None:
    pauses = [pause_before_next_try(n) for n in range(1, 40)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


def test_every_reason_is_told() -> None:
    assert len(reasons_not_to_send(Channel.EMAIL, "x", "y")) == 2
