"""The database chooses and counts as the rules of one course do: on random courses and scores, against the slow way."""

import random
from collections import Counter
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast
from tests.walk import MORNING, TODAY

from longlight.clinic.assessments.models import Assessment, Score
from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.followup.queries import scores_by_instrument
from longlight.clinic.outcomes.queries import Pair, cohort_table, groups_of, named, people_behind
from longlight.clinic.outcomes.rules import Group
from longlight.clinic.people.models import Patient
from longlight.science import outcomes

pytestmark = pytest.mark.django_db
PROTOCOLS = ("iv-twice-weekly", "iv-with-talk-therapy", "im-experience")
STATUSES = ("done", "done", "done", "missed", "planned", "cancelled")
Counts = Counter[tuple[str, Group]]


def course(patient: Patient, dice: random.Random, *, now: datetime) -> None:
    made = Course.objects.create(
        patient=patient, protocol_id=dice.choice(PROTOCOLS), protocol_version="1",
        protocol_hash="0" * 64, approach_id="medicine", start_on=TODAY, status="completed",
        made_at=now, made_by_id=uuid4(), made_by_name="dice",
    )  # fmt: skip
    first = TODAY - timedelta(days=dice.randrange(200))
    for number in range(dice.randrange(7)):
        PlannedSession.objects.create(
            course=made, kind=dice.choice(["dosing", "dosing", "integration"]),
            phase_id=dice.choice(["induction", "induction", "maintenance"]), title="Visit",
            on=first + timedelta(days=4 * number), dose_number=number,
            status=dice.choice(STATUSES),
        )  # fmt: skip


def score(patient: Patient, dice: random.Random) -> None:
    total = dice.randrange(28)
    kept = Assessment.objects.create(
        patient=patient, instrument_id=dice.choice(["phq-9", "phq-9", "gad-7"]),
        instrument_version="1", source="paper", given_total_points=total,
        on=TODAY - timedelta(days=dice.randrange(-20, 230)), content_key=uuid4().hex,
        clock=dice.choice([None, time(dice.randrange(24), dice.randrange(60))]),
        entered_at=MORNING + timedelta(seconds=dice.randrange(10**6)), entered_by_name="dice",
    )  # fmt: skip
    points = None if dice.random() < 0.1 else total
    Score.objects.create(assessment=kept, total_points=points)
    if dice.random() < 0.1:
        Assessment.objects.filter(pk=kept.pk).update(
            status="entered-in-error", corrected_at=MORNING, correction_reason="a slip"
        )


def one_by_one(cast: Cast, today: date) -> Counts:
    """The slow reference: each course by the functions that judge a single one."""
    rules, counts = outcomes.criteria(), Counts()
    ids = list(Patient.objects.values_list("pk", flat=True))
    scores = scores_by_instrument(viewer=cast.director.viewer, patient_ids=ids)
    for each in Course.objects.filter(patient__clinic=cast.clinic_a):
        given = list(
            each.sessions.filter(kind="dosing", status="done").order_by("on", "dose_number", "pk")
        )
        if not given:
            continue
        mine = scores.get(each.patient_id, {}).get("phq-9", [])
        last_on = max(s.on for s in given if s.phase_id == given[0].phase_id)
        baseline = outcomes.baseline_of(mine, given[0].on, rules)
        found = outcomes.outcome_of(mine, last_on, rules)
        is_open = today <= last_on + timedelta(days=int(rules.window_to.value))
        pair = Pair(baseline and baseline.total_points, found and found.total_points, is_open)
        counts.update((each.protocol_id, group) for group in groups_of(pair))
    return counts


def told(cast: Cast, today: date) -> Counts:
    table = cohort_table(viewer=cast.director.viewer, today=today)
    return Counts(
        {(row.protocol_id, cell.group): cell.count or 0 for row in table for cell in row.cells}
    )


@pytest.fixture
def dice() -> random.Random:
    return random.Random(20261126)


def test_the_database_counts_as_the_rules_of_one_course_do(cast: Cast, dice: random.Random) -> None:
    for number in range(60):
        clinic = cast.clinic_a if number % 10 else cast.clinic_b
        patient = Patient.objects.create(clinic=clinic, number=f"R-{number}", name=f"R {number}")
        for _ in range(dice.randrange(3)):
            course(patient, dice, now=MORNING)
        for _ in range(dice.randrange(25)):
            score(patient, dice)
    met = set()
    for today in (TODAY, TODAY - timedelta(days=40), TODAY + timedelta(days=90)):
        counted = +told(cast, today)
        assert counted == one_by_one(cast, today)
        met |= {group for _, group in counted}
    assert met == set(Group)  # nothing was equal for want of people


def test_each_number_opens_the_people_behind_it(cast: Cast, dice: random.Random) -> None:
    for number in range(20):
        patient = Patient.objects.create(
            clinic=cast.clinic_a, number=f"R-{number}", name=f"R {number}"
        )
        course(patient, dice, now=MORNING)
        for _ in range(8):
            score(patient, dice)
    for (protocol_id, group), count in told(cast, TODAY).items():
        found = people_behind(
            viewer=cast.director.viewer, protocol_id=protocol_id, group=group, today=TODAY
        )
        assert len(found) == count
        assert [each.pk for each in named(found)] == found


def test_one_query_however_many_courses(cast: Cast, dice: random.Random) -> None:
    for number in range(12):
        patient = Patient.objects.create(
            clinic=cast.clinic_a, number=f"R-{number}", name=f"R {number}"
        )
        course(patient, dice, now=MORNING)
    with CaptureQueriesContext(connection) as asked:
        cohort_table(viewer=cast.director.viewer, today=TODAY)
    assert len(asked) == 1
