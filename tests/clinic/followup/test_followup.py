"""A status names the scores it rests on; the calendar proposes a booster and a prescriber decides."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from tests.cast import Cast
from tests.walk import MORNING, TODAY, plan_course

from longlight.clinic.assessments.actions import FilledIn, record_assessment
from longlight.clinic.assessments.rules import Source
from longlight.clinic.courses.actions import mark_done
from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.followup.actions import decide_booster
from longlight.clinic.followup.models import BoosterDecision
from longlight.clinic.followup.queries import Status, proposed_booster, statuses
from longlight.clinic.followup.rules import BoosterChoice, CannotDecideBooster
from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow

pytestmark = pytest.mark.django_db


def score(cast: Cast, on: date, total: float) -> None:
    record_assessment(
        patient_id=cast.patient.patient.id,
        filled_in=FilledIn(uuid.uuid4(), "phq-9", on, Source.PAPER, total_points=total),
        viewer=cast.nurse.viewer,
        at=MORNING + timedelta(days=90),
    )


def first_dose(cast: Cast) -> Course:
    course = plan_course(cast)
    session = course.sessions.filter(kind="dosing").order_by("on")[0]
    mark_done(
        session_id=session.pk, event_id=uuid.uuid4(), day=TODAY, by=cast.nurse.viewer.actor,
        at=MORNING,
    )  # fmt: skip
    return course


def status(cast: Cast) -> Status:
    return statuses(viewer=cast.nurse.viewer, patient_id=cast.patient.patient.id)[0]


@pytest.mark.parametrize(
    ("latest", "word"),
    [(4, "remission"), (10, "response"), (11, "no-response"), (25, "deterioration")],
)
def test_a_status_by_the_published_criteria(cast: Cast, latest: int, word: str) -> None:
    first_dose(cast)
    score(cast, TODAY - timedelta(days=2), 20)
    score(cast, TODAY + timedelta(days=30), latest)
    judged = status(cast).judged
    assert judged is not None
    assert (judged.status, judged.baseline.total_points, judged.latest.on) == (
        word, 20, TODAY + timedelta(days=30),
    )  # fmt: skip


def test_without_a_baseline_or_a_dose_it_says_why(cast: Cast) -> None:
    score(cast, TODAY - timedelta(days=60), 20)
    assert "No dose" in status(cast).why_not
    first_dose(cast)
    score(cast, TODAY + timedelta(days=3), 5)
    assert "no baseline" in status(cast).why_not
    score(cast, TODAY, 21)
    assert status(cast).judged is not None


def booster(cast: Cast) -> PlannedSession:
    proposed = proposed_booster(viewer=cast.nurse.viewer, patient_id=cast.patient.patient.id)
    assert proposed is not None
    return proposed.session


def decide(cast: Cast, session_id: uuid.UUID, choice: BoosterChoice, *, by: str = "prescriber",
           reason: str = "Well without it.") -> BoosterDecision:  # fmt: skip
    return decide_booster(
        patient_id=cast.patient.patient.id, session_id=session_id, choice=choice, reason=reason,
        viewer=getattr(cast, by).viewer, at=MORNING,
    )  # fmt: skip


def test_a_declined_booster_is_cancelled_and_the_next_one_is_proposed(cast: Cast) -> None:
    first_dose(cast)
    session = booster(cast)
    assert session.phase_id == "boosters"
    decide(cast, session.pk, BoosterChoice.DECLINED)
    session.refresh_from_db()
    assert (session.status, session.reason) == ("cancelled", "Well without it.")
    assert booster(cast).on > session.on
    assert AuditRow.objects.filter(verb="booster-declined").count() == 1


def test_an_accepted_one_stays_and_is_decided_once(cast: Cast) -> None:
    first_dose(cast)
    score(cast, TODAY, 20)
    score(cast, TODAY + timedelta(days=30), 9)
    session = booster(cast)
    kept = decide(cast, session.pk, BoosterChoice.ACCEPTED)
    assert kept.rests_on[0]["status"] == "response"
    assert len(kept.rests_on[0]["scores"]) == 2
    with pytest.raises(CannotDecideBooster, match="already"):
        decide(cast, session.pk, BoosterChoice.DECLINED)
    with pytest.raises(CannotDecideBooster, match=r"no such booster.*Say why"):
        decide(cast, uuid.uuid4(), BoosterChoice.ACCEPTED, reason=" ")
    assert BoosterDecision.objects.count() == 1


@pytest.mark.parametrize("role", ["nurse", "therapist", "director", "patient", "nurse_of_b"])
def test_only_a_prescriber_decides(cast: Cast, role: str) -> None:
    first_dose(cast)
    with pytest.raises(Refused):
        decide(cast, booster(cast).pk, BoosterChoice.ACCEPTED, by=role)
    assert not BoosterDecision.objects.exists()


def test_the_pages_say_it(cast: Cast) -> None:
    first_dose(cast)
    score(cast, TODAY, 20)
    score(cast, TODAY + timedelta(days=30), 9)
    page = reverse("follow-up", args=[cast.patient.patient.id])
    told = cast.nurse.client().get(page).content.decode()
    for part in ("Response", "McInnes", "Criteria version", "A prescriber decides"):
        assert part in told
    assert b"Response" in cast.nurse.client().get(page.replace("follow-up/", "")).content
    own = cast.patient.client().get(reverse("patient-progress")).content
    assert b"at least half better" in own
    client, decide_url = (
        cast.prescriber.client(),
        reverse("booster-decide", args=[cast.patient.patient.id]),
    )
    said = {"session_id": str(booster(cast).pk), "choice": "accepted", "reason": "It helped."}
    assert client.post(decide_url, {**said, "reason": ""}).status_code == 422
    assert client.post(decide_url, said).status_code == 302
    assert client.post(decide_url, said).status_code == 409
    assert b"It helped." in client.get(page).content
