"""The chart's sessions side by side, the patient's day of a dose, and what each page costs the database."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast, Person
from tests.walk import MORNING, arrive, make_fit_to_leave, make_ready, plan_course

from longlight.clinic.courses.models import Course
from longlight.clinic.dosing import actions
from longlight.clinic.dosing.models import DosingSession
from longlight.clinic.dosing.rules import Signs
from longlight.science.marks import Mark
from longlight.science.protocols import Route
from longlight.science.protocols.on_the_day import Moment, day_of

pytestmark = pytest.mark.django_db


def look(person: Person, path: str, *, days: int = 0, minutes: int = 0) -> str:
    """As on a device that signed in just now: nobody stays signed in for days."""
    with time_machine.travel(MORNING + timedelta(days=days, minutes=minutes), tick=False):
        answer = person.client().get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def give(cast: Cast, course: Course, *, days: int, systolic: int) -> DosingSession:
    """One dosing day from arrival to leaving."""
    begun = MORNING + timedelta(days=days)
    session = arrive(cast, course, at=begun)
    make_ready(cast, session, at=begun)
    viewer = cast.nurse.viewer
    actions.clear(session_id=session.pk, overrides={}, viewer=viewer, at=begun)
    actions.start_dose(session_id=session.pk, viewer=viewer, at=begun)
    actions.record_reading(
        session_id=session.pk, key=uuid4(), signs=Signs(systolic_mmhg=systolic), viewer=viewer,
        observed_at=begun + timedelta(minutes=20), at=begun + timedelta(minutes=20),
    )  # fmt: skip
    actions.end_dose(
        session_id=session.pk, stop_reason="", viewer=viewer, at=begun + timedelta(minutes=40)
    )
    left = begun + timedelta(minutes=120)
    make_fit_to_leave(cast, session, at=left)
    actions.ready_to_leave(session_id=session.pk, viewer=viewer, at=left)
    actions.leave(session_id=session.pk, viewer=viewer, at=left)
    return session


def test_a_day_of_two_doses_is_told_before_during_and_after(cast: Cast) -> None:
    course = plan_course(cast)
    patient, nurse = cast.patient, cast.nurse
    before = look(patient, "/today/", days=-1)
    assert "Coming up" in before
    assert "Nothing to eat for 6 hours before" in before
    assert "Nothing to eat for 6 hours" in look(patient, "/today/")
    assert "put your phone away" in look(patient, "/today/")
    first = give(cast, course, days=0, systolic=141)
    DosingSession.objects.filter(pk=first.pk).update(state="in-progress")
    assert "You are at the clinic" in look(patient, "/today/", minutes=30)
    DosingSession.objects.filter(pk=first.pk).update(state="finished")
    after = look(patient, "/today/", minutes=200)
    assert "No driving and no machines until the next day" in after
    assert "Day 1 after Treatment 1" in look(patient, "/today/", days=1)
    assert "Sessions, side by side" not in look(nurse, f"/patients/{cast.patient.patient.pk}/")
    give(cast, course, days=3, systolic=152)
    chart = look(nurse, f"/patients/{cast.patient.patient.pk}/", days=4)
    assert "Sessions, side by side" in chart
    assert "141 to 152 mmHg" in chart
    assert "35 mg each time" in chart


def test_what_a_patient_is_told_was_read_somewhere_or_is_called_ours() -> None:
    known = day_of()
    assert all(each.mark in {Mark.READ, Mark.CHOICE} for each in known.advice)
    assert known.fasting_for(Route.SUBLINGUAL) is None
    assert known.at(Moment.BEFORE)
    assert known.at(Moment.AFTER)


@pytest.mark.parametrize(
    ("role", "path", "most"),
    [("patient", "/today/", 17), ("patient", "/progress/", 18), ("nurse", "/patients/{}/", 32)],
)
def test_a_page_asks_the_database_only_so_much(cast: Cast, role: str, path: str, most: int) -> None:
    plan_course(cast)
    path = path.format(cast.patient.patient.pk)
    with time_machine.travel(MORNING, tick=False):
        client = getattr(cast, role).client()
        assert client.get(path).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
    assert most - 6 <= len(asked) <= most
