"""A course is made from an adopted protocol, keeps its version, and changes only with a reason."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.cast import Cast
from tests.walk import MORNING, PROTOCOL, adopt, plan_course, screen_as_fit, sign_consent

from longlight.clinic.approaches import actions as approaches
from longlight.clinic.approaches.rules import CannotAdopt
from longlight.clinic.courses import actions, queries
from longlight.clinic.courses.models import Course, PlannedSession, SessionMove
from longlight.clinic.courses.rules import CannotPlan, CourseStatus
from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow
from longlight.science import protocols

pytestmark = pytest.mark.django_db
TODAY = MORNING.date()


def test_a_course_holds_the_sessions_of_its_protocol(cast: Cast) -> None:
    course = plan_course(cast)
    protocol = protocols.get(PROTOCOL)
    planned = sorted(
        (s.on, s.title, s.dose_number) for s in protocols.plan_sessions(protocol, TODAY)
    )
    kept = sorted(course.sessions.values_list("on", "title", "dose_number"))
    assert kept == planned
    assert (course.protocol_version, course.protocol_hash) == (
        protocol.version,
        protocols.content_hash(protocol),
    )
    assert AuditRow.objects.filter(verb="course-made").count() == 1


def test_what_is_missing_is_told_and_nothing_is_planned(cast: Cast) -> None:
    with pytest.raises(CannotPlan) as refusal:
        actions.start_course(
            patient_id=cast.patient.patient.id,
            protocol_id=PROTOCOL,
            start_on=TODAY,
            viewer=cast.prescriber.viewer,
            at=MORNING,
        )
    for part in ("not adopted", "No screening decision", "No signed consent"):
        assert part in str(refusal.value)
    assert not Course.objects.exists()
    assert not PlannedSession.objects.exists()


def test_one_course_runs_at_a_time(cast: Cast) -> None:
    plan_course(cast)
    with pytest.raises(CannotPlan, match="Another course is running"):
        actions.start_course(
            patient_id=cast.patient.patient.id,
            protocol_id=PROTOCOL,
            start_on=TODAY,
            viewer=cast.prescriber.viewer,
            at=MORNING,
        )


def test_a_year_that_was_mistyped_makes_no_course_and_moves_nothing(cast: Cast) -> None:
    adopt(cast)
    screen_as_fit(cast)
    sign_consent(cast)
    with pytest.raises(CannotPlan, match="check the year"):
        actions.start_course(
            patient_id=cast.patient.patient.id, protocol_id=PROTOCOL, start_on=date.max,
            viewer=cast.prescriber.viewer, at=MORNING,
        )  # fmt: skip
    assert not Course.objects.exists()
    course = actions.start_course(
        patient_id=cast.patient.patient.id, protocol_id=PROTOCOL, start_on=TODAY,
        viewer=cast.prescriber.viewer, at=MORNING,
    )  # fmt: skip
    first = doses(course)[0]
    page = cast.prescriber.client().post(
        f"/sessions/{first.pk}/move", {"day": "9999-12-31", "reason": "asked for"}
    )
    assert page.status_code in {409, 422}
    assert "check the year" in page.content.decode()
    assert doses(course)[0].on == TODAY


@pytest.mark.parametrize("role", ["nurse", "therapist", "front_desk", "director", "nurse_of_b"])
def test_only_a_prescriber_of_the_clinic_makes_a_course(cast: Cast, role: str) -> None:
    adopt(cast)
    screen_as_fit(cast)
    sign_consent(cast)
    with pytest.raises(Refused):
        actions.start_course(
            patient_id=cast.patient.patient.id,
            protocol_id=PROTOCOL,
            start_on=TODAY,
            viewer=getattr(cast, role).viewer,
            at=MORNING,
        )
    assert not Course.objects.exists()


def doses(course: Course) -> list[PlannedSession]:
    return list(course.sessions.filter(kind="dosing").order_by("on"))


def move(cast: Cast, session: PlannedSession, days: int, who: str, reason: str = "Ill.") -> None:
    actions.move_session(
        session_id=session.pk,
        day=session.on + timedelta(days=days),
        today=TODAY,
        reason=reason,
        viewer=getattr(cast, who).viewer,
        at=MORNING,
    )


def test_a_session_moves_within_the_gaps_and_remembers_where_it_was(cast: Cast) -> None:
    second = doses(plan_course(cast))[1]
    was = second.on
    move(cast, second, 1, "front_desk")
    second.refresh_from_db()
    assert second.on == was + timedelta(days=1)
    kept = SessionMove.objects.get()
    assert (kept.from_day, kept.to_day, kept.reason) == (was, second.on, "Ill.")


def test_beyond_the_gaps_only_a_prescriber_moves(cast: Cast) -> None:
    second = doses(plan_course(cast))[1]
    with pytest.raises(CannotPlan, match="The protocol asks for"):
        move(cast, second, 60, "front_desk")
    assert not SessionMove.objects.exists()
    move(cast, second, 60, "prescriber")
    assert SessionMove.objects.count() == 1


def test_of_a_restricted_record_only_the_care_team_and_the_desk_change_a_visit(cast: Cast) -> None:
    visit = doses(plan_course(cast))[1]
    patient = cast.patient.patient
    type(patient).objects.filter(pk=patient.pk).update(is_restricted=True)
    refused = {"session_id": visit.pk, "reason": "Ill.", "at": MORNING, "viewer": cast.nurse.viewer}
    for change in (actions.cancel_session, actions.mark_missed):
        with pytest.raises(Refused):
            change(**refused)
    with pytest.raises(Refused):
        move(cast, visit, 1, "therapist")
    assert PlannedSession.objects.get(pk=visit.pk).status == "planned"
    assert not SessionMove.objects.exists()
    actions.cancel_session(**refused | {"viewer": cast.front_desk.viewer})
    assert PlannedSession.objects.get(pk=visit.pk).status == "cancelled"


def test_a_move_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(CannotPlan, match="Say why"):
        move(cast, doses(plan_course(cast))[1], 1, "nurse", reason=" ")


def test_ending_a_course_cancels_what_is_planned_and_keeps_what_was_done(cast: Cast) -> None:
    course = plan_course(cast)
    first = doses(course)[0]
    actions.mark_done(
        session_id=first.pk, event_id=course.pk, day=TODAY, by=cast.nurse.viewer.actor, at=MORNING
    )
    actions.end_course(
        course_id=course.pk,
        status=CourseStatus.STOPPED,
        reason="The person wishes so.",
        viewer=cast.prescriber.viewer,
        at=MORNING,
    )
    assert set(course.sessions.values_list("status", flat=True)) == {"done", "cancelled"}
    with pytest.raises(CannotPlan, match="already"):
        actions.end_course(
            course_id=course.pk,
            status=CourseStatus.COMPLETED,
            reason="x",
            viewer=cast.prescriber.viewer,
            at=MORNING,
        )


def test_adopting_needs_a_sign_off_where_numbers_are_a_choice(cast: Cast) -> None:
    with pytest.raises(CannotAdopt, match="say that you have checked"):
        approaches.adopt(
            protocol_id=PROTOCOL,
            version="1",
            has_signed_off=False,
            viewer=cast.prescriber.viewer,
            at=MORNING,
        )
    with pytest.raises(Refused):
        approaches.adopt(
            protocol_id=PROTOCOL,
            version="1",
            has_signed_off=True,
            viewer=cast.nurse.viewer,
            at=MORNING,
        )


def test_patient_and_staff_see_the_same_days(cast: Cast) -> None:
    course = plan_course(cast)
    staff = cast.nurse.client().get(f"/courses/{course.pk}/").content.decode()
    patient = cast.patient.client().get("/plan/").content.decode()
    for session in doses(course):
        assert session.title in staff
        assert session.title in patient
    assert cast.other_patient.client().get("/plan/").content.decode().count("Treatment 1") == 0
    assert cast.nurse_of_b.client().get(f"/courses/{course.pk}/").status_code == 404


def test_the_pages_make_move_and_end_a_course(cast: Cast) -> None:
    patient_id = cast.patient.patient.id
    prescriber = cast.prescriber.client()
    start_on = datetime.now(UTC).date() + timedelta(days=30)
    other_day = str(start_on + timedelta(days=4))
    form = {"protocol": PROTOCOL, "start_on": str(start_on)}
    refused = prescriber.post(f"/protocols/{PROTOCOL}/adopt", {"version": "1"})
    assert refused.status_code == 409
    assert prescriber.post(f"/protocols/{PROTOCOL}/adopt").status_code == 422
    assert prescriber.post("/protocols/no-such/adopt").status_code == 404
    prescriber.post(f"/protocols/{PROTOCOL}/adopt", {"version": "1", "signed_off": "yes"})
    refused = prescriber.post(f"/patients/{patient_id}/course/", form)
    assert refused.status_code == 409
    assert "No screening decision" in refused.content.decode()
    screen_as_fit(cast)
    sign_consent(cast)
    assert prescriber.post(f"/patients/{patient_id}/course/", form).status_code == 302
    course = Course.objects.get()
    session = doses(course)[1]
    url = f"/sessions/{session.pk}/move"
    assert prescriber.get(url).status_code == 200
    assert prescriber.post(url, {"day": other_day}).status_code == 422
    assert prescriber.post(url, {"day": other_day, "reason": "Ill."}).status_code == 302
    cancel = f"/sessions/{session.pk}/cancel"
    assert prescriber.post(cancel, {"reason": "Ill."}).status_code == 302
    assert prescriber.post(cancel, {"reason": "Ill."}).status_code == 409
    ended = prescriber.post(
        f"/courses/{course.pk}/end", {"status": "stopped", "reason": "So wished."}, follow=True
    )
    assert ended.status_code == 200


def test_the_timeline_tells_the_next_session(cast: Cast) -> None:
    course = plan_course(cast)
    timeline = queries.timeline_of(course)
    upcoming = timeline.next_session(TODAY)
    assert upcoming is not None
    assert upcoming.session.on >= TODAY
    assert timeline.doses_done == 0
