"""Who looked: each look at a chart is noted once in ten minutes, and the patient can see it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import note_read
from longlight.clinic.record.models import AuditRow
from longlight.clinic.record.queries import verify, who_looked

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CLINIC, PATIENT = uuid4(), uuid4()
NURSE = Viewer(uuid4(), "N. Urse", Role.NURSE, CLINIC)
DIRECTOR = Viewer(uuid4(), "D. Irector", Role.DIRECTOR, CLINIC)
SELF = Viewer(uuid4(), "P. Atient", Role.PATIENT, CLINIC, PATIENT)
OTHER_PATIENT = Viewer(uuid4(), "O. Ther", Role.PATIENT, CLINIC, uuid4())
ELSEWHERE = Viewer(uuid4(), "E. Lse", Role.NURSE, uuid4())


def look(
    viewer: Viewer = NURSE, after: timedelta = timedelta(0), purpose: str = "chart", patient=PATIENT
) -> None:
    note_read(by=viewer.actor, at=NOW + after, patient_id=patient, purpose=purpose)


@pytest.mark.django_db
def test_a_polling_monitor_is_one_look_in_ten_minutes() -> None:
    for second in range(0, 600, 20):
        look(after=timedelta(seconds=second))
    assert AuditRow.objects.count() == 1
    look(after=timedelta(minutes=10))
    assert AuditRow.objects.count() == 2
    assert verify().is_whole


@pytest.mark.django_db
def test_another_viewer_patient_or_purpose_is_another_look() -> None:
    look()
    look(DIRECTOR)
    look(purpose="monitor")
    look(patient=uuid4())
    assert AuditRow.objects.count() == 4


@pytest.mark.django_db
def test_a_clock_set_back_does_not_silence_later_looks() -> None:
    look(after=timedelta(hours=5))
    look()
    assert AuditRow.objects.count() == 2


@pytest.mark.django_db
def test_the_list_says_who_when_and_why_newest_first() -> None:
    look()
    look(DIRECTOR, timedelta(minutes=1), "break-glass")
    looks = who_looked(PATIENT, viewer=SELF)
    assert [(one.by.name, one.by.role, one.purpose) for one in looks] == [
        ("D. Irector", "director", "break-glass"),
        ("N. Urse", "nurse", "chart"),
    ]
    assert looks[1].at == NOW
    assert who_looked(PATIENT, viewer=DIRECTOR) == looks
    assert len(who_looked(PATIENT, viewer=SELF, since=NOW + timedelta(seconds=1))) == 1


@pytest.mark.django_db
def test_a_patients_own_looks_are_noted_yet_not_listed() -> None:
    look(SELF)
    assert AuditRow.objects.count() == 1
    assert who_looked(PATIENT, viewer=SELF) == []


@pytest.mark.django_db
@pytest.mark.parametrize("viewer", [OTHER_PATIENT, ELSEWHERE])
def test_another_patient_and_another_clinic_see_nothing(viewer: Viewer) -> None:
    look()
    assert who_looked(PATIENT, viewer=viewer) == []
