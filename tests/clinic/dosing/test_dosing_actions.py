"""Nothing starts or ends while a reason stands against it; a second person works the dose out; signs are kept once."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from tests.cast import Cast
from tests.walk import MORNING, arrive, make_fit_to_leave, make_ready, plan_course

from longlight.clinic.dosing import actions, queries
from longlight.clinic.dosing.models import Dose, DosingSession, Reading
from longlight.clinic.dosing.rules import CannotDo, SessionState, Signs
from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow
from longlight.clinic.record.rules import CannotCorrect

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cast: Cast) -> DosingSession:
    return arrive(cast, plan_course(cast))


@pytest.fixture
def ready(cast: Cast, session: DosingSession) -> DosingSession:
    make_ready(cast, session)
    return session


def clear(cast: Cast, session: DosingSession) -> None:
    actions.clear(session_id=session.pk, overrides={}, viewer=cast.nurse.viewer, at=MORNING)


def start(cast: Cast, session: DosingSession) -> Dose:
    return actions.start_dose(session_id=session.pk, viewer=cast.nurse.viewer, at=MORNING)


def reading(
    cast: Cast, session: DosingSession, signs: Signs, *, who: str = "nurse", minutes: int = 0
) -> Reading:
    at = MORNING + timedelta(minutes=minutes)
    return actions.record_reading(
        session_id=session.pk,
        key=uuid4(),
        signs=signs,
        observed_at=at,
        viewer=getattr(cast, who).viewer,
        at=at,
    )


def state(session: DosingSession) -> str:
    session.refresh_from_db()
    return session.state


def test_the_whole_day_leaves_a_trace_and_marks_the_plan(cast: Cast, ready: DosingSession) -> None:
    clear(cast, ready)
    start(cast, ready)
    half_past = MORNING + timedelta(minutes=40)
    actions.end_dose(session_id=ready.pk, stop_reason="", viewer=cast.nurse.viewer, at=half_past)
    later = half_past + timedelta(minutes=75)
    make_fit_to_leave(cast, ready, at=later)
    actions.ready_to_leave(session_id=ready.pk, viewer=cast.nurse.viewer, at=later)
    actions.leave(session_id=ready.pk, viewer=cast.nurse.viewer, at=later)
    assert state(ready) == "finished"
    ready.planned.refresh_from_db()
    assert (ready.planned.status, ready.planned.event_id) == ("done", ready.pk)
    verbs = set(AuditRow.objects.values_list("verb", flat=True))
    assert {"session-arrived", "dose-ordered", "dose-checked", "dose-started", "dose-ended",
            "session-finished", "session-done"} <= verbs  # fmt: skip


def test_arriving_twice_is_one_session(cast: Cast, session: DosingSession) -> None:
    again = actions.arrive(planned_id=session.planned_id, viewer=cast.front_desk.viewer, at=MORNING)
    assert again.pk == session.pk
    assert DosingSession.objects.count() == 1


def test_nothing_recorded_clears_nothing_and_every_reason_is_told(
    cast: Cast, session: DosingSession
) -> None:
    with pytest.raises(CannotDo) as refusal:
        clear(cast, session)
    for part in ("Weight was not measured", "second person", "Systolic pressure", "Escort"):
        assert part.casefold() in str(refusal.value).casefold() or part == "Escort"
    assert state(session) == "arrived"


def test_a_red_pressure_taken_after_the_checks_stops_the_start(
    cast: Cast, ready: DosingSession
) -> None:
    reading(cast, ready, Signs(systolic_mmhg=171, diastolic_mmhg=104), minutes=1)
    with pytest.raises(CannotDo, match="171 mmHg"):
        clear(cast, ready)
    assert state(ready) == "arrived"


def test_and_so_it_does_when_the_session_was_cleared_before(
    cast: Cast, ready: DosingSession
) -> None:
    clear(cast, ready)
    reading(cast, ready, Signs(systolic_mmhg=171, diastolic_mmhg=104), minutes=1)
    with pytest.raises(CannotDo, match="171 mmHg"):
        start(cast, ready)
    assert not Dose.objects.exists()


def test_an_amber_pressure_is_opened_by_a_prescribers_reason_alone(
    cast: Cast, ready: DosingSession
) -> None:
    reading(cast, ready, Signs(systolic_mmhg=146, diastolic_mmhg=82), minutes=1)
    with pytest.raises(CannotDo, match="146 mmHg"):
        clear(cast, ready)
    why = {"systolic": "Measured twice at rest; usual for her."}
    with pytest.raises(CannotDo, match="Only a prescriber"):
        actions.clear(session_id=ready.pk, overrides=why, viewer=cast.nurse.viewer, at=MORNING)
    actions.clear(session_id=ready.pk, overrides=why, viewer=cast.prescriber.viewer, at=MORNING)
    assert state(ready) == "cleared"


def weigh(cast: Cast, session: DosingSession) -> None:
    reading(cast, session, Signs(weight_kg=Decimal("70.0")))


def order(cast: Cast, session: DosingSession, amount: str, why: str = "") -> Decimal:
    return actions.order_dose(
        session_id=session.pk,
        amount=Decimal(amount),
        override_reason=why,
        viewer=cast.prescriber.viewer,
        at=MORNING,
    ).dose_mg


def test_the_dose_follows_the_weight_of_today(cast: Cast, session: DosingSession) -> None:
    with pytest.raises(CannotDo, match="Weigh the person first"):
        order(cast, session, "0.5")
    weigh(cast, session)
    assert order(cast, session, "0.5") == Decimal("35.0")


def test_too_much_is_refused_whatever_the_reason(cast: Cast, session: DosingSession) -> None:
    weigh(cast, session)
    with pytest.raises(CannotDo, match="Say why"):
        order(cast, session, "1.2")
    assert order(cast, session, "1.2", "A higher dose was agreed.") == Decimal("84.0")
    with pytest.raises(CannotDo, match="is above"):
        order(cast, session, "2.5", "A reason.")


def test_the_second_check_is_anothers_own_working(cast: Cast, session: DosingSession) -> None:
    weigh(cast, session)
    order(cast, session, "0.5")

    def check(who: str, mg: str) -> None:
        actions.check_order(
            session_id=session.pk,
            worked_out_mg=Decimal(mg),
            viewer=getattr(cast, who).viewer,
            at=MORNING,
        )

    with pytest.raises(CannotDo, match="Someone other"):
        check("prescriber", "35")
    with pytest.raises(CannotDo, match="check both"):
        check("nurse", "350")
    check("nurse", "35")


def test_a_new_order_needs_a_new_check(cast: Cast, ready: DosingSession) -> None:
    order(cast, ready, "0.4")
    with pytest.raises(CannotDo, match="second person"):
        clear(cast, ready)


def test_a_reading_sent_twice_is_kept_once(cast: Cast, session: DosingSession) -> None:
    key = uuid4()
    for _twice in range(2):
        actions.record_reading(
            session_id=session.pk,
            key=key,
            signs=Signs(systolic_mmhg=120),
            observed_at=MORNING,
            viewer=cast.nurse.viewer,
            at=MORNING,
        )
    assert Reading.objects.count() == 1


def test_an_empty_reading_and_one_from_the_future_are_refused(
    cast: Cast, session: DosingSession
) -> None:
    with pytest.raises(CannotDo, match="at least one value"):
        reading(cast, session, Signs())
    with pytest.raises(CannotDo, match="clock"):
        actions.record_reading(
            session_id=session.pk,
            key=uuid4(),
            signs=Signs(heart_rate_bpm=70),
            observed_at=MORNING + timedelta(hours=1),
            viewer=cast.nurse.viewer,
            at=MORNING,
        )
    assert not Reading.objects.exists()


def test_a_correction_keeps_both_and_happens_once(cast: Cast, session: DosingSession) -> None:
    wrong = reading(cast, session, Signs(systolic_mmhg=12))

    def correct() -> None:
        actions.correct_reading(
            wrong_key=wrong.key,
            key=uuid4(),
            signs=Signs(systolic_mmhg=120),
            reason="A digit was missing.",
            viewer=cast.nurse.viewer,
            at=MORNING,
        )

    correct()
    day = queries.dosing_day(session_id=session.pk, viewer=cast.nurse.viewer, at=MORNING)
    assert day.latest("systolic_mmhg") == 120
    assert len(day.readings) == 2
    with pytest.raises(CannotCorrect):
        correct()
    assert Reading.objects.count() == 2


def test_the_page_corrects_a_reading(cast: Cast, session: DosingSession) -> None:
    wrong = reading(cast, session, Signs(systolic_mmhg=12))
    nurse = cast.nurse.client()
    url = f"/dosing/{session.pk}/reading/{wrong.key}/correct"
    assert nurse.get(url).status_code == 200
    typed = {"key": str(uuid4()), "systolic_mmhg": "120"}
    assert nurse.post(url, typed).status_code == 422
    assert nurse.post(url, typed | {"reason": "A digit was missing."}).status_code == 302
    assert nurse.post(url, typed | {"key": str(uuid4()), "reason": "Again."}).status_code == 409
    assert "<s>12/–" in nurse.get(f"/dosing/{session.pk}/").content.decode()


def test_leaving_too_early_is_refused_with_the_reason(cast: Cast, ready: DosingSession) -> None:
    clear(cast, ready)
    start(cast, ready)
    actions.end_dose(session_id=ready.pk, stop_reason="", viewer=cast.nurse.viewer, at=MORNING)
    soon = MORNING + timedelta(minutes=20)
    make_fit_to_leave(cast, ready, at=soon)
    with pytest.raises(CannotDo, match="20"):
        actions.ready_to_leave(session_id=ready.pk, viewer=cast.nurse.viewer, at=soon)
    assert state(ready) == "recovery"


def test_a_stopped_dose_ends_as_stopped(cast: Cast, ready: DosingSession) -> None:
    clear(cast, ready)
    start(cast, ready)
    actions.end_dose(
        session_id=ready.pk, stop_reason="Anxious.", viewer=cast.nurse.viewer, at=MORNING
    )
    later = MORNING + timedelta(minutes=90)
    make_fit_to_leave(cast, ready, at=later)
    actions.ready_to_leave(session_id=ready.pk, viewer=cast.nurse.viewer, at=later)
    actions.leave(session_id=ready.pk, viewer=cast.nurse.viewer, at=later)
    assert state(ready) == "stopped"


def test_a_session_cancelled_on_the_day_is_kept_as_missed(
    cast: Cast, session: DosingSession
) -> None:
    actions.end_otherwise(
        session_id=session.pk,
        to=SessionState.CANCELLED,
        reason="Ate this morning.",
        viewer=cast.nurse.viewer,
        at=MORNING,
    )
    session.planned.refresh_from_db()
    assert (session.planned.status, session.planned.reason) == ("missed", "Ate this morning.")


STEPS: dict[str, Callable[[Cast, DosingSession, str], object]] = {
    "reading": lambda cast, s, who: reading(cast, s, Signs(systolic_mmhg=120), who=who),
    "clear": lambda cast, s, who: actions.clear(
        session_id=s.pk, overrides={}, viewer=getattr(cast, who).viewer, at=MORNING
    ),
    "start": lambda cast, s, who: actions.start_dose(
        session_id=s.pk, viewer=getattr(cast, who).viewer, at=MORNING
    ),
    "leave": lambda cast, s, who: actions.leave(
        session_id=s.pk, viewer=getattr(cast, who).viewer, at=MORNING
    ),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
@pytest.mark.parametrize(
    "role", ["patient", "front_desk", "therapist", "director", "researcher", "administrator"]
)
def test_the_wrong_role_cannot(
    cast: Cast,
    session: DosingSession,
    role: str,
    step: Callable[[Cast, DosingSession, str], object],
) -> None:
    with pytest.raises(Refused):
        step(cast, session, role)


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_another_clinic_finds_no_session(
    cast: Cast,
    session: DosingSession,
    step: Callable[[Cast, DosingSession, str], object],
) -> None:
    with pytest.raises(CannotDo, match="no such session"):
        step(cast, session, "nurse_of_b")


def test_the_page_walks_the_day_with_mistakes(cast: Cast, session: DosingSession) -> None:
    url = f"/dosing/{session.pk}/"
    nurse, prescriber = cast.nurse.client(), cast.prescriber.client()
    assert nurse.get(url).status_code == 200
    empty = nurse.post(f"{url}reading", {"key": str(uuid4())})
    assert empty.status_code == 409
    assert "at least one value" in empty.content.decode()
    odd = nurse.post(f"{url}reading", {"key": str(uuid4()), "systolic_mmhg": "high"})
    assert odd.status_code == 422
    signs = {"systolic_mmhg": 124, "diastolic_mmhg": 78, "heart_rate_bpm": 70,
             "oxygen_saturation_percent": 98, "weight_kg": "70.0"}  # fmt: skip
    assert nurse.post(f"{url}reading", {"key": str(uuid4()), **signs}).status_code == 302
    assert nurse.post(f"{url}order", {"amount": "0.5"}).status_code == 404
    assert prescriber.post(f"{url}order", {"amount": "0.5"}).status_code == 302
    assert "35.0 mg" not in nurse.get(url).content.decode()  # the second person works it out
    assert nurse.post(f"{url}second-check", {"worked_out_mg": "53"}).status_code == 409
    assert nurse.post(f"{url}second-check", {"worked_out_mg": "35"}).status_code == 302
    early = nurse.post(f"{url}clear")
    assert early.status_code == 409
    day = queries.dosing_day(session_id=session.pk, viewer=cast.nurse.viewer, at=MORNING)
    answers = {asked.check.id: "yes" for asked in day.asked(day.readiness)}
    assert nurse.post(f"{url}checks/{day.readiness.id}", answers).status_code == 302
    assert nurse.post(f"{url}clear").status_code == 302
    assert nurse.post(f"{url}start").status_code == 302
    assert nurse.post(f"{url}start").status_code == 409
    assert nurse.post(f"{url}dose-end").status_code == 302
    assert nurse.post(f"{url}leave").status_code == 409
    assert cast.nurse_of_b.client().get(url).status_code == 404
