"""The decision aid against the checkable list of IPDAS and our own rules of wording."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from longlight.science import evidence, protocols
from longlight.science.evidence.aid import DecisionAid, Option, decision_aid, texts
from longlight.science.evidence.phrases import REFERENCE, plain_text, references
from longlight.science.evidence.reading_grade import grade

AID = decision_aid()
TEXTS = texts(AID)
# Digits that may stand in a text: the denominator that every count shares.
ALLOWED_DIGITS = {"100"}
NUMBER_WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|third|fourth|fifth|sixth"
CLINICAL_NOUNS = "hour|minute|day|week|month|year|dose|drip|treatment|session|visit|people|person|point|percent|mg"
NUMBER_IN_WORDS = re.compile(rf"\b({NUMBER_WORDS})\b(\s\w+)?\s({CLINICAL_NOUNS})s?\b", re.I)
BANNED = (
    r"\bbest\b|right choice|right for you|we recommend|recommended|you should (choose|take|try)|"
    r"\bcure|breakthrough|guarantee|\bproven\b|journey|optimi[sz]e|miracle|safe and effective|"
    r"\bfailed\b|non-?compliant|commit suicide|1 in \d|one in \w+ people|will work for you"
)


def words(text: str) -> int:
    return len(plain_text(text).split())


def words_of(option: Option) -> int:
    return sum(words(text) for _, text in option.answers)


def test_every_number_in_a_text_may_stand_on_a_public_page() -> None:
    pieces = [piece for text in TEXTS.values() for piece in references(text)]
    assert len(pieces) > 80
    hidden = [p.reference for p in pieces if not evidence.shown_on_public_pages(p.number)]
    assert hidden == []


def test_no_digit_stands_outside_a_reference() -> None:
    bare = {place: REFERENCE.sub("", text) for place, text in TEXTS.items()}
    assert [p for p, t in bare.items() if not set(re.findall(r"\d+", t)) <= ALLOWED_DIGITS] == []


def test_no_clinical_number_hides_in_words() -> None:
    clinical = {place: text for place, text in TEXTS.items() if place != "update_policy"}
    assert [place for place, text in clinical.items() if NUMBER_IN_WORDS.search(text)] == []


@pytest.mark.parametrize("hidden", ["after two weeks", "twelve people", "by the fourth dose"])
def test_a_number_in_words_is_found(hidden: str) -> None:
    assert NUMBER_IN_WORDS.search(hidden)


def test_no_wording_recommends_or_promises() -> None:
    assert [place for place, text in TEXTS.items() if re.search(BANNED, text, re.I)] == []


def test_each_text_reads_at_grade_8_or_below() -> None:
    read = {place: plain_text(text) for place, text in TEXTS.items() if words(text) >= 25}
    assert {place: round(grade(text), 1) for place, text in read.items() if grade(text) > 8} == {}


def test_titles_and_labels_hold_no_digits_and_no_promise() -> None:
    titles = [row.label for row in AID.rows]
    titles += [f"{option.title} {option.line}" for option in AID.options]
    titles += [f"{claim.title} {claim.certainty}" for claim in AID.claims]
    titles += [f"{known.title} {known.certainty}" for known in AID.conditions]
    assert not any(re.search(rf"\d|{BANNED}", title, re.I) for title in titles)


def test_options_answer_the_same_rows_in_the_same_order() -> None:
    order = [row.id for row in AID.rows]
    for option in AID.options:
        assert [row_id for row_id, _ in option.answers] == order
        assert all(text.strip() for _, text in option.answers)


def test_options_are_told_at_the_same_length() -> None:
    lengths = [words_of(option) for option in AID.options]
    assert max(lengths) <= 1.1 * min(lengths), lengths


def test_good_and_bad_are_told_at_about_the_same_length() -> None:
    for option in AID.options:
        good, bad = words(option.answer("good")), words(option.answer("bad"))
        assert max(good, bad) <= 1.2 * min(good, bad), option.id


def test_other_treatments_and_waiting_are_full_options() -> None:
    ids = [option.id for option in AID.options]
    assert ids == [*(a.id for a in protocols.approaches()), "other-treatments", "not-now"]


def test_where_nothing_was_studied_the_chance_says_so_first() -> None:
    for option_id in ("talk-therapy", "experience", "not-now"):
        assert AID.option(option_id).answer("chance").startswith(AID.no_study)
    cells = dict(AID.outcomes[0].cells)
    assert all(cells[o].unknown for o in ("talk-therapy", "experience", "not-now"))


@pytest.mark.parametrize("outcome", AID.outcomes, ids=lambda outcome: outcome.id)
def test_an_outcome_has_one_period_and_one_denominator(outcome: evidence.Outcome) -> None:
    assert [option_id for option_id, _ in outcome.cells] == [option.id for option in AID.options]
    for option_id, cell in outcome.cells:
        assert (cell.number is None) != (cell.unknown is None), option_id
        if cell.found is not None:
            _, number = cell.found
            assert evidence.shown_on_public_pages(number)
            assert 0 <= evidence.of_100(number) <= 100
            assert number.time_days == outcome.time_days
            visits = number.unit == "percent-of-sessions"
            assert visits == (outcome.of == "visits")
    assert "100" in outcome.question


def test_benefits_and_harms_are_both_counted() -> None:
    kinds = [outcome.kind for outcome in AID.outcomes]
    assert kinds.count("benefit") == kinds.count("harm")


def test_every_count_has_an_interval_or_says_that_it_has_none() -> None:
    for outcome in AID.outcomes:
        for _, cell in outcome.cells:
            if cell.found and cell.interval is None:
                assert cell.found[1].interval is None


def test_people_who_were_scored_give_a_count_its_interval() -> None:
    worse = next(outcome for outcome in AID.outcomes if outcome.id == "worse")
    interval = worse.cell("medicine").interval
    theirs = binomtest(round(0.084 * 537), 537).proportion_ci(method="wilson")
    assert interval is not None
    assert interval.is_our_calculation
    assert float(interval.low) == pytest.approx(100 * theirs.low, abs=0.1)
    assert float(interval.high) == pytest.approx(100 * theirs.high, abs=0.1)


def test_every_claim_of_the_article_has_its_paragraph() -> None:
    asked = {
        "seventy-percent",
        "six-treatments",
        "wears-off-in-a-month",
        "monthly-boosters",
        "neuroplasticity",
        "default-mode-network",
        "computer-learning-program",
    }
    assert asked <= {claim.id for claim in AID.claims}


def test_every_condition_that_evidence_covers_and_the_article_names_has_a_text() -> None:
    told = {condition.id for condition in AID.conditions}
    assert told == set(evidence.conditions()) - {"drug-use"}


def test_citations_resolve_and_cover_the_numbers_of_their_text() -> None:
    for told in (*AID.claims, *AID.conditions):
        cited = {evidence.get(record_id).id for record_id in told.cites}
        used = {p.record.id for p in references(_all_text(told))} - {"the-article"}
        assert used <= cited, told.id
    for check in AID.questions.knowledge:
        assert all(evidence.get(record_id) for record_id in check.cites)


def _all_text(told: evidence.Claim | evidence.Condition) -> str:
    if isinstance(told, evidence.Claim):
        return f"{told.says} {told.found} {told.spread}"
    return told.text


def test_each_item_of_ipdas_points_at_something() -> None:
    items = dict(AID.ipdas)
    assert set(items) == {f"Q{i}" for i in range(1, 7)} | {f"C{i}" for i in range(1, 7)}
    rows = {row.id for row in AID.rows}
    for item, target in items.items():
        row = target.removeprefix("row:")
        assert row in rows if target.startswith("row:") else getattr(AID, target), item


def test_eight_values_five_statements_four_questions_of_our_own() -> None:
    asked = AID.questions
    assert (len(asked.values), len(asked.knowledge), len(asked.confidence)) == (8, 5, 4)
    assert {"altered-states", "therapist-in-the-room"} <= {value.id for value in asked.values}
    assert {check.is_true for check in asked.knowledge} == {True, False}
    assert asked.value_answers.dont_know


def test_our_questions_are_never_called_sure() -> None:
    assert not any("SURE" in text for text in TEXTS.values())


def test_a_carer_is_asked_about_the_person() -> None:
    for question in AID.questions.values:
        assert re.search(r"\b(them|they)\b", question.ask_carer, re.I)
        assert not re.search(r"\b(them|they)\b", question.ask, re.I)


@given(turn=st.integers(0, 10_000))
def test_the_order_turns_and_loses_nobody(turn: int) -> None:
    order = AID.in_order(turn)
    assert sorted(option.id for option in order) == sorted(option.id for option in AID.options)
    assert order == AID.in_order(turn + len(AID.options))


def test_each_option_comes_first_in_its_turn() -> None:
    first = [AID.in_order(turn)[0].id for turn in range(len(AID.options))]
    assert first == [option.id for option in AID.options]


def test_the_review_falls_due_and_is_told_when_it_is_late() -> None:
    assert AID.written < AID.review_by
    assert not AID.is_overdue(AID.review_by)
    assert AID.is_overdue(date(AID.review_by.year + 1, 1, 1))


def test_the_aid_is_one_frozen_value() -> None:
    assert isinstance(AID, DecisionAid)
    assert decision_aid() is AID
