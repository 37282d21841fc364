"""What the page of a dosing day offers to type in, and what it never fills in by itself."""

import re
from uuid import uuid4

import pytest
from tests import walk
from tests.cast import Cast

pytestmark = pytest.mark.django_db

SIGNS = {"systolic_mmhg": "131", "diastolic_mmhg": "79", "weight_kg": "70.0"}


@pytest.fixture
def page(cast: Cast) -> str:
    session = walk.arrive(cast, walk.plan_course(cast))
    return f"/dosing/{session.pk}/"


def test_the_last_value_stands_beside_its_box_and_never_in_it(cast: Cast, page: str) -> None:
    nurse = cast.nurse.client()
    nurse.post(f"{page}reading", {"key": str(uuid4()), **SIGNS})
    shown = nurse.get(page).content.decode()
    assert "last 131" in shown
    box = re.search(r'<input[^>]*name="systolic_mmhg"[^>]*>', shown)
    assert box is not None
    assert "value=" not in box[0]


def test_what_was_refused_is_still_in_the_box(cast: Cast, page: str) -> None:
    refused = cast.nurse.client().post(
        f"{page}reading", {"key": str(uuid4()), **SIGNS, "heart_rate_bpm": "fast"}
    )
    assert refused.status_code == 422
    assert 'value="131"' in refused.content.decode()
    assert "Pulse: type a number." in refused.content.decode()
    assert "(optional)" not in refused.content.decode()


def test_open_questions_are_marked_until_they_are_answered(cast: Cast, page: str) -> None:
    nurse = cast.nurse.client()
    shown = nurse.get(page).content.decode()
    first, gate = (
        re.search(r'<input type="radio" name="([a-z-]+)"', shown),
        re.search(r"checks/([a-z-]+)", shown),
    )
    assert first is not None
    assert gate is not None
    nurse.post(f"{page}checks/{gate[1]}", {first[1]: "yes"})
    after = nurse.get(page).content.decode()
    assert after.count("asked-row is-open") == shown.count("asked-row is-open") - 1
