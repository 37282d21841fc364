"""Screening findings: a stop always forbids "fit", and silence is never a no."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.science import protocols
from longlight.science.marks import Mark
from longlight.science.protocols import Answer, Finding, Level, Outcome

FINDINGS = protocols.eligibility_rules().findings
STOPS = [finding for finding in FINDINGS if finding.level is Level.STOP]
APPROACHES = [approach.id for approach in protocols.approaches()]
ANSWERS = st.dictionaries(st.sampled_from([f.id for f in FINDINGS]), st.sampled_from(Answer))


def all_no(**but: Answer) -> dict[str, Answer]:
    said = {finding.id: Answer.NO for finding in FINDINGS}
    return said | {name.replace("_", "-"): answer for name, answer in but.items()}


@pytest.mark.parametrize("approach", APPROACHES)
def test_with_every_answer_no_it_may_fit(approach: str) -> None:
    assessment = protocols.assess(all_no(), approach)
    assert Outcome.FIT in assessment.possible_outcomes
    assert not (assessment.stops)
    assert not (assessment.cautions)
    assert not (assessment.unknowns)


@pytest.mark.parametrize("stop", STOPS, ids=lambda finding: finding.id)
def test_each_stop_refuses_and_its_absence_lets_pass(stop: Finding) -> None:
    for approach in stop.approaches or APPROACHES:
        held = protocols.assess(all_no() | {stop.id: Answer.YES}, approach)
        assert Outcome.FIT not in held.possible_outcomes
        assert held.stops == (stop,)
        passed = protocols.assess(all_no() | {stop.id: Answer.NO}, approach)
        assert Outcome.FIT in passed.possible_outcomes


@pytest.mark.parametrize("stop", STOPS, ids=lambda finding: finding.id)
def test_a_stop_without_an_answer_is_not_a_no(stop: Finding) -> None:
    for approach in stop.approaches or APPROACHES:
        answers = {name: said for name, said in all_no().items() if name != stop.id}
        assessment = protocols.assess(answers, approach)
        assert assessment.unknowns == (stop,)
        assert Outcome.FIT not in assessment.possible_outcomes


@given(answers=ANSWERS, approach=st.sampled_from(APPROACHES))
def test_random_findings_never_give_fit_while_a_stop_holds(
    answers: dict[str, Answer], approach: str
) -> None:
    assessment = protocols.assess(answers, approach)
    if assessment.stops or assessment.unknowns:
        assert Outcome.FIT not in assessment.possible_outcomes
    assert {Outcome.NOT_NOW, Outcome.NOT_FOR_US} <= set(assessment.possible_outcomes)
    asked = {finding.id for finding in protocols.findings_for(approach)}
    found = [*assessment.stops, *assessment.cautions, *assessment.unknowns]
    held = {name for name, said in answers.items() if said is Answer.YES} & asked
    assert {f.id for f in (*assessment.stops, *assessment.cautions)} == held
    assert len(found) == len({f.id for f in found})


@given(answers=ANSWERS, more=ANSWERS, approach=st.sampled_from(APPROACHES))
def test_a_further_stop_never_opens_the_way(
    answers: dict[str, Answer], more: dict[str, Answer], approach: str
) -> None:
    worse = answers | {name: Answer.YES for name, said in more.items() if said is Answer.YES}
    before = protocols.assess(answers | {n: Answer.NO for n in worse if n not in answers}, approach)
    after = protocols.assess(worse, approach)
    if Outcome.FIT in after.possible_outcomes:
        assert Outcome.FIT in before.possible_outcomes


def test_a_caution_leaves_fit_possible_with_a_reason() -> None:
    assessment = protocols.assess(all_no(bipolar_disorder=Answer.YES), "medicine")
    assert Outcome.FIT in assessment.possible_outcomes
    assert assessment.needs_override


def test_what_nobody_saw_in_a_source_is_told_to_the_prescriber() -> None:
    assessment = protocols.assess(all_no(porphyria=Answer.YES), "medicine")
    assert [finding.mark for finding in assessment.rests_on_unverified] == [Mark.RECALLED]


def test_an_airway_is_asked_about_for_the_high_dose_only() -> None:
    asked = {a: {f.id for f in protocols.findings_for(a)} for a in APPROACHES}
    assert "no-airway-capable-setting" in asked["experience"]
    assert "no-airway-capable-setting" not in asked["medicine"] | asked["talk-therapy"]


@pytest.mark.parametrize("stop", STOPS, ids=lambda finding: finding.id)
def test_a_bare_yes_from_a_form_is_a_yes(stop: Finding) -> None:
    approach = stop.approaches[0] if stop.approaches else "medicine"
    answers: dict[str, Any] = {name: str(said) for name, said in all_no().items()}
    assert protocols.assess(answers | {stop.id: "yes"}, approach).stops == (stop,)


@pytest.mark.parametrize("odd", ["Yes", "", None, True, 1])
def test_an_answer_that_is_none_of_the_three_is_refused(odd: Any) -> None:
    with pytest.raises(protocols.UnknownFinding, match="answer yes, no or unknown"):
        protocols.assess({"porphyria": odd}, "medicine")


def test_an_answer_to_no_question_is_refused() -> None:
    with pytest.raises(protocols.UnknownFinding, match="pregnant"):
        protocols.assess({"pregnant": Answer.YES}, "medicine")


def test_plain_words_hold_no_digits_and_name_the_label_contraindications() -> None:
    told = protocols.talk_to_a_doctor_first()
    assert not any(character.isdigit() for sentence in told for character in sentence)
    assert any("aneurysm" in sentence for sentence in told)
    assert any("bleeding in the brain" in sentence for sentence in told)
