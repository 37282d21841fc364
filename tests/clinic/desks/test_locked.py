"""A locked screen says how much waits, to who was signed in and in that role; never whose."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from tests.cast import Cast

from longlight.clinic.safety.models import Alert

URL = "/account/locked/waiting/"
IDLE = timedelta(minutes=11)


def raised(cast: Cast, **other: object) -> Alert:
    patient = cast.patient.patient
    said = {
        "clinic": patient.clinic, "patient": patient, "rule_id": "phq-9:item-9",
        "source_id": uuid4(), "instrument_id": "phq-9", "item_number": 9, "priority": "high",
        "raised_at": timezone.now(), **other,
    }  # fmt: skip
    return Alert.objects.create(**said)


def lines(cast: Cast, who: str) -> list[str]:
    person = getattr(cast, who)
    client = person.client()
    assert client.get("/account/").status_code == 200
    with time_machine.travel(timezone.now() + IDLE, tick=False):
        assert "/account/locked/" in client.get("/account/")["Location"]
        told = client.get(URL)
        assert told.status_code == 200
        assert "/account/locked/" in client.get("/account/")["Location"]  # it stays locked
    found: list[str] = told.json()["lines"]
    return found


def test_it_counts_the_alerts_that_nobody_has_claimed(cast: Cast) -> None:
    assert lines(cast, "nurse") == []
    for change in ({}, {"priority": "medium"}, {"priority": "low"}, {"status": "claimed"}):
        raised(cast, **change)
    assert lines(cast, "nurse") == ["2 alerts are not claimed"]
    assert cast.patient.patient.name not in str(lines(cast, "prescriber"))


@pytest.mark.parametrize("who", ["front_desk", "administrator", "nurse_of_b"])
def test_who_would_not_see_them_hears_nothing_of_them(cast: Cast, who: str) -> None:
    raised(cast)
    assert lines(cast, who) == []


def test_a_stranger_is_refused_and_a_patient_hears_nothing(cast: Cast) -> None:
    raised(cast)
    assert cast.stranger.client().get(URL).status_code == 404
    assert cast.patient.client().get(URL).json() == {"lines": []}
