"""The door for writes: everything or nothing, always noted, and nobody waits in a ring."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from tests.guards import guards_lifted

from longlight.clinic.people.models import Clinic
from longlight.clinic.record import actions, queries
from longlight.clinic.record.actions import (
    UnrecordedWrite,
    account_chain,
    clinic_chain,
    door,
    ledger_chain,
    note_read,
    patient_chain,
    writing,
)
from longlight.clinic.record.models import AuditHead, AuditRow
from longlight.clinic.record.rules import Actor, ActorKind

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
NURSE = Actor(ActorKind.STAFF, uuid4(), "N. Urse", "nurse", uuid4())


def open_clinic(slug: str) -> UUID:
    """The smallest real write: a clinic, noted in its own chain."""
    with writing(by=NURSE, at=NOW) as pen:
        clinic = Clinic.objects.create(name=slug, slug=slug)
        pen.note(
            "clinic-opened",
            chain=clinic_chain(clinic.id),
            object_kind="clinic",
            object_id=clinic.id,
        )
    return clinic.id


@pytest.mark.django_db(transaction=True)
class TestAWrite:
    def test_leaves_one_row_that_says_who_did_what_when(self) -> None:
        clinic_id = open_clinic("north")
        row = AuditRow.objects.get()
        assert (row.verb, row.object_kind, row.object_id) == (
            "clinic-opened",
            "clinic",
            str(clinic_id),
        )
        assert (row.actor_id, row.actor_name, row.actor_role) == (NURSE.id, "N. Urse", "nurse")
        assert (row.clinic_id, row.at) == (NURSE.clinic_id, NOW)

    def test_that_notes_nothing_is_undone(self) -> None:
        with pytest.raises(UnrecordedWrite), writing(by=NURSE, at=NOW):
            Clinic.objects.create(name="x", slug="x")
        assert not Clinic.objects.exists()
        assert not AuditHead.objects.exists()

    def test_joins_the_write_around_it_and_its_rows_follow_in_the_order_of_happening(self) -> None:
        chain = patient_chain(uuid4())
        with writing(by=NURSE, at=NOW) as outer:
            outer.note("first", chain=chain, object_kind="x", object_id=1)
            with writing(by=NURSE, at=NOW) as inner:
                inner.note("second", chain=chain, object_kind="x", object_id=2)
            outer.note("third", chain=chain, object_kind="x", object_id=3)
            assert not AuditRow.objects.exists()
        assert list(AuditRow.objects.order_by("sequence").values_list("verb", "sequence")) == [
            ("first", 1), ("second", 2), ("third", 3),
        ]  # fmt: skip

    def test_inside_that_fails_takes_its_notes_with_it(self) -> None:
        with writing(by=NURSE, at=NOW) as outer:
            outer.note("kept", chain=patient_chain(uuid4()), object_kind="x", object_id=1)
            with pytest.raises(ZeroDivisionError):
                open_and_fail()
        assert list(AuditRow.objects.values_list("verb", flat=True)) == ["kept"]
        assert not Clinic.objects.exists()

    def test_around_that_fails_takes_the_inner_one_with_it(self) -> None:
        with pytest.raises(ZeroDivisionError), writing(by=NURSE, at=NOW):
            _ = open_clinic("north").int / 0
        assert not Clinic.objects.exists()
        assert not AuditRow.objects.exists()
        open_clinic("north")  # and the door opens again
        assert queries.verify().is_whole

    def test_that_only_holds_other_writes_needs_no_note_of_its_own(self) -> None:
        with writing(by=NURSE, at=NOW):
            open_clinic("north")
        assert AuditRow.objects.count() == 1

    def test_refuses_a_moment_without_its_zone(self) -> None:
        with (
            pytest.raises(ValueError, match="time zone"),
            writing(by=NURSE, at=NOW.replace(tzinfo=None)) as pen,
        ):
            pen.note("x", chain=patient_chain(uuid4()), object_kind="x", object_id=1)
        assert not AuditRow.objects.exists()


def open_and_fail() -> None:
    with writing(by=NURSE, at=NOW) as pen:
        Clinic.objects.create(name="x", slug="x")
        pen.note("lost", chain=patient_chain(uuid4()), object_kind="x", object_id=2)
        raise ZeroDivisionError


class StopsAt:
    """Fails the n-th statement that reaches the database."""

    def __init__(self, n: int) -> None:
        self.left = n

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0:
            raise DatabaseError("the disk is full")
        return execute(sql, params, many, context)


@pytest.mark.django_db(transaction=True)
def test_an_error_at_any_statement_leaves_nothing_behind() -> None:
    for n in range(1, 30):
        stop = StopsAt(n)
        try:
            with connection.execute_wrapper(stop):
                open_clinic("north")
        except DatabaseError:
            assert not Clinic.objects.exists()
            assert not AuditRow.objects.exists()
            assert not AuditHead.objects.exists()
            continue
        break
    assert n > 3, "the write has several statements"
    assert (Clinic.objects.count(), AuditRow.objects.count()) == (1, 1)
    assert queries.verify().is_whole


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["clinic_auditrow", "clinic_auditanchor", "clinic_audithead"])
def test_the_database_itself_refuses_to_delete_from_the_trail(table: str) -> None:
    open_clinic("north")
    actions.anchor_heads(at=NOW)
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["clinic_auditrow", "clinic_auditanchor"])
def test_the_database_itself_refuses_to_change_the_trail(table: str) -> None:
    open_clinic("north")
    actions.anchor_heads(at=NOW)
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET row_hash = row_hash")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AuditRow.objects.update(verb="nothing")


@pytest.mark.django_db
def test_the_chains_of_a_write_are_locked_in_one_order_everywhere() -> None:
    ids = [uuid4() for _ in range(4)]
    chains = [
        patient_chain(ids[0]),
        account_chain(ids[1]),
        ledger_chain(ids[2], "ketamine"),
        clinic_chain(ids[3]),
    ]
    locked: list[str] = []

    def watch(execute, sql, params, many, context):
        if sql.startswith("SELECT") and "clinic_audithead" in sql:
            locked.append(str(params[0]))
        return execute(sql, params, many, context)

    for order in (chains, chains[::-1]):
        locked.clear()
        with connection.execute_wrapper(watch), writing(by=NURSE, at=NOW) as pen:
            for chain in order:
                pen.note("x", chain=chain, object_kind="x", object_id=1)
        assert list(dict.fromkeys(locked)) == ["account", "clinic", "ledger", "patient"]


@pytest.mark.django_db
def test_many_chains_at_once_each_go_on_where_they_ended() -> None:
    patients = [uuid4() for _ in range(12)]
    for some in (patients[::3], patients, patients[4:]):
        with writing(by=NURSE, at=NOW) as pen:
            for verb in ("first", "second"):
                for patient in some:
                    pen.note(verb, chain=patient_chain(patient), object_kind="x", object_id=1)
    for place, patient in enumerate(patients):
        times = 1 + (place % 3 == 0) + (place >= 4)
        rows = AuditRow.objects.filter(chain_subject=patient).order_by("sequence")
        assert [row.verb for row in rows] == ["first", "second"] * times
        assert [row.sequence for row in rows] == list(range(1, 2 * times + 1))
    assert queries.verify().is_whole


@pytest.mark.django_db
def test_many_chains_at_once_ask_the_database_no_oftener_than_a_few(
    django_assert_max_num_queries,
) -> None:
    with django_assert_max_num_queries(12), writing(by=NURSE, at=NOW) as pen:
        for _ in range(30):
            pen.note("x", chain=patient_chain(uuid4()), object_kind="x", object_id=1)


@pytest.mark.django_db
def test_bookkeeping_goes_through_the_door_without_a_note() -> None:
    with door():
        Clinic.objects.create(name="x", slug="x")
    assert Clinic.objects.exists()


WRITERS = """
import os, random, time
from datetime import datetime, UTC
from uuid import UUID, uuid4
from threading import Thread
from longlight.clinic.people.models import Clinic
from longlight.clinic.record.actions import *
from longlight.clinic.record.rules import *
by = Actor(ActorKind.STAFF, UUID(int=7), "Nurse", "nurse", UUID(int=1))
subjects = [UUID(int=n) for n in range(1, 10)]
done = []
def write():
    from django.db import connection
    for turn in range(15):
        with writing(by=by, at=datetime.now(UTC)) as pen:
            clinic = Clinic.objects.create(name="x", slug=uuid4().hex)
            for subject in random.sample(subjects, 2 if turn % 3 else 7):
                pen.note("x", chain=random.choice([patient_chain, clinic_chain])(subject),
                         object_kind="clinic", object_id=clinic.id)
            note_read(by=by, at=datetime.now(UTC), patient_id=subjects[0], purpose="chart")
        done.append(clinic.id)
    connection.close()
threads = [Thread(target=write) for _ in range(3)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
print(len(done))
"""


def test_many_writers_at_once_lose_nothing_and_fork_no_chain(installation) -> None:
    processes = [installation.start_python(WRITERS) for _ in range(3)]
    written = [process.communicate(timeout=120)[0].strip() for process in processes]
    assert written == ["45"] * 3
    counts = json.loads(
        installation.python(
            """
            import json
            from longlight.clinic.people.models import Clinic
            from longlight.clinic.record.models import AuditRow
            from longlight.clinic.record.queries import verify
            reads = AuditRow.objects.filter(verb="chart-read").count()
            print(json.dumps([Clinic.objects.count(), AuditRow.objects.count(), reads, verify().is_whole]))
            """
        )
    )
    assert counts == [135, 90 * 2 + 45 * 7 + 1, 1, True]


@pytest.mark.django_db
def test_guards_stand_after_they_were_lifted_for_a_test() -> None:
    open_clinic("north")
    with guards_lifted():
        AuditRow.objects.update(verb="nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditRow.objects.update(verb="something")


@pytest.mark.django_db
def test_a_read_inside_a_write_does_not_stand_for_its_note() -> None:
    with pytest.raises(UnrecordedWrite), writing(by=NURSE, at=NOW):
        note_read(by=NURSE, at=NOW, patient_id=uuid4(), purpose="chart")
