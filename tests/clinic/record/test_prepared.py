"""A prepared query answers as the query itself would, for every value and in every thread."""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import (
    DEFAULT_DB_ALIAS,
    DataError,
    IntegrityError,
    connection,
    connections,
    transaction,
)
from django.db.models import Exists, Model, OuterRef
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from longlight.clinic.dosing.models import Reading
from longlight.clinic.people.models import Account, Membership, Patient
from longlight.clinic.record.models import AuditRow
from longlight.clinic.record.prepared import Prepared, PreparedInsert, changed

AT_CLINIC = Prepared(
    lambda clinic_id, role: (
        Membership.objects.filter(clinic_id=clinic_id, role=role, is_active=True)
        .select_related("clinic", "account")
        .annotate(is_patient=Exists(Patient.objects.filter(account=OuterRef("account_id"))))
        .order_by("pk")
    ),
    clinic_id=UUID,
    role=str,
)
BORN = Prepared(
    lambda patient_id: Patient.objects.filter(pk=patient_id).values_list("number", "birth_date"),
    patient_id=UUID,
)
MADE_BEFORE = Prepared(
    lambda moment: Account.objects.filter(created_at__lt=moment).order_by("email"), moment=datetime
)


@pytest.mark.django_db
def test_it_gives_what_the_query_gives_for_every_value(cast: Cast) -> None:
    for clinic in (cast.clinic_a, cast.clinic_b):
        for role in ("nurse", "director"):
            plain = list(AT_CLINIC.build(clinic.id, role))
            found = AT_CLINIC(clinic_id=clinic.id, role=role)
            assert found == plain
            assert [(m.clinic, m.account, m.is_patient) for m in found] == [
                (m.clinic, m.account, m.is_patient) for m in plain
            ]
    assert AT_CLINIC.first(clinic_id=uuid.uuid4(), role="nurse") is None
    ada = cast.patient.patient
    assert BORN(patient_id=ada.id) == [(ada.number, ada.birth_date)]
    made_at = cast.nurse.account.created_at
    assert MADE_BEFORE(moment=made_at) == []
    later = made_at + timedelta(microseconds=1)
    assert MADE_BEFORE(moment=later) == list(Account.objects.order_by("email"))


@pytest.mark.django_db
def test_it_is_asked_once_each_time_and_sees_what_was_written_between(cast: Cast) -> None:
    nurse = cast.nurse_of_b.account
    with CaptureQueriesContext(connection) as asked:
        assert len(AT_CLINIC(clinic_id=cast.clinic_b.id, role="nurse")) == 1
    assert len(asked) == 1
    assert asked[0]["sql"].startswith("SELECT")
    Membership.objects.filter(account=nurse).update(is_active=False)
    assert AT_CLINIC(clinic_id=cast.clinic_b.id, role="nurse") == []


def test_each_thread_works_it_out_for_its_own_connection() -> None:
    found: list[object] = []

    def ask() -> None:
        own = connections[DEFAULT_DB_ALIAS]
        found.append(MADE_BEFORE.worked(own).compiler)
        assert found[-1] is MADE_BEFORE.worked(own).compiler
        own.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] is not found[1]


def test_a_value_of_another_type_or_one_that_has_no_place_is_refused() -> None:
    with pytest.raises(TypeError, match="patient_id"):
        BORN(patient_id="not an id")
    with pytest.raises(TypeError, match="patient_id"):
        BORN()
    lost = Prepared(lambda number: Patient.objects.filter(number__startswith=number), number=str)
    with pytest.raises(ValueError, match="LIKE"):
        lost(number="LL")


KEEP_PATIENT = PreparedInsert(Patient)
KEEP_ROW = PreparedInsert(AuditRow)
KEEP_READING = PreparedInsert(Reading)


def kept_values(row: Model) -> dict[str, object]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


@pytest.mark.django_db
def test_a_row_is_written_as_its_save_would_write_it(cast: Cast) -> None:
    said = {
        "clinic_id": cast.clinic_a.id,
        "name": "Zoë 100 % O’Neil",
        "birth_date": date(1980, 2, 29),
    }
    saved = Patient(number="LL-7001", **said)
    saved.save(force_insert=True)
    kept = KEEP_PATIENT(Patient(number="LL-7002", **said))
    assert not kept._state.adding
    assert kept.pk != saved.pk
    read, plain = Patient.objects.get(pk=kept.pk), Patient.objects.get(pk=saved.pk)
    assert kept_values(read) | {"number": ""} == kept_values(plain) | {"number": ""}
    assert KEEP_PATIENT(Patient(number="LL-7003", **said)).number == "LL-7003"
    assert Patient.objects.filter(name=said["name"]).count() == 3


@pytest.mark.django_db
def test_the_database_gives_a_row_its_number_and_keeps_every_kind_of_value() -> None:
    def row(sequence: int) -> AuditRow:
        return AuditRow(
            chain_kind="patient", chain_subject=subject, sequence=sequence, at=moment, actor_kind="person",
            actor_id=None, actor_name="%s and ?", actor_role="nurse", clinic_id=None, verb="tried",
            object_kind="x", object_id="1", details={"a": [1, "b", None, True]}, previous_hash="0", row_hash="1",
        )  # fmt: skip

    subject, moment = uuid.uuid4(), datetime(2026, 10, 25, 1, 30, 0, 123456, tzinfo=UTC)
    first, second = KEEP_ROW(row(1)), KEEP_ROW(row(2))
    assert second.pk == first.pk + 1
    read = list(AuditRow.objects.filter(chain_subject=subject).order_by("sequence"))
    assert [kept_values(each) for each in read] == [kept_values(first), kept_values(second)]
    assert read[0].said() == row(1).said()


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_refused_as_ever(cast: Cast) -> None:
    twice = Patient(clinic=cast.clinic_a, number=cast.patient.patient.number, name="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        KEEP_PATIENT(twice)
    assert not Patient.objects.filter(pk=twice.pk).exists()
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        KEEP_READING(Reading(key=uuid.uuid4(), session_id=uuid.uuid4(), heart_rate_bpm=-1))


@pytest.mark.django_db
def test_a_statement_says_how_many_rows_it_changed(cast: Cast) -> None:
    table = Account._meta.db_table
    named = f"UPDATE {table} SET name = %s WHERE email = %s"
    with CaptureQueriesContext(connection) as asked:
        assert changed(named, ("100 % Ada", cast.nurse.account.email)) == 1
        assert changed(named, ("Nobody", "nobody@example.org")) == 0
    assert len(asked) == 2
    assert Account.objects.get(pk=cast.nurse.account.pk).name == "100 % Ada"


@pytest.mark.django_db
def test_postgresql_plans_it_once_for_all_its_values(cast: Cast) -> None:
    worked = AT_CLINIC.worked(connection)
    for number in range(3):
        assert AT_CLINIC(clinic_id=cast.clinic_a.id, role=f"role-{number}") == []
    assert AT_CLINIC.worked(connection) is worked
    if connection.vendor != "postgresql":
        return  # SQLite's driver keeps statements by their text, which is always the same here
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%role%%'"
        )
        assert cursor.fetchone() == (1,)
