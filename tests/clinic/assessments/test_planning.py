"""Questionnaires follow the course: planned, opened, reminded of, closed; moved with a dose, and nothing answered lost."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4, uuid5

import pytest
from tests.cast import Cast

from longlight.clinic.assessments.actions import finish_check_in, keep_answer
from longlight.clinic.assessments.actions.planning import (
    FollowedCourse,
    Moment,
    follow_course,
    note_dose_given,
)
from longlight.clinic.assessments.actions.rounds import look_round, waiting_patients
from longlight.clinic.assessments.models import DueAssessment, KeptAnswer, QuestionnairePlan
from longlight.clinic.contact.actions import letter_of, set_preference
from longlight.clinic.contact.models import Message
from longlight.clinic.contact.rules import PreferredChannel
from longlight.clinic.people.models import Patient
from longlight.clinic.record.models import AuditRow
from longlight.clinic.record.queries import verify
from longlight.science.schedules import OccasionKind

MONDAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # a Monday noon in New York, a week before
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOSES = [MONDAY + DAY * n for n in (0, 3, 7, 10, 14, 17)]
COURSE = UUID(int=77)


def session(number: int) -> UUID:
    return uuid5(COURSE, str(number))


def course(cast: Cast, *, days: list[date] = DOSES, **other: object) -> FollowedCourse:
    moments = tuple(
        Moment(session(n), OccasionKind.DOSE, day, "induction", True, False)
        for n, day in enumerate(days)
    )
    made = FollowedCourse(
        COURSE, cast.patient.patient.id, "iv-twice-weekly", "1", MONDAY, True, moments
    )
    return replace(made, **other)  # type: ignore[arg-type]


def follow(cast: Cast, at: datetime = NOW, **changes: object) -> None:
    follow_course(course=course(cast, **changes), by=cast.prescriber.viewer.actor, at=at)


def work(at: datetime) -> None:
    """What the worker does in one round."""
    for patient_id in waiting_patients(at):
        look_round(first=patient_id, last=patient_id, at=at)


def due(cast: Cast, dose: int, rule: int) -> DueAssessment:
    return DueAssessment.objects.get(
        patient=cast.patient.patient,
        plan_key__startswith=f"iv-twice-weekly:1:{rule}|{session(dose)}",
    )


BEFORE, AFTER, MOOD = 1, 2, 4


def answer(cast: Cast, which: DueAssessment, at: datetime) -> None:
    keep_answer(
        due_id=which.pk, item_id="phq9_1", code="1", key=uuid4(), by=cast.patient.viewer, at=at
    )


class TestAPlan:
    def test_follows_the_course_two_weeks_ahead_with_a_trace(self, cast) -> None:
        follow(cast)
        first = due(cast, 0, BEFORE)
        assert first.opens_at == datetime(2026, 11, 29, 15, tzinfo=UTC)
        assert first.closes_at == datetime(2026, 11, 30, 15, tzinfo=UTC)
        assert (first.due_on, first.closes_on) == (date(2026, 11, 29), date(2026, 11, 30))
        assert first.planned_at == NOW
        last = DueAssessment.objects.order_by("opens_at").last()
        assert last is not None
        assert last.opens_at < NOW + 14 * DAY
        assert AuditRow.objects.filter(verb="questionnaires-planned").count() == 1

    def test_made_twice_is_one(self, cast) -> None:
        follow(cast)
        before = list(DueAssessment.objects.order_by("pk").values())
        follow(cast)
        assert list(DueAssessment.objects.order_by("pk").values()) == before

    def test_goes_on_by_itself(self, cast) -> None:
        follow(cast)
        before = DueAssessment.objects.count()
        work(NOW + 5 * DAY)
        assert DueAssessment.objects.count() > before

    def test_moves_with_its_dose(self, cast) -> None:
        follow(cast)
        was = due(cast, 0, BEFORE)
        follow(cast, days=[MONDAY + DAY, *DOSES[1:]])
        assert due(cast, 0, BEFORE).pk == was.pk
        assert due(cast, 0, BEFORE).due_on == MONDAY

    def test_of_doses_that_change_places_is_kept_apart(self, cast) -> None:
        follow(cast)
        follow(cast, days=[DOSES[1], DOSES[0], *DOSES[2:]])
        assert due(cast, 0, BEFORE).due_on == DOSES[1] - DAY
        assert due(cast, 1, BEFORE).due_on == DOSES[0] - DAY

    def test_drops_what_hangs_on_a_cancelled_dose_and_brings_it_back(self, cast) -> None:
        follow(cast)
        moments = course(cast).moments
        gone = (replace(moments[0], stands=False), *moments[1:])
        follow(cast, moments=gone)
        assert due(cast, 0, BEFORE).status == "cancelled"
        follow(cast)
        assert due(cast, 0, BEFORE).status == "due"

    def test_that_moves_loses_no_answer(self, cast) -> None:
        follow(cast)
        at = datetime(2026, 11, 29, 18, tzinfo=UTC)
        work(at)
        began = due(cast, 0, BEFORE)
        answer(cast, began, at)
        follow(cast, at=at + HOUR, days=[MONDAY + 2 * DAY, *DOSES[1:]])
        began.refresh_from_db()
        assert (began.status, began.closes_on) == ("due", MONDAY + 2 * DAY)
        finish_check_in(due_id=began.pk, by=cast.patient.viewer, at=at + 2 * HOUR)
        follow(cast, at=at + 3 * HOUR, days=[MONDAY + 4 * DAY, *DOSES[1:]])
        began.refresh_from_db()
        assert began.status == "done"
        assert KeptAnswer.objects.filter(due=began).count() == 1

    def test_asks_anew_before_a_dose_that_moved_away_from_its_answers(self, cast) -> None:
        follow(cast)
        at = datetime(2026, 11, 29, 18, tzinfo=UTC)
        answer(cast, due(cast, 0, BEFORE), at)
        finish_check_in(due_id=due(cast, 0, BEFORE).pk, by=cast.patient.viewer, at=at)
        follow(cast, at=at + HOUR, days=[MONDAY + 3 * DAY, *[day + 7 * DAY for day in DOSES[1:]]])
        found = DueAssessment.objects.filter(
            plan_key__startswith=f"iv-twice-weekly:1:1|{session(0)}"
        )
        assert sorted(each.status for each in found) == ["done", "due"]

    def test_ends_with_a_course_that_is_cancelled(self, cast) -> None:
        follow(cast)
        follow(cast, goes_on=False)
        assert not DueAssessment.objects.filter(status="due").exists()
        assert not QuestionnairePlan.objects.filter(is_running=True).exists()

    def test_counts_from_the_dose_as_it_was_given(self, cast) -> None:
        follow(cast)
        given_at = datetime(2026, 11, 30, 20, 12, tzinfo=UTC)
        note_dose_given(
            source_id=session(0), given_at=given_at, by=cast.nurse.viewer.actor, at=given_at
        )
        assert due(cast, 0, MOOD).opens_at == given_at + DAY

    def test_of_another_clinic_is_not_touched_by_a_dose(self, cast) -> None:
        follow(cast)
        before = list(DueAssessment.objects.order_by("pk").values())
        at = datetime(2026, 11, 30, 20, tzinfo=UTC)
        note_dose_given(source_id=session(0), given_at=at, by=cast.nurse_of_b.viewer.actor, at=at)
        assert list(DueAssessment.objects.order_by("pk").values()) == before

    def test_asks_nothing_after_a_dose_that_nobody_gave(self, cast) -> None:
        follow(cast)
        work(datetime(2026, 12, 1, 16, tzinfo=UTC))
        assert due(cast, 0, MOOD).status == "cancelled"
        assert due(cast, 0, MOOD).opened_at is None

    def test_counts_where_the_patient_is(self, cast) -> None:
        Patient.objects.filter(pk=cast.patient.patient.pk).update(time_zone="Pacific/Auckland")
        follow(cast)
        assert due(cast, 0, BEFORE).closes_at == datetime(2026, 11, 29, 21, tzinfo=UTC)


SUNDAY_10 = datetime(2026, 11, 29, 15, tzinfo=UTC)  # when the one before the first dose opens


class TestARound:
    def test_opens_and_sends_one_message_that_says_nothing(self, cast) -> None:
        follow(cast)
        work(NOW)
        assert not Message.objects.exists()
        work(datetime(2026, 11, 27, 17, tzinfo=UTC))  # both baselines are open
        message = Message.objects.get()
        letter = letter_of(message.pk)
        assert letter is not None
        assert letter.to == cast.patient.patient.email
        for told in ("PHQ", "GAD", "ketamine", "depress", cast.patient.patient.name, "dose"):
            assert told.casefold() not in f"{letter.subject} {letter.text}".casefold()
        opened = DueAssessment.objects.filter(opened_at__isnull=False)
        assert {each.instrument_id for each in opened} == {"phq-9", "gad-7"}
        assert {each.sent_count for each in opened} == {1}

    def test_repeated_sends_nothing_again(self, cast) -> None:
        follow(cast)
        at = datetime(2026, 11, 27, 17, tzinfo=UTC)
        work(at)
        DueAssessment.objects.filter(opened_at__isnull=False).update(
            act_at=at, sent_count=None, sent_at=None
        )
        work(at + timedelta(minutes=5))  # as after a restore of half the truth
        assert Message.objects.count() == 1

    def test_climbs_the_ladder_and_stops_when_it_is_answered(self, cast) -> None:
        follow(cast)
        at = datetime(2026, 11, 27, 17, tzinfo=UTC)
        work(at)
        work(at + DAY - HOUR)
        assert Message.objects.count() == 1
        for each in DueAssessment.objects.filter(opened_at__isnull=False):
            item = "phq9_1" if each.instrument_id == "phq-9" else "gad7_1"
            keep_answer(
                due_id=each.pk, item_id=item, code="0", key=uuid4(), by=cast.patient.viewer, at=at
            )
            if each.instrument_id == "phq-9":
                finish_check_in(due_id=each.pk, by=cast.patient.viewer, at=at)
        work(at + DAY)
        assert Message.objects.count() == 2  # of the one that is begun
        gad = DueAssessment.objects.get(instrument_id="gad-7", opened_at__isnull=False)
        finish_check_in(due_id=gad.pk, by=cast.patient.viewer, at=at + DAY)
        work(at + DAY + HOUR)
        assert Message.objects.count() == 2

    def test_waits_until_the_quiet_is_over(self, cast) -> None:
        set_preference(
            patient_id=cast.patient.patient.id, channel=PreferredChannel.EMAIL, quiet_from=time(9),
            quiet_until=time(13), viewer=cast.patient.viewer, at=NOW,
        )  # fmt: skip
        follow(cast)
        work(SUNDAY_10)
        assert due(cast, 0, BEFORE).opened_at == SUNDAY_10
        assert due(cast, 0, BEFORE).sent_at is None
        work(SUNDAY_10 + 3 * HOUR)
        assert due(cast, 0, BEFORE).sent_at == SUNDAY_10 + 3 * HOUR

    @pytest.mark.parametrize(
        ("channel", "email", "phone", "to"),
        [
            (PreferredChannel.SMS, "a@b.example", "+1 555 0199", "+15550199"),
            (PreferredChannel.EMAIL, "a@b.example", "+1 555 0199", "a@b.example"),
            (PreferredChannel.SMS, "a@b.example", "555 0199", None),
            (PreferredChannel.EMAIL, "", "+1 555 0199", None),
            (PreferredChannel.NONE, "a@b.example", "+1 555 0199", None),
        ],
    )
    def test_honors_the_channel_and_else_leaves_it_to_the_telephone(
        self, cast, channel, email, phone, to
    ) -> None:
        Patient.objects.filter(pk=cast.patient.patient.pk).update(email=email, phone=phone)
        set_preference(
            patient_id=cast.patient.patient.id, channel=channel, quiet_from=time(20),
            quiet_until=time(9), viewer=cast.nurse.viewer, at=NOW,
        )  # fmt: skip
        follow(cast)
        work(SUNDAY_10)
        assert [each.to for each in Message.objects.all()] == ([to] if to else [])
        assert (due(cast, 0, BEFORE).unreachable_at is None) == (to is not None)

    def test_records_as_missed_what_nobody_answered_and_hides_nothing(self, cast) -> None:
        follow(cast)
        work(SUNDAY_10)
        work(SUNDAY_10 + DAY)
        missed = due(cast, 0, BEFORE)
        assert (missed.status, missed.ended_at) == ("missed", missed.closes_at)
        assert AuditRow.objects.filter(verb="check-in-missed", object_id=str(missed.pk)).exists()

    def test_of_one_patient_touches_no_other(self, cast) -> None:
        follow(cast)
        other = cast.other_patient.patient.id
        look_round(first=other, last=other, at=SUNDAY_10)
        assert due(cast, 0, BEFORE).opened_at is None

    def test_leaves_every_chain_whole(self, cast) -> None:
        follow(cast)
        for n in range(12):
            work(SUNDAY_10 + n * DAY / 2)
        assert not verify().broken
