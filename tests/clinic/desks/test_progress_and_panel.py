"""What a patient follows on Progress, on paper too; and what stands beside the figure on a chart."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from tests.cast import Cast
from tests.clinic.followup.test_followup import score
from tests.walk import MORNING, TODAY, arrive, make_ready, plan_course

from longlight.clinic.assessments.actions import FilledIn, record_assessment
from longlight.clinic.assessments.actions.following import follow_measures
from longlight.clinic.assessments.models import FollowedMeasures
from longlight.clinic.assessments.rules import Source
from longlight.clinic.dosing import actions
from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow
from longlight.science import instruments

pytestmark = pytest.mark.django_db


def page(person: object, name: str, *parts: object) -> str:
    with time_machine.travel(MORNING, tick=False):
        answer = person.client().get(reverse(name, args=parts))  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_each_measure_that_is_followed_has_its_figure(cast: Cast) -> None:
    score(cast, TODAY - timedelta(days=9), 20)
    score(cast, TODAY, 7)
    shown = page(cast.patient, "patient-progress")
    assert "your last score was <b>7</b>" in shown
    assert "Your PHQ-9 scores" in shown
    client = cast.patient.client()
    follow = reverse("patient-follow")
    assert client.post(follow, {"measure": ["gad-7", "no-such"]}).status_code == 302
    assert FollowedMeasures.objects.get().instrument_ids == []  # of neither there is a score
    none = page(cast.patient, "patient-progress")
    assert "You follow no measure now" in none
    assert "Your PHQ-9 scores" not in none
    assert client.post(follow, {"measure": ["phq-9"]}).status_code == 302
    assert "Your PHQ-9 scores" in page(cast.patient, "patient-progress")
    assert AuditRow.objects.filter(verb="measures-followed").count() == 2


def test_on_paper_the_table_is_open(cast: Cast) -> None:
    assert "No score yet" in page(cast.patient, "patient-progress-print")
    score(cast, TODAY - timedelta(days=9), 20)
    printed = page(cast.patient, "patient-progress-print")
    assert "<details" not in printed
    assert "Scores and treatments, by day" in printed


def test_others_choose_nothing_for_a_patient(cast: Cast) -> None:
    for person in (cast.nurse, cast.director):
        with pytest.raises(Refused):
            follow_measures(instrument_ids=["phq-9"], viewer=person.viewer, at=MORNING)
    assert FollowedMeasures.objects.count() == 0


def test_the_panel_tells_the_plan_the_phase_and_item_nine(cast: Cast) -> None:
    chart = cast.patient.patient.id
    before = page(cast.nurse, "chart", chart)
    assert "never answered here" in before
    assert "none yet" in before  # no safety plan
    assert "The whole course" not in before
    plan_course(cast)
    phq = instruments.get("phq-9")
    for days_ago, said in ((9, 0), (2, 2)):
        answers = {item.id: 1 for item in phq.items} | {phq.items[8].id: said}
        on = TODAY - timedelta(days=days_ago)
        record_assessment(
            patient_id=chart, viewer=cast.nurse.viewer, at=MORNING,
            filled_in=FilledIn(uuid.uuid4(), "phq-9", on, Source.PHONE, answers=answers),
        )  # fmt: skip
    after = page(cast.nurse, "chart", chart)
    assert re.search(r'class="alert">2, 21 Nov 2026', after)
    assert "The whole course" in after
    assert "0 of" in after
    assert "Treatment 1, 23 Nov 2026" in after
    assert "1985 (41)" in after


def test_a_dose_given_here_stands_on_the_figure(cast: Cast) -> None:
    score(cast, TODAY - timedelta(days=1), 20)
    session = arrive(cast, plan_course(cast))
    make_ready(cast, session)
    at_chair = {"session_id": session.pk, "viewer": cast.nurse.viewer, "at": MORNING}
    actions.clear(overrides={}, **at_chair)
    actions.start_dose(**at_chair)
    for shown in (
        page(cast.nurse, "chart", cast.patient.patient.id),
        page(cast.patient, "patient-progress"),
    ):
        assert "induction 35 mg" in shown
