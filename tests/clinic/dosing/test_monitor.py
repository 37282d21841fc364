"""The live monitor: what it asks for, what a device's queue is answered, and what one page costs the database."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast
from tests.walk import MORNING, arrive, make_ready, plan_course

from longlight.clinic.dosing import actions
from longlight.clinic.dosing.models import DosingSession, Happening, Reading

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}
SIGNS = {"systolic_mmhg": "134", "diastolic_mmhg": "82", "heart_rate_bpm": "78"}


@pytest.fixture
def running(cast: Cast) -> DosingSession:
    session = arrive(cast, plan_course(cast))
    make_ready(cast, session)
    actions.clear(session_id=session.pk, overrides={}, viewer=cast.nurse.viewer, at=MORNING)
    actions.start_dose(session_id=session.pk, viewer=cast.nurse.viewer, at=MORNING)
    return session


@pytest.fixture
def nurse(cast: Cast) -> Client:
    return cast.nurse.client()


@pytest.fixture(autouse=True)
def _five_past() -> object:
    with time_machine.travel(MORNING + timedelta(minutes=5), tick=False) as now:
        yield now


def test_nothing_new_is_answered_with_nothing(running: DosingSession, nurse: Client) -> None:
    url = f"/dosing/{running.pk}/live"
    first = nurse.get(url).json()
    assert set(first["regions"]) == {"strip", "alarm", "values", "log", "foot"}
    again = nurse.get(url, {"tag": first["tag"]})
    assert again.status_code == 204
    assert again.headers["X-Server-Now"]
    nurse.post(f"/dosing/{running.pk}/reading", {"key": str(uuid4()), **SIGNS})
    changed = nurse.get(url, {"tag": first["tag"]}).json()
    assert "134/82" in changed["regions"]["log"]
    assert changed["plot"]["systolic"][-1] == 134
    assert changed["last"]["systolic_mmhg"] == "last 134"


def test_the_plot_says_whose_model_it_is(running: DosingSession, nurse: Client) -> None:
    predicted = nurse.get(f"/dosing/{running.pk}/live").json()["plot"]["predicted"]
    assert "arterial" in predicted["said"]
    assert "14 raw data sets" in predicted["said"]
    page = nurse.get(f"/dosing/{running.pk}/").content.decode()
    assert "model, not a measurement" in page
    assert "arterial" in page
    assert "70.0 kg, 35.0 mg, " in page


def test_a_queue_is_told_what_became_of_each_entry(running: DosingSession, nurse: Client) -> None:
    url = f"/dosing/{running.pk}/reading"
    row = {
        "key": str(uuid4()),
        **SIGNS,
        "observed_at": (MORNING + timedelta(minutes=3)).isoformat(),
    }
    for _twice in range(2):
        assert nurse.post(url, row, **JSON).json() == {"kept": True}
    assert Reading.objects.filter(key=row["key"]).get().observed_at == MORNING + timedelta(
        minutes=3
    )
    empty = nurse.post(url, {"key": str(uuid4())}, **JSON)
    assert (empty.status_code, empty.json()["sentence"]) == (409, "Type at least one value.")
    odd = nurse.post(url, {"key": str(uuid4()), "systolic_mmhg": "high"}, **JSON)
    assert (odd.status_code, odd.json()["sentence"]) == (422, "Systolic: type a number.")


def test_an_unlikely_value_is_asked_about_once_and_then_kept(
    running: DosingSession, nurse: Client
) -> None:
    url, key = f"/dosing/{running.pk}/reading", str(uuid4())
    row = {"key": key, "oxygen_saturation_percent": "9"}
    asked = nurse.post(url, row, **JSON)
    assert asked.status_code == 422
    assert "Oxygen saturation 9: is that right?" in asked.json()["questions"][0]
    assert not Reading.objects.filter(key=key).exists()
    assert nurse.post(url, row | {"sure": asked.json()["sure"]}, **JSON).json() == {"kept": True}
    assert Reading.objects.get(key=key).oxygen_saturation_percent == 9


def test_without_script_saving_once_more_keeps_it(running: DosingSession, nurse: Client) -> None:
    url = f"/dosing/{running.pk}/reading"
    row = {"key": str(uuid4()), "systolic_mmhg": "80", "diastolic_mmhg": "95"}
    asked = nurse.post(url, row)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "Diastolic 95 is not under systolic 80" in page
    assert 'value="diastolic_mmhg=95"' in page
    assert nurse.post(url, row | {"sure": "diastolic_mmhg=95"}).status_code == 302
    assert Reading.objects.get(key=row["key"]).diastolic_mmhg == 95


def test_a_true_bad_value_is_saved_and_then_prompts(running: DosingSession, nurse: Client) -> None:
    nurse.post(f"/dosing/{running.pk}/reading", {"key": str(uuid4()), "systolic_mmhg": "188"})
    page = nurse.get(f"/dosing/{running.pk}/").content.decode()
    assert "Systolic pressure 188: at or over 180." in page
    assert "Measure again in five minutes" in page


def test_taps_work_without_script(running: DosingSession, nurse: Client) -> None:
    url, key = f"/dosing/{running.pk}/", str(uuid4())
    assert nurse.post(f"{url}happening", {"key": key, "kind": "paused"}).status_code == 302
    page = nurse.get(url).content.decode()
    assert "Infusion paused" in page
    assert "Resume" in page
    assert nurse.post(f"{url}happening", {"key": str(uuid4()), "kind": "paused"}).status_code == 409
    assert f"happening/{key}/undo" in page
    assert nurse.post(f"{url}happening/{key}/undo").status_code == 302
    assert "<s>Infusion paused" in nurse.get(url).content.decode()


def test_a_line_is_taken_out_with_a_reason(running: DosingSession, nurse: Client) -> None:
    url, key = f"/dosing/{running.pk}/happening", str(uuid4())
    nurse.post(url, {"key": key, "kind": "nausea"})
    out = f"{url}/{key}/take-out"
    assert nurse.get(out).status_code == 200
    assert nurse.post(out, {"reason": ""}).status_code == 422
    assert nurse.post(out, {"reason": "The wrong chair."}).status_code == 302
    assert nurse.post(out, {"reason": "Again."}).status_code == 409
    assert Happening.objects.get(key=key).correction_reason == "The wrong chair."
    assert nurse.get(f"{url}/{uuid4()}/take-out").status_code == 404


def test_a_therapist_looks_and_types_nothing(cast: Cast, running: DosingSession) -> None:
    therapist = cast.therapist.client()
    page = therapist.get(f"/dosing/{running.pk}/").content.decode()
    assert "Save signs" not in page
    tapped = therapist.post(
        f"/dosing/{running.pk}/happening", {"key": str(uuid4()), "kind": "nausea"}
    )
    assert tapped.status_code == 404


def test_the_leaving_checks_stand_beside_the_monitor(running: DosingSession, nurse: Client) -> None:
    url = f"/dosing/{running.pk}/"
    assert nurse.get(f"{url}leaving").status_code == 302
    nurse.post(f"{url}dose-end")
    assert "Leaving checks" in nurse.get(url).content.decode()
    checks = nurse.get(f"{url}leaving").content.decode()
    assert "May the person leave?" in checks
    kept = nurse.post(f"{url}escort", {"name": "Kim Quill"})
    assert kept.headers["Location"] == f"{url}leaving"
    assert nurse.post(f"{url}ready").status_code == 409


def test_a_look_costs_the_same_however_long_the_log(running: DosingSession, nurse: Client) -> None:
    url = f"/dosing/{running.pk}/"
    nurse.get(url)
    with CaptureQueriesContext(connection) as short:
        nurse.get(url)
    for _each in range(12):
        nurse.post(f"{url}reading", {"key": str(uuid4()), **SIGNS})
        nurse.post(f"{url}happening", {"key": str(uuid4()), "kind": "nausea"})
    nurse.get(url)
    with CaptureQueriesContext(connection) as long:
        nurse.get(url)
    assert len(long) == len(short) <= 40
    tag = nurse.get(f"{url}live").json()["tag"]
    with CaptureQueriesContext(connection) as quiet:
        assert nurse.get(f"{url}live", {"tag": tag}).status_code == 204
    assert len(quiet) <= 14
