"""A course as staff and the patient read it: words, never stored values."""

import pytest
from tests import walk
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_patient_sees_the_next_visit_marked_and_the_doses_counted(cast: Cast) -> None:
    course = walk.plan_course(cast)
    page = cast.patient.client().get("/plan/").content.decode()
    assert page.count("your next visit") == 1
    doses = course.sessions.filter(kind="dosing", phase_id=course.sessions.first().phase_id).count()
    assert f"0 of {doses} treatments done" in page


def test_a_stopped_course_says_so_and_marks_no_next_session(cast: Cast) -> None:
    course = walk.plan_course(cast)
    prescriber = cast.prescriber.client()
    url = f"/courses/{course.pk}/"
    assert "under way" in prescriber.get(url).content.decode()
    ended = prescriber.post(f"{url}end", {"status": "stopped", "reason": "Moved away."})
    assert ended.status_code == 302
    page = prescriber.get(url).content.decode()
    assert "<b>stopped</b>: Moved away." in page
    assert "is-now" not in page


def test_the_courses_page_tells_what_a_course_still_needs_and_then_leads_to_it(cast: Cast) -> None:
    url = f"/patients/{cast.patient.patient.id}/courses/"
    nurse = cast.nurse.client()
    page = nurse.get(url).content.decode()
    assert "No decision for any approach yet." in page
    assert "Nothing signed." in page
    assert "A prescriber plans the course." in page
    assert "Plan a course" in cast.prescriber.client().get(url).content.decode()
    course = walk.plan_course(cast)
    assert nurse.get(url)["Location"] == f"/courses/{course.pk}/"
    assert cast.nurse_of_b.client().get(url).status_code == 404
