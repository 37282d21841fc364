"""A clinic's own times: who reads when, what may be promised of it, who is told at once, and who may set them."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import MADE_AT, Cast

from longlight.clinic.assessments.actions import keep_answer
from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.contact.models import Job, Message
from longlight.clinic.people.access import Refused
from longlight.clinic.people.models import Account, Membership
from longlight.clinic.record.models import AuditRow
from longlight.clinic.safety.actions import add_duty, end_duty, raise_alert, set_times
from longlight.clinic.safety.models import Alert, AlertEvent, DutyHours, SafetyPolicy
from longlight.clinic.safety.queries import reading_at
from longlight.clinic.safety.rules import (
    CannotChange,
    Finding,
    Priority,
    Shift,
    Times,
    on_duty,
    read_by,
)

NEW_YORK = ZoneInfo("America/New_York")
ANA, BO = UUID(int=1), UUID(int=2)
MORNINGS = [Shift(day, time(8), time(12), ANA) for day in range(5)]
MONDAY = datetime(2026, 11, 23, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("now", "by"),
    [
        (MONDAY.replace(hour=9), MONDAY.replace(hour=10)),
        (MONDAY.replace(hour=7), MONDAY.replace(hour=9)),  # before the day begins
        (MONDAY.replace(hour=11, minute=30), MONDAY.replace(day=24, hour=9)),  # no longer fits in
        (MONDAY.replace(day=27, hour=13), MONDAY.replace(day=30, hour=9)),  # over a weekend
    ],
)
def test_what_is_promised_fits_into_hours_that_somebody_works(now: datetime, by: datetime) -> None:
    assert read_by(MORNINGS, now, 60) == by


@pytest.mark.parametrize(("shifts", "target"), [([], 60), (MORNINGS, 5 * 60)])
def test_where_nobody_could_keep_it_nothing_is_promised(shifts, target: int) -> None:
    assert read_by(shifts, MONDAY.replace(hour=9), target) is None


shifts = st.builds(
    lambda day, begins, hours: Shift(day, time(begins), time(begins + hours), ANA),
    st.integers(0, 6), st.integers(0, 12), st.integers(1, 11),
)  # fmt: skip


@given(
    st.lists(shifts, max_size=5),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
    st.integers(1, 800),
)
def test_a_promise_lies_ahead_and_whoever_gave_it_has_had_the_whole_target(
    rota, now, target
) -> None:
    here = now.replace(tzinfo=NEW_YORK)
    by = read_by(rota, here, target)
    if by is None:
        return
    assert by - here >= timedelta(minutes=target)
    begun, last = by - timedelta(minutes=target), by - timedelta(microseconds=1)
    assert on_duty(rota, begun) & on_duty(rota, last)


def times(cast: Cast, **other) -> Times:
    asked = {
        "claim_high_min": 60, "claim_medium_min": 1440, "claim_low_min": 4320,
        "backup_id": cast.prescriber.account.id, "on_call_id": cast.therapist.account.id,
        "out_of_hours": "At night nobody reads. The on-call line answers.", **other,
    }  # fmt: skip
    return Times(**asked)


def always(cast: Cast, who: str = "nurse") -> list[Shift]:
    person = getattr(cast, who).account.id
    return [Shift(day, time(0), time(23, 59), person) for day in range(7)]


def alert(cast: Cast, priority: Priority = Priority.HIGH, at: datetime = MADE_AT) -> Alert:
    finding = Finding("phq-9:9", priority, "phq-9", 9, "several days", uuid4())
    return raise_alert(
        patient=cast.patient.patient, finding=finding, by=cast.patient.viewer.actor, at=at
    )


@pytest.mark.django_db
class TestTimes:
    def test_are_the_director_s_to_set_with_a_trace(self, cast: Cast) -> None:
        set_times(times=times(cast), viewer=cast.director.viewer, at=MADE_AT)
        set_times(times=times(cast, claim_high_min=30), viewer=cast.director.viewer, at=MADE_AT)
        assert SafetyPolicy.objects.get().claim_high_min == 30
        rows = AuditRow.objects.filter(verb="safety-times-set").order_by("sequence")
        assert [row.details["high_min"] for row in rows] == [60, 30]

    @pytest.mark.parametrize(
        "who", ["nurse", "prescriber", "administrator", "front_desk", "patient", "nurse_of_b"]
    )
    def test_are_nobody_else_s(self, cast: Cast, who: str) -> None:
        viewer = getattr(cast, who).viewer
        with pytest.raises(Refused):
            set_times(times=times(cast), viewer=viewer, at=MADE_AT)
        with pytest.raises(Refused):
            add_duty(shifts=always(cast), viewer=viewer, at=MADE_AT)
        assert not SafetyPolicy.objects.exists()
        assert not DutyHours.objects.exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"claim_high_min": 0},
            {"claim_high_min": 2000},
            {"claim_low_min": 15 * 1440},
            {"out_of_hours": " "},
            {"backup_id": UUID(int=9)},
        ],
    )
    def test_that_cannot_be_are_refused_in_a_sentence(self, cast: Cast, wrong) -> None:
        with pytest.raises(CannotChange, match=r"\.$"):
            set_times(times=times(cast, **wrong), viewer=cast.director.viewer, at=MADE_AT)
        assert not SafetyPolicy.objects.exists()

    def test_hours_of_another_clinic_s_people_are_refused(self, cast: Cast) -> None:
        with pytest.raises(CannotChange):
            add_duty(shifts=always(cast, "nurse_of_b"), viewer=cast.director.viewer, at=MADE_AT)
        backwards = [Shift(0, time(22), time(6), cast.nurse.account.id)]
        with pytest.raises(CannotChange, match="night is two stretches"):
            add_duty(shifts=backwards, viewer=cast.director.viewer, at=MADE_AT)
        assert not DutyHours.objects.exists()

    def test_hours_end_and_stay_in_the_record(self, cast: Cast) -> None:
        director = cast.director.viewer
        for _ in range(2):
            add_duty(shifts=always(cast)[:1], viewer=director, at=MADE_AT)
        duty = DutyHours.objects.get()
        end_duty(duty_id=duty.pk, viewer=director, at=MADE_AT)
        assert reading_at(clinic=cast.clinic_a, at=MADE_AT).shifts == ()
        with pytest.raises(DatabaseError), transaction.atomic():
            duty.delete()
        with pytest.raises(Refused):
            end_duty(duty_id=uuid4(), viewer=director, at=MADE_AT)

    def test_hours_of_who_no_longer_works_here_promise_nothing(self, cast: Cast) -> None:
        set_times(times=times(cast), viewer=cast.director.viewer, at=MADE_AT)
        add_duty(shifts=always(cast), viewer=cast.director.viewer, at=MADE_AT)
        assert reading_at(clinic=cast.clinic_a, at=MADE_AT).by is not None
        Membership.objects.filter(account=cast.nurse.account).update(is_active=False)
        assert reading_at(clinic=cast.clinic_a, at=MADE_AT).by is None


@pytest.mark.django_db
class TestWhoIsTold:
    @pytest.fixture(autouse=True)
    def _times(self, cast: Cast) -> None:
        set_times(times=times(cast), viewer=cast.director.viewer, at=MADE_AT)

    def told(self) -> list[str]:
        return list(AlertEvent.objects.filter(kind="told").values_list("note", flat=True))

    def test_who_is_on_duty_is_written_to_at_once_and_once(self, cast: Cast) -> None:
        add_duty(shifts=always(cast), viewer=cast.director.viewer, at=MADE_AT)
        alert(cast)
        assert self.told() == [cast.nurse.viewer.name]
        assert [m.to for m in Message.objects.all()] == [cast.nurse.account.email]

    def test_out_of_hours_it_is_who_is_on_call(self, cast: Cast) -> None:
        add_duty(shifts=always(cast)[:1], viewer=cast.director.viewer, at=MADE_AT)
        alert(cast, at=datetime(2026, 3, 4, 9, tzinfo=UTC))  # a Wednesday
        assert self.told() == [cast.therapist.viewer.name]

    def test_what_is_not_high_waits_in_the_inbox(self, cast: Cast) -> None:
        alert(cast, Priority.MEDIUM)
        assert self.told() == []
        assert Job.objects.filter(name="escalate-alert").count() == 1

    def test_an_address_that_cannot_be_used_is_said_and_loses_no_alert(self, cast: Cast) -> None:
        Account.objects.filter(pk=cast.therapist.account.id).update(email="no address")
        raised = alert(cast)
        assert [e.kind for e in raised.events.all()] == ["raised", "not-told"]

    def test_what_happened_to_an_alert_is_never_changed(self, cast: Cast) -> None:
        raised = alert(cast)
        for change in (raised.events.all().delete, lambda: raised.events.update(note="x")):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


@pytest.mark.django_db
class TestThePages:
    def test_the_director_sets_them_and_a_mistake_is_told(self, cast: Cast) -> None:
        client = cast.director.client()
        fields = {
            "claim_high_min": "60", "claim_medium_min": "1440", "claim_low_min": "4320",
            "backup": str(cast.prescriber.account.id), "on_call": "", "out_of_hours": "Nobody.",
        }  # fmt: skip
        assert client.post("/safety/times/", {**fields, "claim_high_min": "x"}).status_code == 422
        refused = client.post("/safety/times/", {**fields, "claim_high_min": "9000"})
        assert "graver alert cannot" in refused.text
        assert client.post("/safety/times/", fields)["Location"] == "/safety/times/"
        duty = {"who": str(cast.nurse.account.id), "days": ["0", "1"], "begins_at": "08:00"}
        assert client.post("/safety/times/duty", duty).status_code == 422
        assert client.post("/safety/times/duty", {**duty, "ends_at": "12:00"}).status_code == 302
        page = client.get("/safety/times/").text
        assert page.count("08:00–12:00") == 2
        row = DutyHours.objects.first()
        assert client.post(f"/safety/times/duty/{row.pk}/end").status_code == 302
        assert client.get("/safety/times/").text.count("08:00–12:00") == 1

    def test_a_patient_is_promised_only_what_a_rota_makes_true(self, cast: Cast) -> None:
        now = timezone.now()
        due = DueAssessment.objects.create(
            patient=cast.patient.patient, instrument_id="phq-9", due_on=now.date() - timedelta(1),
            closes_on=now.date() + timedelta(3),
        )  # fmt: skip
        client, base = cast.patient.client(), f"/check-ins/{due.id}/"
        keep_answer(
            due_id=due.id, item_id="phq9_9", code="1", key=uuid4(), by=cast.patient.viewer, at=now
        )
        assert "By when is not promised" in client.get(base).text
        assert "will read your answer by" not in client.get(f"{base}help/9/").text
        set_times(times=times(cast, claim_high_min=5), viewer=cast.director.viewer, at=now)
        add_duty(shifts=always(cast), viewer=cast.director.viewer, at=now)
        assert "Monday to Sunday, 00:00 to 23:59" in client.get(base).text
        assert "At night nobody reads" in client.get(base).text
        assert "will read your answer by" in client.get(f"{base}help/9/").text

    def test_the_inbox_says_who_is_on_duty_what_was_not_delivered_and_what_can_wait(
        self, cast: Cast
    ) -> None:
        set_times(times=times(cast), viewer=cast.director.viewer, at=MADE_AT)
        add_duty(shifts=always(cast), viewer=cast.director.viewer, at=MADE_AT)
        alert(cast, Priority.LOW)
        Job.objects.create(
            name="look-at-questionnaires", key="k", clinic_id=cast.clinic_a.id, queued_at=MADE_AT,
            due_at=MADE_AT, dead_at=MADE_AT, tries=10,
        )  # fmt: skip
        for who in ("director", "nurse"):
            page = getattr(cast, who).client().get("/safety/").text
            assert f"on duty: {cast.nurse.viewer.name}" in page
            assert "1 job was given up" in page
            assert "Can wait" in page
            assert "Nothing open" in page
