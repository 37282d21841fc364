"""A stop that holds, and a question without an answer, never let "fit" stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.clinic.screening.rules import reasons_not_to_consent, reasons_not_to_decide
from longlight.science import protocols
from longlight.science.protocols import Answer, Level, Outcome
from longlight.science.protocols.consents import consent_wordings, wording_for

APPROACHES = [approach.id for approach in protocols.approaches()]


def all_no(approach: str) -> dict[str, Answer]:
    return {finding.id: Answer.NO for finding in protocols.findings_for(approach)}


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, dict[str, Answer]]:
    approach = draw(st.sampled_from(APPROACHES))
    return approach, {
        finding.id: draw(st.sampled_from(Answer)) for finding in protocols.findings_for(approach)
    }


@given(answers(), st.dictionaries(st.text(max_size=5), st.text(max_size=5)), st.text(max_size=20))
def test_fit_never_stands_while_a_stop_holds_or_a_question_is_open(
    said: tuple[str, dict[str, Answer]], overrides: dict[str, str], reasons: str
) -> None:
    approach, given_answers = said
    assessment = protocols.assess(given_answers, approach)
    refused = reasons_not_to_decide(Outcome.FIT, assessment, overrides, reasons)
    stopped = any(
        given_answers[f.id] is Answer.YES
        for f in protocols.findings_for(approach)
        if f.level is Level.STOP
    )
    if stopped or Answer.UNKNOWN in given_answers.values():
        assert refused


STOPS = [
    (approach, finding.id)
    for approach in APPROACHES
    for finding in protocols.findings_for(approach)
    if finding.level is Level.STOP
]


@pytest.mark.parametrize(("approach", "stop"), STOPS)
def test_each_stop_refuses_when_it_holds_and_lets_pass_when_it_does_not(
    approach: str, stop: str
) -> None:
    clear = protocols.assess(all_no(approach), approach)
    assert reasons_not_to_decide(Outcome.FIT, clear, {}, "Reviewed.") == []
    held = protocols.assess(all_no(approach) | {stop: Answer.YES}, approach)
    assert len(reasons_not_to_decide(Outcome.FIT, held, {}, "Reviewed.")) == 1
    assert reasons_not_to_decide(Outcome.NOT_FOR_US, held, {}, "Reviewed.") == []


def test_a_caution_needs_a_reason_of_its_own() -> None:
    approach = "medicine"
    caution = next(f for f in protocols.findings_for(approach) if f.level is Level.CAUTION)
    assessment = protocols.assess(all_no(approach) | {caution.id: Answer.YES}, approach)
    assert reasons_not_to_decide(Outcome.FIT, assessment, {}, "Reviewed.")
    assert reasons_not_to_decide(Outcome.FIT, assessment, {caution.id: " "}, "Reviewed.")
    assert not reasons_not_to_decide(Outcome.FIT, assessment, {caution.id: "Stable."}, "Reviewed.")


def test_every_reason_is_told_at_once() -> None:
    nothing = protocols.assess({}, "medicine")
    refused = reasons_not_to_decide(Outcome.FIT, nothing, {}, "")
    assert len(refused) == 1 + len(protocols.findings_for("medicine"))


@pytest.mark.parametrize(
    ("signature", "agreed", "count"),
    [
        ("Ana Brook", True, 0),
        ("ana brook ", True, 0),
        ("", True, 1),
        ("A. Brook", True, 1),
        ("", False, 2),
    ],
)
def test_a_consent_needs_the_name_and_the_tick(signature: str, agreed: bool, count: int) -> None:
    reasons = reasons_not_to_consent(
        signature=signature, patient_name="Ana Brook", has_agreed=agreed
    )
    assert len(reasons) == count


def test_every_protocol_has_a_wording_that_says_what_is_not_approved() -> None:
    for protocol in protocols.all():
        wording = wording_for(protocol)
        text = " ".join(paragraph.text for paragraph in wording.paragraphs)
        assert "not FDA-approved" in text, wording.id


def test_a_wordings_hash_follows_its_text() -> None:
    hashes = [wording.hash for wording in consent_wordings()]
    assert len(set(hashes)) == len(hashes)
