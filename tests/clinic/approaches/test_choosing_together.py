"""Choosing together: what is written down, when it is due again, who may; and a patient's own summary."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import Cast, Person
from tests.decision_aid_walk import Visitor

from longlight.clinic.approaches.actions.together import (
    bring_own_choice,
    correct_choice,
    record_choice,
)
from longlight.clinic.approaches.models import BroughtChoice, SharedChoice
from longlight.clinic.approaches.queries.together import choices_of
from longlight.clinic.approaches.rules.together import (
    CannotRecord,
    Chosen,
    CourseDays,
    DueChoice,
    Occasion,
    Written,
    due_choice,
    leans_elsewhere,
    reasons_not_to_record,
)
from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.desks.choices import due_choices
from longlight.clinic.record.models import AuditRow
from longlight.clinic.record.rules import CannotCorrect
from longlight.science.evidence import decision_aid

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PRIVATE = "my father drank"


def written(**changes: Any) -> Written:
    said: dict[str, Any] = {"id": uuid.uuid4(), "occasion": Occasion.FIRST, "chosen": Chosen.OPEN}
    return Written(**said | changes)


def record(cast: Cast, by: Person, **changes: Any) -> SharedChoice:
    return record_choice(
        patient_id=cast.patient.patient.id, written=written(**changes), viewer=by.viewer, at=AT
    )


def test_the_aids_options_are_what_can_be_chosen() -> None:
    assert {c.value for c in Chosen} - {"open"} == {o.id for o in decision_aid().options}


@given(st.sampled_from([None, *Chosen]), st.sampled_from([None, *Chosen]))
def test_a_reason_is_asked_exactly_where_the_choice_leans_elsewhere(
    leaning: Chosen | None, chosen: Chosen | None
) -> None:
    silent = reasons_not_to_record(written(leaning=leaning, chosen=chosen))
    spoken = reasons_not_to_record(written(leaning=leaning, chosen=chosen, reason="their heart"))
    settled = {leaning, chosen} - {None, Chosen.OPEN}
    assert leans_elsewhere(leaning, chosen) == (len(settled) == 2)
    assert (len(silent) > len(spoken)) == leans_elsewhere(leaning, chosen)
    assert bool(spoken) == (chosen is None)


COURSE = uuid.UUID(int=5)
days = st.integers(-40, 40).map(lambda n: TODAY + timedelta(days=n))
courses = st.none() | st.builds(CourseDays, st.just(COURSE), st.none() | days, st.booleans())
looks = st.sets(
    st.sampled_from([(o, c) for o in Occasion for c in (None, COURSE, uuid.UUID(int=6))])
)


@given(courses, looks)
def test_it_is_due_before_a_course_at_its_treatment_and_at_its_end_once_each(
    course: CourseDays | None, looked_at: set[tuple[Occasion, uuid.UUID | None]]
) -> None:
    due = due_choice(course, looked_at, TODAY)
    if due is None:
        return
    # Whatever is due is due no more once it was looked at.
    assert due_choice(course, looked_at | {(due.occasion, due.course_id)}, TODAY) is None
    if course is None:
        assert (due.occasion, looked_at) == (Occasion.FIRST, set())
    elif course.has_ended:
        assert due.occasion is Occasion.END
    else:
        assert due.occasion is Occasion.AGAIN
        assert course.again_on is not None
        assert course.again_on <= TODAY


@pytest.mark.django_db
def test_it_is_due_at_the_third_treatment_of_the_plan_and_at_the_end(cast: Cast) -> None:
    patient = cast.patient.patient

    def due(today: date) -> DueChoice | None:
        return due_choices([patient.id], today).get(patient.id)

    assert due(TODAY) == DueChoice(Occasion.FIRST, None)
    course = Course.objects.create(
        patient=patient, protocol_id="iv-twice-weekly", protocol_version="1", protocol_hash="0" * 64,
        approach_id="medicine", start_on=TODAY, made_at=AT, made_by_id=uuid.uuid4(), made_by_name="x",
    )  # fmt: skip
    for number in range(4):
        PlannedSession.objects.create(
            course=course, kind="dosing", phase_id="induction", title=f"Treatment {number + 1}",
            on=TODAY + timedelta(days=3 * number),
        )  # fmt: skip
    third = TODAY + timedelta(days=3 * (decision_aid().asked_again_at_treatment - 1))
    assert third == TODAY + timedelta(days=6)
    assert due(third - timedelta(days=1)) is None
    assert due(third) == DueChoice(Occasion.AGAIN, course.pk)
    record(cast, cast.nurse, occasion=Occasion.AGAIN, course_id=course.pk)
    assert due(third) is None
    Course.objects.update(status="completed", ended_at=AT)
    assert due(third) == DueChoice(Occasion.END, course.pk)


@pytest.mark.django_db
def test_what_was_chosen_is_kept_once_with_the_version_that_the_person_saw(cast: Cast) -> None:
    viewer = cast.patient.viewer
    bring_own_choice(answers={"leaning": PRIVATE}, viewer=viewer, at=AT)
    BroughtChoice.objects.get()
    said = written(
        leaning=Chosen.EXPERIENCE, chosen=Chosen.MEDICINE, matters="sleep", reason=PRIVATE
    )
    for _ in range(2):
        record_choice(
            patient_id=cast.patient.patient.id, written=said, viewer=cast.prescriber.viewer, at=AT
        )
    row = SharedChoice.objects.get()
    assert (row.aid_version, row.evidence_read_until) == (
        decision_aid().version,
        decision_aid().evidence_read_until,
    )
    assert row.brought == BroughtChoice.objects.get()
    noted = AuditRow.objects.filter(verb="shared-choice-recorded").get()
    assert noted.chain_subject == cast.patient.patient.id
    assert not any(PRIVATE in str(one.said()) for one in AuditRow.objects.all())


@pytest.mark.django_db
def test_without_a_why_nothing_is_kept_and_the_wrong_person_cannot(cast: Cast) -> None:
    before = AuditRow.objects.count()
    with pytest.raises(CannotRecord, match="write down why"):
        record(cast, cast.nurse, leaning=Chosen.NOT_NOW, chosen=Chosen.MEDICINE)
    for person in (
        cast.front_desk,
        cast.patient,
        cast.researcher,
        cast.administrator,
        cast.nurse_of_b,
        cast.director,
    ):
        with pytest.raises(Http404):
            record(cast, person)
    with pytest.raises(Http404):
        bring_own_choice(answers={}, viewer=cast.nurse.viewer, at=AT)
    assert not SharedChoice.objects.exists()
    assert AuditRow.objects.count() == before


@pytest.mark.django_db
def test_a_wrong_record_is_corrected_and_stays_struck_out(cast: Cast) -> None:
    wrong = record(cast, cast.therapist, chosen=Chosen.EXPERIENCE)
    right = correct_choice(
        choice_id=wrong.pk, written=written(chosen=Chosen.TALK_THERAPY), why="typed in the wrong line",
        viewer=cast.nurse.viewer, at=AT,
    )  # fmt: skip
    shown = choices_of(patient_id=cast.patient.patient.id, viewer=cast.nurse.viewer, at=AT)
    assert {(one.chosen, one.stands) for one in shown} == {
        ("experience", False), ("talk-therapy", True),
    }  # fmt: skip
    with pytest.raises(CannotCorrect):
        correct_choice(
            choice_id=wrong.pk, written=written(), why="again", viewer=cast.nurse.viewer, at=AT
        )
    for table in (SharedChoice.objects.filter(pk=right.pk),):
        with pytest.raises(IntegrityError), transaction.atomic():
            table.update(chosen="not-now")
        with pytest.raises(IntegrityError), transaction.atomic():
            table.delete()


@pytest.mark.django_db
def test_at_the_visit_the_clinician_sees_asks_and_records(cast: Cast) -> None:
    patient = cast.patient.patient
    bring_own_choice(
        answers={"values": {"cost": "5"}, "questions": PRIVATE}, viewer=cast.patient.viewer, at=AT
    )
    nurse = cast.nurse.client()
    url = f"/patients/{patient.id}/choice/"
    page = nurse.get(url).content.decode()
    assert PRIVATE in page
    assert "Cost" in page
    assert "It matters very much" in page
    said = {
        "id": str(uuid.uuid4()), "occasion": "first", "leaning": "experience",
        "chosen": "medicine", "matters": "a job that waits",
    }  # fmt: skip
    refused = nurse.post(url, said)
    assert refused.status_code == 422
    assert "a job that waits" in refused.content.decode()
    assert nurse.post(url, said | {"reason": "high blood pressure"}).status_code == 302
    chart = nurse.get(f"/patients/{patient.id}/").content.decode()
    for text in ("As a medicine", "high blood pressure", "a job that waits", PRIVATE):
        assert text in chart
    own = cast.patient.client().get("/choice/").content.decode()
    assert "high blood pressure" in own
    director = cast.director.client()
    assert 'name="chosen"' not in director.get(url).content.decode()
    assert director.post(url, said | {"id": str(uuid.uuid4()), "reason": "x"}).status_code == 404


@pytest.mark.django_db
def test_a_patient_gives_their_summary_only_by_saying_so(cast: Cast) -> None:
    visitor = Visitor().to("summary")
    carried = {"carried": visitor.hidden("carried"), "step": "summary", "leaning": PRIVATE}
    own = cast.patient.client()
    asked = own.post("/choice/", carried)
    assert "Give your summary to the clinic?" in asked.content.decode()
    assert not BroughtChoice.objects.exists()
    visitor.answer = asked
    assert own.post("/choice/give/", {"carried": "forged"}).status_code == 422
    assert own.post("/choice/give/", {"carried": visitor.hidden("carried")}).status_code == 302
    assert BroughtChoice.objects.get().answers["leaning"] == PRIVATE
    assert Client().get("/choice/").status_code == 404
    safe = Client(enforce_csrf_checks=True)
    assert safe.post("/choice/give/", {"carried": "x"}).status_code in {403, 404}
