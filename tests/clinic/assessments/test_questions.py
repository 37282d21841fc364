"""Which questions an instrument asks: what scores nothing, what a gate or an earlier answer leaves out, numbers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from tests.cast import Cast
from tests.clinic.assessments.made_up_texts import made_up_text

from longlight.clinic.assessments.actions import finish_check_in, keep_answer
from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.assessments.questions import Questions, questions_in
from longlight.clinic.assessments.rules import CannotAnswer
from longlight.science import instruments

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def questions(name: str, completed_by: str = "patient") -> Questions:
    instrument = instruments.get(name)
    text = instrument.text() or instrument.site_text(made_up_text(name))
    made = questions_in(replace(instrument, completed_by=completed_by), text)  # type: ignore[type-var]
    assert made is not None
    return made


def asked(name: str, **codes: str) -> list[str]:
    made = questions(name)
    values = {q.id: q.value(codes[q.id]) for q in made.each if q.id in codes}
    return [q.id for q in made.asked(codes, values)]


def test_the_questions_of_a_form_that_score_nothing_are_asked_where_the_form_has_them() -> None:
    *items, last = asked("phq-9")
    assert len(items) == 9
    assert last == "difficulty"
    assert len(asked("gad-7")) == 7  # only some prints of it carry the eighth
    assert asked("pc-ptsd-5")[0] == "gate"


def test_a_gate_that_is_answered_no_leaves_out_all_else() -> None:
    assert asked("pc-ptsd-5", gate="0") == ["gate"]
    assert len(asked("pc-ptsd-5", gate="1")) == 6
    gate = questions("pc-ptsd-5").each[0]
    assert "frightening" in gate.lead


def test_what_follows_a_yes_is_asked_after_a_yes_alone() -> None:
    one, two, three, four, five, ever, lately = [q.id for q in questions("c-ssrs-screener").each]
    assert asked("c-ssrs-screener") == [one, two, ever]
    assert asked("c-ssrs-screener", **{two: "0"}) == [one, two, ever]
    assert asked("c-ssrs-screener", **{two: "1"}) == [one, two, three, four, five, ever]
    assert asked("c-ssrs-screener", **{ever: "1"})[-1] == lately


def test_what_a_clinician_fills_in_is_not_asked_of_a_patient() -> None:
    instrument = instruments.get("c-ssrs-screener")
    assert questions_in(instrument, instrument.site_text(made_up_text("c-ssrs-screener"))) is None


@pytest.mark.parametrize(
    ("code", "value"),
    [("0", 0), ("28", 28), ("29", None), ("-1", None), ("7.5", None), ("x", None), ("٣", None)],
)
def test_a_number_is_taken_within_its_range(code: str, value: float | None) -> None:
    days = next(q for q in questions("ede-q").each if q.is_number and q.item.maximum == 28)
    assert days.value(code) == value


class TestACheckIn:
    @pytest.fixture
    def answer(self, cast: Cast):
        def give(name: str, **codes: str) -> DueAssessment:
            due = DueAssessment.objects.create(
                patient=cast.patient.patient, instrument_id=name, due_on=TODAY,
                closes_on=TODAY + timedelta(days=6),
            )  # fmt: skip
            for item_id, code in codes.items():
                keep_answer(
                    due_id=due.id, item_id=item_id, code=code, key=uuid4(), by=cast.patient.viewer,
                    at=NOW,
                )  # fmt: skip
            finish_check_in(due_id=due.id, by=cast.patient.viewer, at=NOW)
            due.refresh_from_db()
            return due

        return give

    def test_keeps_what_scores_nothing_beside_the_score(self, answer) -> None:
        items = {item.id: "1" for item in instruments.get("phq-9").items}
        due = answer("phq-9", **items, difficulty="3")
        assert due.assessment.score.total_points == 9
        assert "difficulty" not in due.assessment.answers
        assert due.kept_answers.last().item_id == "difficulty"

    def test_that_ends_at_its_gate_has_the_total_that_is_printed_on_the_form(self, answer) -> None:
        assert answer("pc-ptsd-5", gate="0").assessment.score.total_points == 0

    def test_that_passed_its_gate_counts_its_answers(self, answer) -> None:
        items = {item.id: "1" for item in instruments.get("pc-ptsd-5").items}
        assert answer("pc-ptsd-5", gate="1", **items).assessment.score.total_points == 5

    def test_does_not_count_what_was_answered_before_the_gate_closed(self, answer) -> None:
        items = {item.id: "1" for item in instruments.get("pc-ptsd-5").items}
        assert answer("pc-ptsd-5", **items, gate="0").assessment.score.total_points == 0

    def test_keeps_the_level_where_there_is_no_band_of_the_total(self, answer) -> None:
        items = {item.id: "0" for item in instruments.get("longlight-side-effects").items}
        score = answer("longlight-side-effects", **items).assessment.score
        assert (score.total_points, score.band) == (0, "none")

    def test_refuses_another_instrument_s_question(self, answer) -> None:
        with pytest.raises(CannotAnswer):
            answer("gad-7", difficulty="1")
