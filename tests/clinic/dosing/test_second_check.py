"""The second person's page: reached by whoever did not order, from their board or by a link to scan."""

from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from tests.cast import Cast
from tests.walk import MORNING, arrive, plan_course

from longlight.clinic.dosing import actions
from longlight.clinic.dosing.models import DoseOrder, DosingSession
from longlight.clinic.dosing.rules import Signs

pytestmark = pytest.mark.django_db


@pytest.fixture
def ordered(cast: Cast) -> DosingSession:
    session = arrive(cast, plan_course(cast))
    actions.record_reading(
        session_id=session.pk, key=uuid4(), signs=Signs(weight_kg=Decimal(70)),
        observed_at=MORNING, viewer=cast.nurse.viewer, at=MORNING,
    )  # fmt: skip
    actions.order_dose(
        session_id=session.pk, amount=Decimal("0.5"), override_reason="",
        viewer=cast.prescriber.viewer, at=MORNING,
    )  # fmt: skip
    return session


def test_the_second_person_works_it_out_and_confirms(cast: Cast, ordered: DosingSession) -> None:
    nurse, url = cast.nurse.client(), reverse("dosing-second", args=[ordered.pk])
    page = nurse.get(url).content.decode()
    assert "0.5 mg/kg" in page
    assert "35.0" not in page  # the order's own mg stays hidden
    assert nurse.post(url, {"worked_out_mg": ""}).status_code == 422
    wrong = nurse.post(url, {"worked_out_mg": "53"})
    assert wrong.status_code == 409
    assert "check both" in wrong.content.decode()
    assert DoseOrder.objects.get().checked_at is None
    assert nurse.post(url, {"worked_out_mg": "35"}).status_code == 302
    assert DoseOrder.objects.get().checked_by_name == cast.nurse.viewer.name
    assert "Checked by" in nurse.get(url).content.decode()


def test_who_ordered_is_shown_the_way_for_somebody_else(cast: Cast, ordered: DosingSession) -> None:
    prescriber, url = cast.prescriber.client(), reverse("dosing-second", args=[ordered.pk])
    assert "someone else checks it" in prescriber.get(url).content.decode()
    assert prescriber.post(url, {"worked_out_mg": "35"}).status_code == 409
    day = prescriber.get(reverse("dosing-session", args=[ordered.pk])).content.decode()
    assert "their page, to scan" in day
    assert DoseOrder.objects.get().checked_at is None


def test_it_waits_on_the_board_of_who_may_do_it(cast: Cast, ordered: DosingSession) -> None:
    link = f'href="{reverse("dosing-second", args=[ordered.pk])}"'
    with time_machine.travel(MORNING, tick=False):
        boards = {
            role: getattr(cast, role).client().get("/board/").content.decode()
            for role in ("nurse", "prescriber", "therapist", "front_desk")
        }
    assert {role for role, page in boards.items() if link in page} == {"nurse"}
    assert "Second check waits" in boards["prescriber"]
    assert "Second check waits" not in boards["front_desk"]
