"""Everything measured: whatever the size of a page, all of it once, newest first; noted as a look; only for who may."""

import random
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import MADE_AT, Cast

from longlight.clinic.assessments.models import Assessment, Score
from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.dosing.models import DosingSession, Reading
from longlight.clinic.people.models import Patient
from longlight.clinic.record.models import AuditRow

NEW_YORK = ZoneInfo("America/New_York")
SIGNS = (
    "systolic_mmhg",
    "diastolic_mmhg",
    "heart_rate_bpm",
    "oxygen_saturation_percent",
    "breaths_per_min",
)


def session_of(patient: Patient) -> DosingSession:
    course = Course.objects.create(
        patient=patient, protocol_id="iv-twice-weekly", protocol_version="1", protocol_hash="0" * 64,
        approach_id="medicine", start_on=date(2026, 3, 2), made_by_id=uuid.uuid4(), made_by_name="cast",
        made_at=MADE_AT,
    )  # fmt: skip
    planned = PlannedSession.objects.create(
        course=course, kind="dosing", phase_id="induction", title="1", on=date(2026, 3, 2)
    )
    return DosingSession.objects.create(clinic=patient.clinic, patient=patient, planned=planned)


def read(session: DosingSession, at: datetime, **values: Any) -> Reading:
    return Reading.objects.create(
        key=uuid.uuid4(), session=session, observed_at=at, entered_at=at, by_id=uuid.uuid4(),
        by_name="J. Oyelaran", **values,
    )  # fmt: skip


def score(patient: Patient, on: date, clock: time | None, total: float | None) -> Assessment:
    made = Assessment.objects.create(
        patient=patient, instrument_id="phq-9", instrument_version="1", source="paper", on=on, clock=clock,
        answers={}, entered_at=MADE_AT, entered_by_name="N. Sol", content_key=uuid.uuid4().hex,
    )  # fmt: skip
    Score.objects.create(assessment=made, total_points=total)
    return made


@pytest.fixture
def record(cast: Cast) -> list[tuple[datetime, str, str, float | None]]:
    """Forty entries at few moments, so that many fall together; told again by a slow reference, newest first."""
    chance, told = random.Random(5), []
    patient = cast.patient.patient
    session = session_of(patient)
    for _ in range(28):
        at = MADE_AT + timedelta(minutes=chance.randint(0, 6))
        values = {sign: chance.randint(60, 130) for sign in SIGNS if chance.random() < 0.6}
        reading = read(session, at, note="seen", **values)
        told += [(at, str(reading.key), sign, float(value)) for sign, value in values.items()]
    for _ in range(12):
        on = MADE_AT.date() + timedelta(days=chance.randint(-2, 1))
        clock = chance.choice([None, time(0), time(4, chance.randint(0, 6))])
        total = chance.choice([None, 7.0, 19.0])
        made = score(patient, on, clock, total)
        at = datetime.combine(on, clock or time(0), NEW_YORK).astimezone(UTC)
        told.append((at, str(made.id), "phq-9", total))
    other = session_of(cast.patient_of_b.patient)
    read(other, MADE_AT, systolic_mmhg=199)
    return sorted(told, key=lambda one: (one[0], one[1]), reverse=True)


def walk(cast: Cast, limit: int) -> list[list[dict[str, Any]]]:
    client, pages = cast.nurse.client(), []
    url = f"{reverse('chart-observations-json', args=[cast.patient.patient.id])}?limit={limit}"
    while url:
        answer = client.get(url)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        page = answer.json()
        assert page["count"] == len(page["observations"])
        pages.append(page["observations"])
        url = page["next"]
    return pages


@pytest.mark.parametrize(
    ("limit", "at_once"), [(1, 250), (4, 1), (4, 250), (17, 3), (1000, 1), (1000, 3), (1000, 250)]
)
def test_every_page_size_gives_all_of_it_once(
    limit: int, at_once: int, record: list[Any], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("longlight.clinic.desks.observations.READ_AT_ONCE", at_once)
    pages = walk(cast, limit)
    found = [(one["entry"], one["code"], one["value"]) for page in pages for one in page]
    assert found == [(entry, code, value) for _, entry, code, value in record]
    assert all(len(page) <= max(limit, len(SIGNS)) for page in pages)
    assert len(pages) > 1 or limit == 1000


def test_an_observation_tells_its_unit_and_when_it_was(cast: Cast) -> None:
    session = session_of(cast.patient.patient)
    read(session, MADE_AT, systolic_mmhg=126, weight_kg="81.5")
    score(cast.patient.patient, date(2026, 3, 1), None, 19)
    (page,) = walk(cast, 1000)
    assert [(o["code"], o["value"], o["unit"], o["at"], o["kind"]) for o in page] == [
        ("systolic_mmhg", 126.0, "mmHg", "2026-03-02T09:00:00Z", "sign"),
        ("weight_kg", 81.5, "kg", "2026-03-02T09:00:00Z", "sign"),
        ("phq-9", 19.0, "points", "2026-03-01", "score"),
    ]


def test_a_look_is_noted_once(record: list[Any], cast: Cast) -> None:
    walk(cast, 10)
    rows = AuditRow.objects.filter(chain_kind="reads", chain_subject=cast.patient.patient.id)
    assert [row.details for row in rows] == [{"purpose": "observations"}]


@pytest.mark.parametrize(
    "asked", ["limit=0", "limit=1001", "limit=many", "before=x", "before=2026-01-01_x", "limit=%00", "before=0001-01-01T00:00%2B10:00_" + str(uuid.UUID(int=1))],
)  # fmt: skip
def test_a_wrong_question_is_told_what_to_do(asked: str, cast: Cast) -> None:
    args = [cast.patient.patient.id]
    answer = cast.nurse.client().get(f"{reverse('chart-observations-json', args=args)}?{asked}")
    assert answer.status_code == 400
    assert "`" in answer.json()["error"]
    page = cast.nurse.client().get(f"{reverse('chart-observations', args=args)}?{asked}")
    assert (page.status_code, b"Here is its beginning" in page.content) == (400, True)


@pytest.mark.parametrize("name", ["chart-observations", "chart-observations-json"])
def test_who_may_not_see_the_chart_gets_nothing(name: str, record: list[Any], cast: Cast) -> None:
    url = reverse(name, args=[cast.patient.patient.id])
    for person in (cast.nurse_of_b, cast.front_desk, cast.patient, cast.administrator):
        assert person.client().get(url).status_code == 404
    assert not AuditRow.objects.filter(chain_kind="reads").exists()


def test_the_page_shows_a_line_for_each_time_and_leads_to_the_older(
    record: list[Any], cast: Cast
) -> None:
    session = DosingSession.objects.get(patient=cast.patient.patient)
    read(
        session,
        MADE_AT + timedelta(days=1),
        systolic_mmhg=126,
        diastolic_mmhg=78,
        heart_rate_bpm=72,
    )
    client, url = cast.nurse.client(), reverse("chart-observations", args=[cast.patient.patient.id])
    page = client.get(f"{url}?limit=10").content.decode()
    assert "126/78 mmHg · Pulse 72 /min" in page
    assert "Older" in page
    whole = client.get(f"{url}?limit=1000").content.decode()
    assert (whole.count('<tr><th scope="row"'), "Older" in whole) == (41, False)


def test_the_list_takes_as_many_queries_for_a_thousand_as_for_one(
    record: list[Any], cast: Cast
) -> None:
    client = cast.nurse.client()
    for name in ("chart-observations-json", "chart-observations"):
        url = reverse(name, args=[cast.patient.patient.id])
        client.get(url)
        counts = []
        for limit in (1, 1000):
            with CaptureQueriesContext(connection) as asked:
                client.get(f"{url}?limit={limit}")
            counts.append(len(asked))
        assert counts[0] == counts[1], name
