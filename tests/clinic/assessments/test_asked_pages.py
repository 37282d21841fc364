"""The pages around what is due: the card, putting off, preferences, staff's lists, entry by hand, schedules."""

from collections.abc import Callable
from datetime import date, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests.cast import Cast

from longlight.clinic.assessments.actions import finish_check_in, keep_answer
from longlight.clinic.assessments.actions.attending import log_call, put_off
from longlight.clinic.assessments.actions.rounds import look_round
from longlight.clinic.assessments.actions.scheduling import (
    Addition,
    add_rule,
    ask_again,
    exempt,
    stop_rule,
)
from longlight.clinic.assessments.models import (
    AddedRule,
    Assessment,
    DueAssessment,
    HandEntry,
    PatientCall,
)
from longlight.clinic.assessments.queries.board import Show, board, board_counts, gone_quiet
from longlight.clinic.assessments.queries.due import Tone, due_card, open_dues
from longlight.clinic.assessments.rules import CallOutcome, CannotAnswer, CannotPlanQuestions
from longlight.clinic.contact.models import ContactPreference, Message
from longlight.clinic.people.access import Refused
from longlight.clinic.people.models import Patient
from longlight.clinic.record.models import AuditRow
from longlight.science import instruments
from longlight.science.schedules import Later

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AT_THE_CLINIC = ZoneInfo("America/New_York")
Made = Callable[..., DueAssessment]


@pytest.fixture
def make(cast: Cast) -> Made:
    """A check-in that opened so long ago, and stays open so long."""

    def made(instrument: str = "phq-9", ago: timedelta = HOUR, left: timedelta = 2 * DAY, **other: object) -> DueAssessment:  # fmt: skip
        now = timezone.now()
        values = {
            "patient": cast.patient.patient, "instrument_id": instrument, "opens_at": now - ago,
            "closes_at": now + left, "due_on": (now - ago).date(), "closes_on": (now + left).date(),
            "opened_at": now - ago, **other,
        }  # fmt: skip
        return DueAssessment.objects.create(**values)

    return made


def card(cast: Cast):
    patient = cast.patient
    return due_card(viewer=patient.viewer, patient_id=patient.patient.id, at=timezone.now())


class TestTheCard:
    @pytest.mark.parametrize(
        ("ago", "tone"), [(HOUR, Tone.NEW), (DAY, Tone.STILL_OPEN), (3 * DAY, Tone.SOFT)]
    )
    def test_softens_and_never_disappears_before_it_closes(self, cast, make, ago, tone) -> None:
        make(ago=ago)
        assert card(cast).tone is tone

    def test_is_one_and_says_how_many_come_after(self, cast, make) -> None:
        make("gad-7", left=5 * DAY)
        first = make("phq-9", left=DAY)
        assert (card(cast).due, card(cast).others) == (first, 1)
        page = cast.patient.client().get("/today/").content.decode()
        assert "PHQ-9" in page
        assert "GAD-7" not in page

    def test_is_gone_when_the_window_is_over_or_a_clinician_rates_it(self, cast, make) -> None:
        make(ago=2 * DAY, left=-HOUR)
        make("hamd-17")
        assert card(cast) is None
        assert "Nothing to do today" in cast.patient.client().get("/today/").content.decode()

    def test_prefers_what_can_be_answered_on_a_page(self, cast, make) -> None:
        make("qids-sr16", left=HOUR)
        can = make("phq-9", left=DAY)
        assert card(cast).due == can


class TestPuttingOff:
    def test_moves_the_reminder_with_a_trace(self, cast, make) -> None:
        due = make()
        page = cast.patient.client().post(f"/check-ins/{due.pk}/later/", {"later": "tomorrow"})
        due.refresh_from_db()
        assert "We remind you" in page.content.decode()
        assert due.snoozed_until == due.act_at
        assert due.snoozed_until > timezone.now()
        assert AuditRow.objects.filter(verb="check-in-put-off").count() == 1

    def test_past_the_window_is_refused_and_changes_nothing(self, cast, make) -> None:
        due = make(left=2 * HOUR)
        page = cast.patient.client().post(f"/check-ins/{due.pk}/later/", {"later": "tomorrow"})
        due.refresh_from_db()
        assert page.status_code == 422
        assert due.snoozed_until is None

    @pytest.mark.parametrize("who", ["other_patient", "nurse", "patient_of_b"])
    def test_of_somebody_else_is_refused(self, cast, make, who) -> None:
        due = make()
        with pytest.raises(Refused):
            put_off(
                due_id=due.pk, later=Later.SHORT, by=getattr(cast, who).viewer, at=timezone.now()
            )

    def test_one_that_is_closed_is_refused(self, cast, make) -> None:
        due = make(ago=2 * DAY, left=-HOUR)
        with pytest.raises(CannotAnswer, match="open until"):
            put_off(due_id=due.pk, later=Later.SHORT, by=cast.patient.viewer, at=timezone.now())


def test_when_it_was_shown_begun_and_answered_is_kept(cast, make) -> None:
    due = make()
    client = cast.patient.client()
    client.get(f"/check-ins/{due.pk}/")
    due.refresh_from_db()
    assert due.shown_at is not None
    at = timezone.now()
    keep_answer(
        due_id=due.pk, item_id="phq9_1", code="1", key=uuid4(), by=cast.patient.viewer, at=at
    )
    finish_check_in(due_id=due.pk, by=cast.patient.viewer, at=at + HOUR)
    due.refresh_from_db()
    assert (due.started_at, due.answered_at, due.act_at) == (at, at + HOUR, None)


def test_after_one_questionnaire_the_next_is_a_press_away(cast, make) -> None:
    first, second = make(left=DAY), make("gad-7", left=2 * DAY)
    at = timezone.now()
    keep_answer(
        due_id=first.pk, item_id="phq9_1", code="1", key=uuid4(), by=cast.patient.viewer, at=at
    )
    finish_check_in(due_id=first.pk, by=cast.patient.viewer, at=at)
    client = cast.patient.client()
    assert "Go on to it" in client.get(f"/check-ins/{first.pk}/thanks/").content.decode()
    gone = client.post(f"/check-ins/{first.pk}/onward/")
    assert gone["Location"] == f"/check-ins/{second.pk}/"


class TestPreferences:
    GOOD = {"channel": "sms", "quiet_from": "21:00", "quiet_until": "08:00"}

    def test_are_the_patients_own_to_set(self, cast) -> None:
        assert cast.patient.client().post("/reminders/", self.GOOD).status_code == 302
        kept = ContactPreference.objects.get(patient=cast.patient.patient)
        assert (kept.channel, kept.quiet_from, kept.quiet_until) == ("sms", time(21), time(8))
        assert AuditRow.objects.filter(verb="contact-preference-set").exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"channel": "fax"},
            {"quiet_from": "x"},
            {"quiet_from": "09:00", "quiet_until": "08:00"},
        ],
    )
    def test_that_cannot_be_are_refused_with_a_sentence(self, cast, wrong) -> None:
        answer = cast.patient.client().post("/reminders/", self.GOOD | wrong)
        assert answer.status_code == 422
        assert not ContactPreference.objects.exists()

    def test_need_an_address_that_works(self, cast) -> None:
        Patient.objects.filter(pk=cast.patient.patient.pk).update(phone="555 0199")
        answer = cast.patient.client().post("/reminders/", self.GOOD)
        assert "country code" in answer.content.decode()
        assert not ContactPreference.objects.exists()

    def test_may_be_set_by_staff_of_the_clinic_alone(self, cast) -> None:
        url = f"/patients/{cast.patient.patient.id}/reminders/"
        assert cast.nurse_of_b.client().post(url, self.GOOD).status_code == 404
        assert cast.nurse.client().post(url, self.GOOD).status_code == 302


def schedule(cast: Cast, who=None, **other: object) -> AddedRule:
    addition = Addition(uuid4(), "every-so-many-days", "who-5", 7)
    asked = {
        "addition": addition, "patient_id": cast.patient.patient.id,
        "viewer": (who or cast.nurse).viewer, "at": timezone.now(), **other,
    }  # fmt: skip
    return add_rule(**asked)  # type: ignore[arg-type]


class TestASchedule:
    def test_added_for_a_patient_in_no_course_counts_from_today(self, cast) -> None:
        added = schedule(cast)
        planned = DueAssessment.objects.filter(plan_key__startswith=str(added.pk))
        assert planned.count() >= 1
        assert AuditRow.objects.filter(verb="questionnaire-added").count() == 1

    def test_twice_by_one_press_is_one_and_twice_by_two_is_refused(self, cast) -> None:
        addition = Addition(uuid4(), "every-so-many-days", "who-5", 7)
        schedule(cast, addition=addition)
        schedule(cast, addition=addition)
        with pytest.raises(CannotPlanQuestions, match="already"):
            schedule(cast)
        assert AddedRule.objects.count() == 1

    def test_without_its_days_is_refused(self, cast) -> None:
        with pytest.raises(CannotPlanQuestions, match="how many days"):
            schedule(cast, addition=Addition(uuid4(), "every-so-many-days", "who-5"))

    def test_stopped_takes_out_what_nobody_began_and_says_why(self, cast) -> None:
        added = schedule(cast)
        with pytest.raises(CannotPlanQuestions, match="why"):
            stop_rule(added_id=added.pk, reason=" ", viewer=cast.nurse.viewer, at=timezone.now())
        stop_rule(added_id=added.pk, reason="too much", viewer=cast.nurse.viewer, at=timezone.now())
        assert not DueAssessment.objects.filter(status="due").exists()
        added.refresh_from_db()
        assert (added.stop_reason, added.stopped_by_name) == ("too much", cast.nurse.viewer.name)

    @pytest.mark.parametrize("who", ["patient", "front_desk", "researcher", "nurse_of_b"])
    def test_is_staffs_of_the_clinic(self, cast, who) -> None:
        with pytest.raises(Refused):
            schedule(cast, getattr(cast, who))
        added = schedule(cast)
        with pytest.raises(Refused):
            stop_rule(
                added_id=added.pk, reason="x", viewer=getattr(cast, who).viewer, at=timezone.now()
            )

    def test_for_everybody_is_a_prescribers_or_directors(self, cast) -> None:
        with pytest.raises(Refused):
            schedule(cast, patient_id=None)
        assert schedule(cast, cast.prescriber, patient_id=None).patient_id is None

    def test_of_the_protocol_can_be_stopped_for_one_and_asked_again(self, cast) -> None:
        from tests.clinic.assessments.test_planning import NOW, follow

        follow(cast)
        asked = DueAssessment.objects.filter(instrument_id="gad-7", status="due")
        assert asked.count() == 1
        who = {"patient_id": cast.patient.patient.id, "rule_id": "iv-twice-weekly:1:3"}
        exempt(**who, reason="refused it", viewer=cast.nurse.viewer, at=NOW)
        assert asked.count() == 0
        ask_again(**who, viewer=cast.nurse.viewer, at=NOW)
        assert asked.count() == 1

    def test_shows_and_changes_on_its_page(self, cast) -> None:
        url = f"/patients/{cast.patient.patient.id}/schedule/"
        client = cast.nurse.client()
        typed = {
            "key": uuid4(), "instrument": "who-5", "schedule": "every-so-many-days",
            "every_days": "10",
        }  # fmt: skip
        assert client.post(url, typed).status_code == 302
        assert "every 10 days" in client.get(url).content.decode()
        assert client.post(url, typed | {"key": uuid4()}).status_code == 422


class TestTheBoard:
    def test_counts_and_shows_each_kind(self, cast, make) -> None:
        make("phq-9", ago=2 * DAY)
        make("gad-7", ago=HOUR)
        make("hamd-17")
        make("who-5", ago=-DAY, opened_at=None)
        now = timezone.now()
        make("pcl-5", ago=3 * DAY, left=-HOUR, status="missed", ended_at=now - HOUR)
        counts = board_counts(viewer=cast.nurse.viewer, at=now)
        wanted = {Show.OVERDUE: 1, Show.OPEN: 2, Show.COMING: 1, Show.STAFF: 1, Show.MISSED: 1}
        assert {show: count for show, count in counts.items() if count} == wanted
        page = cast.nurse.client().get("/questionnaires/?show=missed").content.decode()
        assert "PCL-5" in page
        assert "Closed without an answer" in page

    def test_asks_the_database_as_often_for_many_as_for_few(
        self, cast, make, django_assert_max_num_queries
    ) -> None:
        for instrument in instruments.ids():
            make(instrument, ago=2 * DAY)
        client = cast.nurse.client()
        client.get("/questionnaires/overdue/")
        with django_assert_max_num_queries(16):
            client.get("/questionnaires/overdue/")
        with django_assert_max_num_queries(16):
            client.get("/questionnaires/quiet/")

    def test_tells_nothing_of_another_clinic_or_a_restricted_chart(self, cast, make) -> None:
        make(ago=2 * DAY)
        now = timezone.now()
        assert not board(viewer=cast.nurse_of_b.viewer, show=Show.OPEN, at=now).exists()
        Patient.objects.filter(pk=cast.patient.patient.pk).update(is_restricted=True)
        assert not board(viewer=cast.nurse.viewer, show=Show.OPEN, at=now).exists()
        assert board(viewer=cast.director.viewer, show=Show.OPEN, at=now).exists()

    def test_lists_for_the_telephone_whom_no_message_reaches(self, cast, make) -> None:
        Patient.objects.filter(pk=cast.patient.patient.pk).update(email="")
        due = make(act_at=timezone.now())
        own = cast.patient.patient.id
        look_round(first=own, last=own, at=timezone.now())
        assert not Message.objects.exists()
        assert list(board(viewer=cast.nurse.viewer, show=Show.CALL, at=timezone.now())) == [due]


class TestGoneQuiet:
    def quiet(self, cast: Cast) -> list[Patient]:
        return list(gone_quiet(viewer=cast.nurse.viewer, at=timezone.now()))

    def test_is_who_was_asked_and_answered_nothing(self, cast, make) -> None:
        now = timezone.now()
        make(ago=10 * DAY, left=-8 * DAY, status="missed", ended_at=now - 8 * DAY)
        assert self.quiet(cast) == []
        make("gad-7", ago=3 * DAY, left=-DAY, status="missed", ended_at=now - DAY)
        assert self.quiet(cast) == [cast.patient.patient]
        assert "Ada Quill" in cast.nurse.client().get("/questionnaires/quiet/").content.decode()

    def test_is_nobody_who_answered_lately(self, cast, make) -> None:
        now = timezone.now()
        for instrument in ("phq-9", "gad-7"):
            make(instrument, ago=5 * DAY, left=-3 * DAY, status="missed", ended_at=now - 3 * DAY)
        due = make("phq-2")
        keep_answer(
            due_id=due.pk, item_id="phq2_1", code="1", key=uuid4(), by=cast.patient.viewer, at=now
        )
        finish_check_in(due_id=due.pk, by=cast.patient.viewer, at=now)
        assert self.quiet(cast) == []

    def test_a_call_is_logged_once_and_by_staff_alone(self, cast) -> None:
        url = f"/patients/{cast.patient.patient.id}/calls/"
        typed = {"key": uuid4(), "outcome": "reached", "note": "Is well, was traveling."}
        assert cast.nurse.client().post(url, typed).status_code == 302
        assert cast.nurse.client().post(url, typed).status_code == 302
        assert PatientCall.objects.count() == 1
        assert AuditRow.objects.filter(verb="patient-called").count() == 1
        assert (
            cast.nurse.client().post(url, typed | {"key": uuid4(), "note": ""}).status_code == 422
        )
        with pytest.raises(Refused):
            log_call(
                call_id=uuid4(), patient_id=cast.patient.patient.id, note="x",
                outcome=CallOutcome.REACHED, viewer=cast.nurse_of_b.viewer, at=timezone.now(),
            )  # fmt: skip


def typed(instrument: str, **other: object) -> dict[str, object]:
    items = {f"{item.id}-answer": "1" for item in instruments.get(instrument).items}
    today = timezone.now().astimezone(AT_THE_CLINIC).date()
    return {"key": uuid4(), "on": today - DAY, **items, **other}


class TestEntryByHand:
    def url(self, cast: Cast, instrument: str) -> str:
        return f"/patients/{cast.patient.patient.id}/enter/{instrument}/"

    def test_on_paper_keeps_its_day_and_who_typed_it_and_settles_what_was_missed(
        self, cast, make
    ) -> None:
        due = make(ago=3 * DAY, left=-HOUR, status="missed")
        due.closes_on = timezone.now().date()
        due.save()
        sent = typed("phq-9", way="paper")
        answer = cast.nurse.client().post(self.url(cast, "phq-9"), sent)
        assert answer.status_code == 302
        kept = Assessment.objects.get()
        assert (kept.source, kept.on, kept.score.total_points) == ("paper", sent["on"], 9)
        assert HandEntry.objects.get().typed_by_name == cast.nurse.viewer.name
        due.refresh_from_db()
        assert (due.status, due.assessment) == ("done", kept)
        assert due.answered_at.date() == sent["on"]

    def test_of_item_nine_raises_its_alert(self, cast) -> None:
        from longlight.clinic.safety.models import Alert

        cast.nurse.client().post(self.url(cast, "phq-9"), typed("phq-9", way="with-patient"))
        assert Alert.objects.count() == 1

    def test_twice_is_once(self, cast) -> None:
        sent = typed("phq-9", way="with-patient")
        for _ in range(2):
            assert cast.nurse.client().post(self.url(cast, "phq-9"), sent).status_code == 302
        assert Assessment.objects.count() == 1

    def test_of_a_rating_keeps_the_rater(self, cast) -> None:
        sent = typed("hamd-17", way="rating", rated_by="Dr. Amara Osei")
        assert cast.nurse.client().post(self.url(cast, "hamd-17"), sent).status_code == 302
        assert Assessment.objects.get().source == "rating"
        entry = HandEntry.objects.get()
        assert (entry.rated_by_name, entry.typed_by_name) == (
            "Dr. Amara Osei",
            cast.nurse.viewer.name,
        )

    @pytest.mark.parametrize(
        ("instrument", "wrong"),
        [
            ("phq-9", {"way": "rating"}),
            ("hamd-17", {"way": "paper"}),
            ("phq-9", {"way": "paper", "on": date(2126, 1, 1)}),
            ("phq-9", {"way": "paper", "phq9_1-answer": "7"}),
            ("phq-9", {"way": "paper", "phq9_1-answer": ""}),
            ("phq-9", {}),
        ],
    )
    def test_that_cannot_be_is_refused_and_keeps_nothing(self, cast, instrument, wrong) -> None:
        answer = cast.nurse.client().post(self.url(cast, instrument), typed(instrument) | wrong)
        assert answer.status_code == 422
        assert not Assessment.objects.exists()

    @pytest.mark.parametrize("who", ["patient", "front_desk", "nurse_of_b", "stranger"])
    def test_is_staffs_of_the_clinic(self, cast, who) -> None:
        client = getattr(cast, who).client()
        assert client.post(self.url(cast, "phq-9"), typed("phq-9", way="paper")).status_code == 404

    def test_an_unknown_scale_is_not_found(self, cast) -> None:
        assert cast.nurse.client().get(self.url(cast, "no-such")).status_code == 404


def test_no_patient_is_ever_asked_what_a_clinician_rates(cast, make) -> None:
    due = make("hamd-17", act_at=timezone.now())
    own = cast.patient.patient.id
    look_round(first=own, last=own, at=timezone.now())
    assert not Message.objects.exists()
    assert open_dues(viewer=cast.patient.viewer, patient_id=own, at=timezone.now()) == []
    assert cast.patient.client().get(f"/check-ins/{due.pk}/").status_code == 410
