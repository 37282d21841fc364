"""What one tap notes, what the pump did, and what calls someone: kept once, undone at once, corrected with a reason."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from tests.cast import Cast
from tests.walk import MORNING, arrive, make_ready, plan_course

from longlight.clinic.dosing import actions, queries
from longlight.clinic.dosing.models import DosingSession, Happening, Reading
from longlight.clinic.dosing.queries import DosingDay
from longlight.clinic.dosing.queries.predicting import given_so_far_mg, planned_end_at
from longlight.clinic.dosing.rules import CannotDo, HappeningKind, Signs
from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(cast: Cast) -> DosingSession:
    """A dose of 35 mg over 40 minutes that began at MORNING."""
    session = arrive(cast, plan_course(cast))
    make_ready(cast, session)
    actions.clear(session_id=session.pk, overrides={}, viewer=cast.nurse.viewer, at=MORNING)
    actions.start_dose(session_id=session.pk, viewer=cast.nurse.viewer, at=MORNING)
    return session


def minute(after: float) -> datetime:
    return MORNING + timedelta(minutes=after)


def tap(
    cast: Cast, session: DosingSession, kind: HappeningKind, after: float = 5, *,
    who: str = "nurse", rate: str = "", key: UUID | None = None, about: str = "",
) -> Happening:  # fmt: skip
    return actions.note_happening(
        session_id=session.pk,
        key=key or uuid4(),
        kind=kind,
        observed_at=minute(after),
        rate_mg_per_min=Decimal(rate) if rate else None,
        about=about,
        viewer=getattr(cast, who).viewer,
        at=minute(after),
    )


def signs(cast: Cast, session: DosingSession, taken: Signs, after: float) -> None:
    actions.record_reading(
        session_id=session.pk, key=uuid4(), signs=taken, observed_at=minute(after),
        viewer=cast.nurse.viewer, at=minute(after),
    )  # fmt: skip


def day(cast: Cast, session: DosingSession, after: float) -> DosingDay:
    return queries.dosing_day(session_id=session.pk, viewer=cast.nurse.viewer, at=minute(after))


def test_a_tap_leaves_a_line_and_a_trace_once(cast: Cast, running: DosingSession) -> None:
    key = uuid4()
    for _twice in range(2):
        tap(cast, running, HappeningKind.NAUSEA, key=key)
    assert Happening.objects.count() == 1
    assert AuditRow.objects.filter(verb="noted-nausea").count() == 1


@pytest.mark.parametrize("role", ["patient", "front_desk", "therapist", "director"])
def test_the_wrong_role_taps_nothing(cast: Cast, running: DosingSession, role: str) -> None:
    with pytest.raises(Refused):
        tap(cast, running, HappeningKind.NAUSEA, who=role)
    assert not Happening.objects.exists()


def test_another_clinic_finds_no_session(cast: Cast, running: DosingSession) -> None:
    with pytest.raises(CannotDo, match="no such session"):
        tap(cast, running, HappeningKind.NAUSEA, who="nurse_of_b")


def test_it_is_undone_within_ten_seconds_by_whoever_tapped(
    cast: Cast, running: DosingSession
) -> None:
    tapped = tap(cast, running, HappeningKind.ANXIETY)

    def undo(who: str, seconds: int) -> None:
        actions.undo_happening(
            session_id=running.pk, key=tapped.key, viewer=getattr(cast, who).viewer,
            at=minute(5) + timedelta(seconds=seconds),
        )  # fmt: skip

    with pytest.raises(CannotDo, match="whoever noted it"):
        undo("prescriber", 4)
    with pytest.raises(CannotDo, match="correct it"):
        undo("nurse", 40)
    undo("nurse", 4)
    undo("nurse", 6)  # sent twice
    tapped.refresh_from_db()
    assert not tapped.stands


def test_a_pause_moves_the_end_and_the_curve(cast: Cast, running: DosingSession) -> None:
    assert planned_end_at(day(cast, running, 1)) == minute(40)
    before = queries.prediction_of(day(cast, running, 1))
    tap(cast, running, HappeningKind.PAUSED, 10)
    paused = day(cast, running, 15)
    assert planned_end_at(paused) is None
    assert given_so_far_mg(paused) == Decimal("8.8")  # 10 of 40 minutes of 35 mg
    tap(cast, running, HappeningKind.RESUMED, 20)
    after = day(cast, running, 20)
    end_at = planned_end_at(after)
    assert end_at is not None
    assert abs(end_at - minute(50)) < timedelta(seconds=1)
    redrawn = queries.prediction_of(after)
    assert before is not None
    assert redrawn is not None
    assert redrawn.line_ng_per_ml != before.line_ng_per_ml


def test_a_changed_rate_and_a_stop_redraw_it(cast: Cast, running: DosingSession) -> None:
    tap(cast, running, HappeningKind.RATE_CHANGED, 20, rate="0.4375")
    end_at = planned_end_at(day(cast, running, 20))
    assert end_at is not None
    assert abs(end_at - minute(60)) < timedelta(seconds=5)
    actions.end_dose(
        session_id=running.pk, stop_reason="Anxious.", viewer=cast.nurse.viewer, at=minute(30)
    )
    assert given_so_far_mg(day(cast, running, 50)) == Decimal("21.9")  # 17.5 and half the rate


@pytest.mark.parametrize(
    ("kinds", "says"),
    [
        ([HappeningKind.RESUMED], "no pause"),
        ([HappeningKind.PAUSED, HappeningKind.PAUSED], "paused already"),
        ([HappeningKind.RATE_CHANGED], "mg per minute"),
        ([HappeningKind.PAUSED, HappeningKind.RATE_CHANGED], "resume it first"),
    ],
)
def test_what_no_pump_does_is_refused(
    cast: Cast, running: DosingSession, kinds: list[HappeningKind], says: str
) -> None:
    *first, last = kinds
    for after, kind in enumerate(first):
        tap(cast, running, kind, after + 1)
    with pytest.raises(CannotDo, match=says):
        tap(cast, running, last, 9)
    assert Happening.objects.count() == len(first)


def test_signs_beyond_the_limits_call_someone_until_they_are_back(
    cast: Cast, running: DosingSession
) -> None:
    signs(cast, running, Signs(systolic_mmhg=182, oxygen_saturation_percent=93), 6)
    alarms = queries.alarms_of(day(cast, running, 7))
    assert [(a.id.split(":")[0], a.priority) for a in alarms] == [
        ("systolic", "medium"),
        ("oxygen-saturation", "medium"),
    ]
    signs(cast, running, Signs(systolic_mmhg=184), 8)
    assert queries.alarms_of(day(cast, running, 8))[0].priority == "high"  # on two readings
    signs(cast, running, Signs(systolic_mmhg=150, oxygen_saturation_percent=97), 9)
    assert queries.alarms_of(day(cast, running, 9)) == []


def test_a_rise_from_before_the_dose_calls_someone(cast: Cast, running: DosingSession) -> None:
    signs(cast, running, Signs(systolic_mmhg=162), 6)  # 124 before it
    assert "31 % above" in queries.alarms_of(day(cast, running, 6))[0].sentence


def test_an_alarm_that_was_seen_is_quiet_for_two_minutes_with_a_name(
    cast: Cast, running: DosingSession
) -> None:
    signs(cast, running, Signs(oxygen_saturation_percent=88), 6)
    (alarm,) = queries.alarms_of(day(cast, running, 6))
    assert alarm.priority == "high"
    tap(cast, running, HappeningKind.ACKNOWLEDGED, 6.5, about=alarm.id)
    (seen,) = queries.alarms_of(day(cast, running, 7))
    assert seen.seen_by == cast.nurse.viewer.name
    assert seen.is_silent(minute(7))
    assert not seen.is_silent(minute(8.6))


def test_late_signs_and_a_dose_past_its_end_are_alarms(cast: Cast, running: DosingSession) -> None:
    assert queries.alarms_of(day(cast, running, 9)) == []
    assert [a.id.split(":")[0] for a in queries.alarms_of(day(cast, running, 45))] == [
        "signs-late",
        "past-end",
    ]


def test_the_curve_never_raises_an_alarm(cast: Cast, running: DosingSession) -> None:
    """However much the model predicts: signs within the limits are signs within the limits."""
    tap(cast, running, HappeningKind.RATE_CHANGED, 1, rate="100")
    signs(cast, running, Signs(130, 80, 80, 98, 14), 5)
    predicted = queries.prediction_of(day(cast, running, 5))
    assert predicted is not None
    assert max(predicted.line_ng_per_ml) > 300
    assert {a.id.split(":")[0] for a in queries.alarms_of(day(cast, running, 5))} <= {"past-end"}


def test_signs_that_waited_for_the_network_are_kept_when_they_come(
    cast: Cast, running: DosingSession
) -> None:
    actions.end_dose(session_id=running.pk, stop_reason="", viewer=cast.nurse.viewer, at=minute(40))
    DosingSession.objects.filter(pk=running.pk).update(state="finished", ended_at=minute(120))

    def late(observed: float) -> None:
        actions.record_reading(
            session_id=running.pk, key=uuid4(), signs=Signs(systolic_mmhg=130),
            observed_at=minute(observed), viewer=cast.nurse.viewer, at=minute(130),
        )  # fmt: skip

    late(100)
    with pytest.raises(CannotDo, match="Finished"):
        late(125)
    with pytest.raises(CannotDo, match="before this session"):
        late(-300)
    assert Reading.objects.filter(entered_at=minute(130)).count() == 1
