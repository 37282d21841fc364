"""The session on paper holds what was ordered, checked, given and noted, what was struck, and whose model was drawn."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.cast import Cast
from tests.walk import MORNING, arrive, make_ready, plan_course

from longlight import __version__
from longlight.clinic.dosing import actions
from longlight.clinic.dosing.rules import HappeningKind, Signs

pytestmark = pytest.mark.django_db


def test_the_record_tells_the_whole_day(cast: Cast) -> None:
    session = arrive(cast, plan_course(cast))
    nurse, url = cast.nurse.client(), f"/dosing/{session.pk}/record"
    assert "Nothing was noted." in nurse.get(url).content.decode()  # before anything happened
    make_ready(cast, session)
    viewer = cast.nurse.viewer
    actions.record_reading(
        session_id=session.pk, key=uuid4(), signs=Signs(systolic_mmhg=146), observed_at=MORNING,
        viewer=viewer, at=MORNING,
    )  # fmt: skip
    actions.clear(
        session_id=session.pk, overrides={"systolic": "Usual for her."},
        viewer=cast.prescriber.viewer, at=MORNING,
    )  # fmt: skip
    actions.start_dose(session_id=session.pk, viewer=viewer, at=MORNING)
    tapped = actions.note_happening(
        session_id=session.pk, key=uuid4(), kind=HappeningKind.NAUSEA, observed_at=MORNING,
        viewer=viewer, at=MORNING,
    )  # fmt: skip
    actions.take_out_happening(
        session_id=session.pk, key=tapped.key, reason="The wrong chair.", viewer=viewer, at=MORNING
    )
    actions.end_dose(
        session_id=session.pk, stop_reason="Anxious.", viewer=viewer,
        at=MORNING + timedelta(minutes=20),
    )  # fmt: skip
    page = nurse.get(url).content.decode()
    for said in (
        cast.patient.patient.number, "0.5 mg/kg × 70.0 kg = 35.0 mg", "17.5 mg", "Anxious.",
        "Usual for her.", "<s>Nausea</s>", "The wrong chair.", "arterial", f"Longlight {__version__}",
        cast.prescriber.viewer.name,
    ):  # fmt: skip
        assert said in page, said
    for other in (cast.front_desk, cast.patient, cast.nurse_of_b, cast.stranger):
        assert other.client().get(url).status_code == 404
