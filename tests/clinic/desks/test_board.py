"""The board shows the day's visits of one clinic, what is missing and late, and asks the database the same few things."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast
from tests.walk import MORNING, arrive, make_ready, plan_course

from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.dosing import actions
from longlight.clinic.people.models import Patient

pytestmark = pytest.mark.django_db


def board(person: object, minutes: int = 0) -> str:
    with time_machine.travel(MORNING + timedelta(minutes=minutes), tick=False):
        answer = person.client().get("/board/")  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_empty_day_says_so(cast: Cast) -> None:
    assert "No dosing visits today" in board(cast.nurse)


def test_a_visit_moves_along_the_board(cast: Cast) -> None:
    course = plan_course(cast)
    page = board(cast.nurse)
    assert "Mark arrived" in page
    assert "Booked" in page
    session = arrive(cast, course)
    page = board(cast.nurse)
    assert "Signs today not taken" in page
    assert "Check readiness" in page
    make_ready(cast, session)
    actions.clear(session_id=session.pk, overrides={}, viewer=cast.nurse.viewer, at=MORNING)
    actions.start_dose(session_id=session.pk, viewer=cast.nurse.viewer, at=MORNING)
    assert "Signs in 5 min" in board(cast.nurse, minutes=5)
    assert "Signs 4 min late" in board(cast.nurse, minutes=14)


def test_a_clinic_sees_its_own_visits_alone(cast: Cast) -> None:
    plan_course(cast)
    assert cast.patient.patient.name in board(cast.nurse)
    assert cast.patient.patient.name not in board(cast.nurse_of_b)


def test_the_front_desk_sees_who_comes_and_nothing_of_health(cast: Cast) -> None:
    course = plan_course(cast)
    arrive(cast, course)
    page = board(cast.front_desk)
    assert cast.patient.patient.name in page
    assert "Signs today not taken" not in page
    assert "Safety" not in page


@pytest.mark.parametrize("role", ["patient", "researcher", "administrator", "stranger"])
def test_others_find_no_board(cast: Cast, role: str) -> None:
    assert getattr(cast, role).client().get("/board/").status_code == 404


def _another_visit(course: Course, number: int) -> None:
    patient = Patient.objects.create(
        clinic_id=course.patient.clinic_id, number=f"X-{number}", name=f"Person {number}"
    )
    other = Course.objects.create(
        patient=patient,
        **{
            field: getattr(course, field)
            for field in (
                "protocol_id", "protocol_version", "protocol_hash", "approach_id", "start_on",
                "made_by_id", "made_by_name", "made_at",
            )
        },
    )  # fmt: skip
    PlannedSession.objects.create(
        course=other, kind="dosing", phase_id="induction", title="Treatment 1", on=MORNING.date()
    )


def test_sixty_visits_ask_no_more_than_one(cast: Cast) -> None:
    course = plan_course(cast)
    arrive(cast, course)
    client = cast.nurse.client()
    with time_machine.travel(MORNING, tick=False):
        client.get("/board/")
        with CaptureQueriesContext(connection) as few:
            client.get("/board/")
        for number in range(60):
            _another_visit(course, number)
        with CaptureQueriesContext(connection) as many:
            page = client.get("/board/").content.decode()
    assert "Person 59" in page
    assert len(many) == len(few)
    assert len(few) <= 16


def test_the_live_part_comes_alone_for_htmx(cast: Cast) -> None:
    plan_course(cast)
    with time_machine.travel(MORNING, tick=False):
        answer = cast.nurse.client().get("/board/", headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()


def test_nothing_new_is_answered_with_nothing(cast: Cast) -> None:
    course = plan_course(cast)
    client, ask = cast.nurse.client(), {"HX-Request": "true"}
    with time_machine.travel(MORNING, tick=False):
        tag = client.get("/board/", headers=ask).headers["X-Tag"]
        assert client.get("/board/", {"tag": tag}, headers=ask).status_code == 204
        arrive(cast, course)
        assert "Arrived" in client.get("/board/", {"tag": tag}, headers=ask).content.decode()


def test_an_empty_day_names_the_next_one(cast: Cast) -> None:
    plan_course(cast, start_on=MORNING.date() + timedelta(days=2))
    assert "The next one is planned for Wednesday 25 November" in board(cast.nurse)
