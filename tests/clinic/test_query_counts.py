"""How often each page asks the database, in a clinic with sixty visits today: a number that does not grow with it.

The clinic is the benchmarks' own (`benchmarks/driver/clinic.py`), so this also checks that what is loaded in bulk is
what the product would have written: whole chains, the counts that it says.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from benchmarks.driver.clinic import A_PATIENT, VISITS_TODAY, load
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import give_second_factor

from longlight.clinic.assessments.models import Assessment
from longlight.clinic.dosing.models import Reading
from longlight.clinic.people.models import Account, Membership, Patient
from longlight.clinic.people.rules import Role
from longlight.clinic.record.models import AuditRow
from longlight.clinic.record.queries import verify
from longlight.clinic.safety.models import Alert
from longlight.clinic.schedule.models import Appointment

# At most so many, for whoever opens the page: two of them say who asks, and in which clinic.
QUERIES = {
    "board": 15,
    "chart": 35,
    "staff-home": 4,
    "safety-inbox": 15,
    "schedule-day": 7,
    "outcomes": 3,
    "chart-observations": 6,
    "patient-home": 10,
    "patient-progress": 16,
}


def signed_in(account: Account) -> Client:
    give_second_factor(account)
    client = Client()
    client.force_login(account)
    return client


def somebody(name: str) -> Account:
    return Account.objects.create(
        email=f"{name}@x.example", name=name, created_at=datetime.now(UTC)
    )


def pages(loaded: dict[str, Any]) -> dict[str, tuple[Client, str]]:
    long = Patient.objects.get(pk=loaded["long"])
    long.account = somebody("patient")
    long.save()
    director = somebody("director")
    Membership.objects.create(account=director, clinic=long.clinic, role=Role.DIRECTOR.value)
    nurse = Client()
    nurse.cookies["sessionid"] = loaded["sessions"]["nurse"]
    whose = {"outcomes": signed_in(director)}
    whose |= dict.fromkeys(("patient-home", "patient-progress"), signed_in(long.account))
    of_chart = {"chart", "chart-observations"}
    return {
        name: (whose.get(name, nurse), reverse(name, args=[long.pk] if name in of_chart else []))
        for name in QUERIES
    }


def raise_alerts(clinic_id: object, count: int) -> None:
    for patient in Patient.objects.filter(clinic_id=clinic_id)[:count]:
        Alert.objects.create(
            clinic_id=patient.clinic_id, patient=patient, rule_id="phq-9:self-harm-thoughts",
            source_id=uuid.uuid4(), instrument_id="phq-9", item_number=9, priority="high",
            raised_at=datetime.now(UTC),
        )  # fmt: skip


@pytest.mark.django_db
def test_a_full_clinic_asks_no_more_often_than_an_empty_one() -> None:
    loaded = load(patients=VISITS_TODAY + 5, observations=0)
    raise_alerts(loaded["clinic"], 30)
    counts = {}
    # The clock stands: a session that was last active a while ago is written down once more.
    with time_machine.travel(datetime.now(UTC), tick=False):
        for name, (client, url) in pages(loaded).items():
            assert client.get(url).status_code == 200, name
            with CaptureQueriesContext(connection) as asked:
                client.get(url)
            counts[name] = len(asked)
    assert {name: count for name, count in counts.items() if count > QUERIES[name]} == {}


@pytest.mark.django_db
def test_what_is_loaded_in_bulk_is_whole() -> None:
    loaded = load(patients=VISITS_TODAY + 3, observations=0)
    found = verify()
    assert (found.is_whole, found.rows) == (True, loaded["audit_rows"])
    assert AuditRow.objects.count() == loaded["audit_rows"]
    assert Patient.objects.count() == loaded["patients"] == VISITS_TODAY + 3
    assert Reading.objects.count() * 5 + Assessment.objects.count() == loaded["observations"]
    assert loaded["observations"] > A_PATIENT * VISITS_TODAY
    assert Appointment.objects.count() == VISITS_TODAY
