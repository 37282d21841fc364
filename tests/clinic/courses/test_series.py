"""Times for a course's visits: proposed within the protocol's days, booked all or none, moved with the plan."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from tests.cast import Cast
from tests.walk import plan_course

from longlight.clinic.courses import actions, queries
from longlight.clinic.courses.models import Course, PlannedSession, SessionMove
from longlight.clinic.courses.queries import times
from longlight.clinic.courses.rules import (
    CannotBookSeries,
    CannotPlan,
    CourseStatus,
    VisitTime,
    limits_after,
)
from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow
from longlight.clinic.schedule import actions as schedule
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.rules import Booking, CannotBook, Hours, Kind, ResourceKind
from longlight.science import protocols

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")


def soon() -> date:
    """A Monday at least a week ahead of the real clock, since pages ask it."""
    today = datetime.now(UTC).astimezone(ZONE).date()
    return today + timedelta(days=14 - today.weekday())


@dataclass(frozen=True)
class Planned:
    course: Course
    chair: int
    nurse: int
    at: datetime

    @property
    def doses(self) -> list[PlannedSession]:
        return list(
            self.course.sessions.filter(kind="dosing", phase_id="induction").order_by("dose_number")
        )

    def wish(self, session: PlannedSession, day: date, clock: time = time(9)) -> VisitTime:
        start = datetime.combine(day, clock, ZONE).astimezone(UTC)
        return VisitTime(session.pk, start, day, frozenset({self.chair, self.nurse}))

    def as_planned(self, clock: time = time(9)) -> list[VisitTime]:
        return [self.wish(dose, dose.on, clock) for dose in self.doses]


@pytest.fixture
def planned(cast: Cast) -> Iterator[Planned]:
    at = datetime.now(UTC)
    director = cast.director.viewer
    cast.clinic_a.time_zone = str(ZONE)
    cast.clinic_a.save()
    schedule.set_opening_hours(
        viewer=director, at=at, hours=[Hours(day, time(8), time(17)) for day in range(7)]
    )
    chair, nurse = (
        schedule.add_resource(viewer=director, at=at, kind=kind, name=kind.value).pk
        for kind in (ResourceKind.CHAIR, ResourceKind.STAFF)
    )
    return Planned(plan_course(cast, start_on=soon()), chair, nurse, at)


def book(
    cast: Cast, planned: Planned, wishes: list[VisitTime], who: str = "front_desk", reason: str = ""
) -> list[Appointment]:
    return actions.book_series(
        course_id=planned.course.pk, times=wishes, reason=reason,
        viewer=getattr(cast, who).viewer, at=planned.at,
    )  # fmt: skip


def test_a_series_is_booked_once_and_leaves_a_trace(cast: Cast, planned: Planned) -> None:
    assert len(book(cast, planned, planned.as_planned())) == 6
    assert book(cast, planned, planned.as_planned()) == []  # sent twice: booked once
    stored = Appointment.objects.order_by("start_at")
    assert [one.plan_id for one in stored] == [dose.pk for dose in planned.doses]
    assert {one.kind for one in stored} == {Kind.DOSING.value}
    assert AuditRow.objects.filter(verb="appointment-booked").count() == 6
    assert AuditRow.objects.filter(verb="series-booked").count() == 2
    course = queries.timeline_of(planned.course)
    assert [bool(each.appointment) for each in course.by_day if each.is_dose][:6] == [True] * 6


def test_one_conflict_is_told_by_visit_and_nothing_is_booked(cast: Cast, planned: Planned) -> None:
    third = planned.as_planned()[2]
    schedule.book(
        viewer=cast.nurse.viewer,
        at=planned.at,
        booking=Booking(uuid4(), Kind.DOSING, third.start_at, timedelta(hours=1), third.resource_ids, called="Sol"),
    )  # fmt: skip
    rows = AuditRow.objects.count()
    with pytest.raises(CannotBookSeries) as refused:
        book(cast, planned, planned.as_planned())
    assert set(refused.value.by_visit) == {third.session_id}
    assert "chair is taken from 09:00 to 10:00." in refused.value.by_visit[third.session_id]
    assert Appointment.objects.count() == 1
    assert AuditRow.objects.count() == rows


def test_days_outside_the_gaps_are_refused_and_a_prescriber_may_say_why(
    cast: Cast, planned: Planned
) -> None:
    first, second = planned.doses[:2]
    too_near = [planned.wish(second, first.on + timedelta(days=1))]
    for who, reason, told in (
        ("front_desk", "they asked", "A prescriber can book beyond that"),
        ("prescriber", " ", "Say why these days are right"),
    ):
        with pytest.raises(CannotBookSeries, match=told) as refused:
            book(cast, planned, too_near, who, reason)
        assert "at least 2" in str(refused.value)
    assert not Appointment.objects.exists()
    book(cast, planned, too_near, "prescriber", "A slow metabolizer; agreed.")
    move = SessionMove.objects.get()
    assert (move.from_day, move.to_day) == (second.on, first.on + timedelta(days=1))
    with pytest.raises(CannotBookSeries, match="in their order"):
        book(cast, planned, [planned.wish(first, second.on + timedelta(days=3))], "prescriber", "x")


@pytest.mark.parametrize(
    "who", ["patient", "researcher", "administrator", "nurse_of_b", "stranger"]
)
def test_the_wrong_person_books_nothing(cast: Cast, planned: Planned, who: str) -> None:
    if who == "stranger":
        page = cast.nurse_of_b.client().get(f"/courses/{planned.course.pk}/times/")
        assert page.status_code == 404
        return
    with pytest.raises((Refused, CannotPlan)):
        book(cast, planned, planned.as_planned(), who)
    assert not Appointment.objects.exists()


def test_plan_and_appointment_move_together_and_only_together(cast: Cast, planned: Planned) -> None:
    book(cast, planned, planned.as_planned())
    session = planned.doses[5]
    old = Appointment.objects.get(plan_id=session.pk)
    desk = cast.front_desk.client()
    there = desk.get(f"/schedule/{old.pk}/move/")
    assert there["Location"] == f"/sessions/{session.pk}/move"
    with pytest.raises(CannotPlan, match="has a time"):
        actions.move_session(
            session_id=session.pk, day=session.on + timedelta(days=1), today=date(2020, 1, 1),
            reason="ill", viewer=cast.nurse.viewer, at=planned.at,
        )  # fmt: skip
    form = {
        "id": str(uuid4()), "version": "1", "day": str(session.on + timedelta(days=1)), "clock": "13:00",
        "length_min": "120", "chair": planned.chair, "staff": planned.nurse, "reason": "ill",
    }  # fmt: skip
    for _twice in range(2):
        moved = desk.post(f"/sessions/{session.pk}/move", form | {})
        assert moved["Location"] == f"/courses/{planned.course.pk}/times/"
    session.refresh_from_db()
    stands = Appointment.objects.get(plan_id=session.pk, status="booked")
    assert (
        session.on
        == stands.start_at.astimezone(ZONE).date()
        == old.start_at.astimezone(ZONE).date() + timedelta(days=1)
    )
    assert Appointment.objects.filter(plan_id=session.pk).count() == 2
    late = desk.post(
        f"/sessions/{session.pk}/move",
        form | {"id": str(uuid4()), "day": str(session.on + timedelta(days=20))},
    )
    assert late.status_code == 409
    assert "A prescriber can book beyond that" in late.content.decode()


def test_an_hour_that_the_clocks_skip_is_told_and_moves_nothing(
    cast: Cast, planned: Planned
) -> None:
    """8 March 2026 has no 02:30 in New York; nor has any year's second Sunday of March."""
    book(cast, planned, planned.as_planned())
    session = planned.doses[5]
    year = session.on.year + 1
    skipped = date(year, 3, 8) + timedelta(days=(6 - date(year, 3, 8).weekday()) % 7)
    form = {
        "id": str(uuid4()), "version": "1", "day": str(skipped), "clock": "02:30",
        "length_min": "120", "chair": planned.chair, "staff": planned.nurse, "reason": "ill",
    }  # fmt: skip
    page = cast.prescriber.client().post(f"/sessions/{session.pk}/move", form)
    assert page.status_code == 422
    assert "does not exist, because the clocks go forward" in page.content.decode()
    assert not SessionMove.objects.exists()


def test_a_visit_that_ends_gives_its_chair_back(cast: Cast, planned: Planned) -> None:
    book(cast, planned, planned.as_planned())
    first, second, third, *rest = planned.doses
    viewer, at = cast.nurse.viewer, planned.at
    actions.mark_done(session_id=first.pk, event_id=uuid4(), day=first.on, by=viewer.actor, at=at)
    actions.mark_missed(session_id=second.pk, reason="", viewer=viewer, at=at)
    actions.cancel_session(session_id=third.pk, reason="storm", viewer=viewer, at=at)
    actions.end_course(
        course_id=planned.course.pk, status=CourseStatus.STOPPED, reason="moves away",
        viewer=cast.prescriber.viewer, at=at,
    )  # fmt: skip

    def state(session: PlannedSession) -> str:
        return Appointment.objects.get(plan_id=session.pk).status

    assert [state(each) for each in (first, second, third)] == ["fulfilled", "no-show", "cancelled"]
    assert {state(each) for each in rest} == {"cancelled"}


def test_the_pages_propose_book_and_tell(cast: Cast, planned: Planned) -> None:
    desk = cast.front_desk.client()
    listed = desk.get("/courses/").content.decode()
    url = f"/courses/{planned.course.pk}/times/"
    assert url in listed
    assert desk.get(f"{url}?clock=late").status_code == 422
    asked = f"{url}?clock=10:00&chair={planned.chair}&nurse={planned.nurse}"
    page = desk.get(asked).content.decode()
    said = dict(re.findall(r'name="((?:day|clock)_[0-9a-f-]+)" value="([^"]*)"', page))
    doses = [d for d in planned.doses if f"day_{d.pk}" in said]
    assert [said[f"day_{dose.pk}"] for dose in doses] == [str(dose.on) for dose in doses]
    assert {said[f"clock_{dose.pk}"] for dose in doses} == {"10:00"}
    ticked = said | {f"take_{dose.pk}": "on" for dose in doses}
    wrong = desk.post(asked, ticked | {f"clock_{doses[0].pk}": ""})
    assert wrong.status_code == 422
    assert "Give a day and a time" in wrong.content.decode()
    assert desk.post(asked, said).status_code == 422  # nothing ticked
    assert desk.post(asked, ticked)["Location"] == url
    assert Appointment.objects.count() == len(doses) == 6
    desk.post(asked, ticked)  # the same page, sent again
    assert Appointment.objects.count() == 6
    assert "10:00" in cast.patient.client().get("/plan/").content.decode()


def test_what_is_proposed_lies_within_the_protocols_days(cast: Cast, planned: Planned) -> None:
    """On a clinic that opens on three weekdays only, and a chair that is taken on one day, by the rule of the gaps."""
    schedule.set_opening_hours(
        viewer=cast.director.viewer,
        at=planned.at,
        hours=[Hours(d, time(9), time(15)) for d in (0, 2, 4)],
    )
    timeline = queries.timeline_of(
        Course.objects.select_related("patient__clinic").get(pk=planned.course.pk)
    )
    visits = [
        each for each in times.without_time(timeline, soon() - timedelta(days=7)) if each.is_dose
    ]
    holds = frozenset({planned.chair, planned.nurse})
    found = times.propose_times(
        timeline, visits, times.Wish(time(9), holds, frozenset()), planned.at
    )
    assert len(found) == 6
    phase = protocols.get("iv-twice-weekly").phases[0]
    last = None
    for each in found:
        assert each.start is not None
        assert each.start.weekday() in {0, 2, 4}
        assert limits_after(last, phase).hold(each.start.date())
        last = each.start.date()


def test_a_chair_taken_between_proposal_and_press_is_a_sentence(
    cast: Cast, planned: Planned
) -> None:
    book(cast, planned, planned.as_planned())
    with pytest.raises(CannotBook, match="taken"):
        schedule.book(
            viewer=cast.nurse.viewer,
            at=planned.at,
            booking=Booking(
                uuid4(), Kind.DOSING, planned.as_planned()[0].start_at, timedelta(hours=1),
                frozenset({planned.chair, planned.nurse}), called="Sol",
            ),
        )  # fmt: skip


def test_a_visit_has_one_appointment_whatever_is_tried(cast: Cast, planned: Planned) -> None:
    book(cast, planned, planned.as_planned())
    wish = planned.as_planned(time(13))[:1]
    with pytest.raises(CannotBookSeries, match="has a time already"):
        book(cast, planned, wish)
    unknown = VisitTime(UUID(int=9), wish[0].start_at, wish[0].day, wish[0].resource_ids)
    with pytest.raises(CannotPlan, match="no such session"):
        book(cast, planned, [unknown])
