"""A prepared query answers as the query itself would, for every value and in every thread."""

import threading
import uuid
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from longlight.clinic.people.models import Account, Membership, Patient
from longlight.clinic.record.prepared import Prepared

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
    Membership.objects.filter(account=nurse).update(is_active=False)
    assert AT_CLINIC(clinic_id=cast.clinic_b.id, role="nurse") == []


def test_each_thread_works_it_out_for_its_own_connection() -> None:
    found: list[object] = []

    def ask() -> None:
        own = connections[DEFAULT_DB_ALIAS]
        found.append(MADE_BEFORE._worked(own).compiler)
        assert found[-1] is MADE_BEFORE._worked(own).compiler
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
