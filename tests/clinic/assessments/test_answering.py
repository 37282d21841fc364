"""An answer is kept as it is chosen, tells safety at once, and is sent once; nobody answers for somebody else."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from tests.cast import Cast

from longlight.clinic.assessments.actions import (
    finish_check_in,
    keep_answer,
    send_check_in,
    withdraw_check_in,
)
from longlight.clinic.assessments.models import Assessment, DueAssessment, KeptAnswer
from longlight.clinic.assessments.queries import newest_answers, questions_of, sendable
from longlight.clinic.assessments.rules import CannotAnswer, CannotRecord, DueStatus
from longlight.clinic.contact.actions import CannotSend
from longlight.clinic.contact.models import Message
from longlight.clinic.people.access import Refused
from longlight.clinic.people.actions import open_link
from longlight.clinic.people.models import PatientLink
from longlight.clinic.people.rules import LinkBearer, LinkPurpose
from longlight.clinic.record.models import AuditRow
from longlight.clinic.safety.models import Alert, AlertEvent
from longlight.science import instruments

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ITEMS = [item.id for item in instruments.get("phq-9").items]
Keep = Callable[..., KeptAnswer]


@pytest.fixture
def due(cast: Cast) -> DueAssessment:
    return DueAssessment.objects.create(
        patient=cast.patient.patient, instrument_id="phq-9", due_on=TODAY,
        closes_on=TODAY + timedelta(days=6),
    )  # fmt: skip


@pytest.fixture
def keep(cast: Cast, due: DueAssessment) -> Keep:
    def kept(item: int, code: str, key: UUID | None = None, **other: object) -> KeptAnswer:
        asked = {
            "due_id": due.id, "item_id": ITEMS[item - 1], "code": code, "key": key or uuid4(),
            "by": cast.patient.viewer, "at": NOW, **other,
        }  # fmt: skip
        return keep_answer(**asked)  # type: ignore[arg-type]

    return kept


def codes(due: DueAssessment) -> dict[int, str]:
    return {ITEMS.index(item) + 1: answer.code for item, answer in newest_answers(due).items()}


class TestAnAnswer:
    def test_is_kept_with_a_trace_that_does_not_tell_it(self, due, keep) -> None:
        answer = keep(3, "2")
        assert (answer.sequence, answer.value_points, answer.instrument_version) == (1, 2, "1")
        row = AuditRow.objects.get(verb="answer-kept")
        assert (row.object_id, row.details) == (str(due.id), {"sequence": 1})

    def test_can_be_skipped_and_chosen_later(self, due, keep) -> None:
        keep(3, "")
        assert newest_answers(due)[ITEMS[2]].is_skipped
        keep(3, "1")
        assert codes(due) == {3: "1"}

    def test_sent_twice_is_kept_once(self, due, keep) -> None:
        key = uuid4()
        assert keep(1, "1", key).pk == keep(1, "1", key).pk
        assert due.kept_answers.count() == 1

    def test_chosen_in_two_tabs_is_the_later_choice_and_both_are_kept(self, due, keep) -> None:
        keep(1, "1", uuid4())
        keep(1, "3", uuid4())
        assert codes(due) == {1: "3"}
        assert due.kept_answers.count() == 2

    def test_changed_to_and_fro_on_a_page_without_script_is_what_was_chosen_last(
        self, due, keep
    ) -> None:
        key = uuid4()
        for code in ("1", "2", "1"):
            keep(1, code, key)
        assert codes(due) == {1: "1"}

    def test_that_had_to_wait_does_not_undo_a_later_one_and_still_raises_its_alert(
        self, due, keep
    ) -> None:
        keep(9, "0")  # on another device, while the phone had no connection
        keep(9, "2", chosen_at=NOW - timedelta(minutes=5))
        assert codes(due) == {9: "0"}
        told = [event.answer for event in AlertEvent.objects.all()]
        assert told == ["More than half the days", "Not at all"]

    def test_that_a_wrong_clock_puts_in_the_future_counts_from_when_it_came(
        self, due, keep
    ) -> None:
        keep(1, "1", chosen_at=NOW + timedelta(days=300))
        keep(1, "2", at=NOW + timedelta(minutes=1))
        assert codes(due) == {1: "2"}

    def test_any_order_of_choices_and_repeats_ends_with_the_last_choices(self, due, keep) -> None:
        chance = random.Random(9)
        chosen: dict[int, str] = {}
        for _ in range(40):
            item, code, key = chance.randint(1, 9), chance.choice("0123"), uuid4()
            for _ in range(chance.randint(1, 3)):
                keep(item, code, key)
            chosen[item] = code
        assert codes(due) == chosen
        assert due.kept_answers.count() == 40
        places = list(due.kept_answers.values_list("sequence", flat=True))
        assert places == list(range(1, 41))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"code": "4"},
            {"code": "Nearly every day"},
            {"item_id": "phq9_10"},
            {"at": NOW - timedelta(days=1)},
        ],
    )
    def test_that_cannot_be_is_refused_and_nothing_is_kept(self, keep, wrong) -> None:
        with pytest.raises(CannotAnswer) as refusal:
            keep(1, **{"code": "1", **wrong})
        assert str(refusal.value).endswith(".")
        assert not KeptAnswer.objects.exists()
        assert not AuditRow.objects.exists()

    def test_kept_before_is_acknowledged_after_sending(self, cast, due, keep) -> None:
        key = uuid4()
        keep(1, "1", key)
        finish_check_in(due_id=due.id, by=cast.patient.viewer, at=NOW)
        assert keep(1, "1", key).sequence == 1

    @pytest.mark.parametrize("who", ["other_patient", "patient_of_b", "nurse", "director"])
    def test_of_somebody_else_is_refused(self, cast, keep, who) -> None:
        with pytest.raises(Refused):
            keep(1, "1", by=getattr(cast, who).viewer)
        assert not KeptAnswer.objects.exists()

    def test_is_never_changed_or_deleted_even_in_the_database(self, keep) -> None:
        kept = keep(1, "1")
        for attempt in (
            lambda: KeptAnswer.objects.filter(pk=kept.pk).update(code="0"),
            lambda: KeptAnswer.objects.filter(pk=kept.pk).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()


class TestItemNine:
    def test_raises_its_alert_when_chosen_though_the_form_is_abandoned(self, due, keep) -> None:
        keep(9, "1")
        alert = Alert.objects.get()
        assert (alert.source_id, alert.item_number, alert.priority) == (due.id, 9, "high")
        assert AlertEvent.objects.get().answer == "Several days"
        due.refresh_from_db()
        assert due.status == DueStatus.DUE
        assert not Assessment.objects.exists()

    def test_changed_keeps_the_alert_and_says_so(self, keep) -> None:
        for code in ("2", "0", ""):
            keep(9, code)
        assert Alert.objects.get().status == "new"
        told = list(AlertEvent.objects.values_list("kind", "answer"))
        assert told == [
            ("raised", "More than half the days"),
            ("answer-changed", "Not at all"),
            ("answer-changed", "not answered"),
        ]

    def test_answered_not_at_all_raises_nothing(self, keep) -> None:
        keep(9, "0")
        assert not Alert.objects.exists()

    def test_repeated_or_chosen_again_says_nothing_new(self, keep) -> None:
        key = uuid4()
        keep(9, "1", key)
        keep(9, "1", key)
        keep(9, "1", uuid4())
        assert AlertEvent.objects.count() == 1

    def test_and_its_alert_stand_or_fall_together(self, keep, monkeypatch) -> None:
        def broken(**_: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("longlight.clinic.assessments.actions.telling.raise_alert", broken)
        with pytest.raises(RuntimeError):
            keep(9, "1")
        assert not KeptAnswer.objects.exists()


class TestSending:
    def test_makes_one_assessment_of_the_newest_answers(self, cast, due, keep) -> None:
        for item in range(1, 10):
            keep(item, "3")
            keep(item, "1")
        kept = finish_check_in(due_id=due.id, by=cast.patient.viewer, at=NOW)
        assert (kept.score.total_points, kept.source, kept.on) == (9, "phone", TODAY)
        assert kept.clock is not None
        assert kept.clock.isoformat() == "12:00:00"
        assert finish_check_in(due_id=due.id, by=cast.patient.viewer, at=NOW).pk == kept.pk
        assert Assessment.objects.count() == 1
        due.refresh_from_db()
        assert (due.status, due.assessment_id) == (DueStatus.DONE, kept.pk)
        assert AuditRow.objects.filter(verb="check-in-sent").count() == 1
        assert AlertEvent.objects.filter(kind="raised").count() == 1

    def test_gives_no_total_where_too_much_was_skipped(self, cast, due, keep) -> None:
        for item in range(1, 10):
            keep(item, "" if item < 4 else "2")
        kept = finish_check_in(due_id=due.id, by=cast.patient.viewer, at=NOW)
        assert kept.score.total_points is None
        assert kept.answers is not None
        assert kept.answers[ITEMS[0]] is None

    def test_nothing_is_refused_with_a_sentence(self, cast, due, keep) -> None:
        keep(1, "")
        with pytest.raises(CannotAnswer, match="No question is answered yet"):
            finish_check_in(due_id=due.id, by=cast.patient.viewer, at=NOW)
        assert not Assessment.objects.exists()

    def test_of_somebody_else_is_refused(self, cast, due, keep) -> None:
        keep(1, "1")
        for other in (cast.other_patient, cast.patient_of_b, cast.nurse):
            with pytest.raises(Refused):
                finish_check_in(due_id=due.id, by=other.viewer, at=NOW)
        assert not Assessment.objects.exists()


def sent(cast: Cast, **other: object):
    asked = {
        "patient_id": cast.patient.patient.id, "instrument_id": "phq-9",
        "closes_on": TODAY + timedelta(days=3), "by_mail": False, "key": uuid4(),
        "viewer": cast.nurse.viewer, "at": NOW, **other,
    }  # fmt: skip
    return send_check_in(**asked)


def bearer(address: str, at: datetime = NOW) -> LinkBearer | None:
    return open_link(token=address.rsplit("/", 1)[1], at=at)


class TestALink:
    def test_handed_over_lets_answer_until_the_last_day_ends_where_the_patient_is(
        self, cast
    ) -> None:
        made = sent(cast)
        link = bearer(made.address)
        assert link is not None
        assert link.purpose is LinkPurpose.QUESTIONNAIRE
        keep_answer(
            due_id=made.due.id, item_id=ITEMS[0], code="1", key=uuid4(), by=link, at=NOW
        )  # fmt: skip
        last = datetime(2026, 11, 27, 4, 59, tzinfo=UTC)  # 23:59 in New York
        assert bearer(made.address, last) is not None
        assert bearer(made.address, last + timedelta(minutes=1)) is None

    def test_is_used_up_by_sending_whichever_way_in(self, cast, keep) -> None:
        made = sent(cast)
        keep_answer(
            due_id=made.due.id, item_id=ITEMS[0], code="1", key=uuid4(), by=cast.patient.viewer,
            at=NOW,
        )  # fmt: skip
        finish_check_in(due_id=made.due.id, by=cast.patient.viewer, at=NOW)
        assert bearer(made.address) is None

    def test_for_one_check_in_answers_no_other(self, cast, due) -> None:
        link = bearer(sent(cast, instrument_id="gad-7").address)
        with pytest.raises(Refused):
            keep_answer(due_id=due.id, item_id=ITEMS[0], code="1", key=uuid4(), by=link, at=NOW)
        other = replace(link, purpose=LinkPurpose.APPOINTMENT, object_id=due.id)
        with pytest.raises(Refused):
            keep_answer(due_id=due.id, item_id=ITEMS[0], code="1", key=uuid4(), by=other, at=NOW)

    def test_goes_out_by_mail_once_and_says_nothing_clinical(self, cast) -> None:
        key = uuid4()
        for _ in range(2):
            assert sent(cast, by_mail=True, key=key).address is None
        message = Message.objects.get()
        assert "PHQ" not in message.subject
        assert message.to == cast.patient.patient.email
        assert PatientLink.objects.count() == 1

    def test_goes_to_the_check_in_that_is_open_already(self, cast, due) -> None:
        assert sent(cast).due.pk == due.pk

    def test_taken_back_opens_nothing_and_nothing_is_answered(self, cast, due, keep) -> None:
        made = sent(cast)
        withdraw_check_in(due_id=due.id, viewer=cast.nurse.viewer, at=NOW)
        assert bearer(made.address) is None
        with pytest.raises(CannotAnswer, match="taken these questions back"):
            finish_check_in(due_id=due.id, by=cast.patient.viewer, at=NOW)
        assert AuditRow.objects.filter(verb="check-in-withdrawn").count() == 1
        assert sent(cast).due.status == DueStatus.DUE

    def test_is_not_taken_back_once_sent_nor_sent_again_that_day(self, cast, due, keep) -> None:
        keep(1, "1")
        finish_check_in(due_id=due.id, by=cast.patient.viewer, at=NOW)
        with pytest.raises(CannotRecord):
            withdraw_check_in(due_id=due.id, viewer=cast.nurse.viewer, at=NOW)
        with pytest.raises(CannotSend, match="tomorrow"):
            sent(cast)

    @pytest.mark.parametrize(
        "wrong",
        [{"instrument_id": "madrs"}, {"instrument_id": "oci-r"}, {"closes_on": date(2026, 11, 22)}],
    )
    def test_that_cannot_be_is_refused_and_nothing_is_made(self, cast, wrong) -> None:
        with pytest.raises(CannotSend):
            sent(cast, **wrong)
        assert not DueAssessment.objects.exists()
        assert not PatientLink.objects.exists()

    def test_to_nobody_s_address_is_refused(self, cast) -> None:
        patient = cast.patient.patient
        patient.email = ""
        patient.save()
        with pytest.raises(CannotSend, match="hand the link over"):
            sent(cast, by_mail=True)
        assert not PatientLink.objects.exists()

    @pytest.mark.parametrize(
        "who", ["patient", "front_desk", "researcher", "administrator", "nurse_of_b"]
    )
    def test_is_neither_sent_nor_taken_back_by_who_may_not(self, cast, due, who) -> None:
        viewer = getattr(cast, who).viewer
        with pytest.raises(Refused):
            sent(cast, viewer=viewer)
        with pytest.raises(Refused):
            withdraw_check_in(due_id=due.id, viewer=viewer, at=NOW)
        due.refresh_from_db()
        assert due.status == DueStatus.DUE
        assert not PatientLink.objects.exists()


def test_every_instrument_that_can_be_sent_is_asked_word_for_word_with_its_recall_period(
    cast: Cast,
) -> None:
    assert ("phq-9", "PHQ-9") in sendable()
    for name, _title in sendable():
        asked = questions_of(DueAssessment(instrument_id=name, due_on=TODAY, id=uuid4()))
        assert asked is not None
        text = asked.instrument.text()
        assert text is not None
        scored = [each for each in asked.each if each.item is not None]
        assert [each.text for each in scored] == [words.text for words in text.items]
        for each in scored:
            told = f"{each.lead} {each.recall} {each.text}".casefold()
            assert text.recall_period.split(" (")[0].casefold() in told, name
