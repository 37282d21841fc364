"""Findings, decision and consent are kept with who said so, or refused without a trace."""

from typing import Any

import pytest
from tests.cast import Cast
from tests.walk import MORNING, screen_as_fit, sign_consent

from longlight.clinic.people.access import Refused
from longlight.clinic.record.models import AuditRow
from longlight.clinic.screening import actions, queries
from longlight.clinic.screening.models import ScreeningDecision, ScreeningFinding
from longlight.clinic.screening.rules import CannotConsent, CannotDecide
from longlight.science import protocols
from longlight.science.protocols import Answer, Outcome
from longlight.science.protocols.consents import wording_for

pytestmark = pytest.mark.django_db
MEDICINE = protocols.get("iv-twice-weekly")


def record(cast: Cast, answers: dict[str, Answer], who: Any = None) -> int:
    return actions.record_findings(
        patient_id=cast.patient.patient.id,
        answers=answers,
        viewer=(who or cast.nurse).viewer,
        at=MORNING,
    )


def decide(cast: Cast, outcome: Outcome, who: Any = None) -> ScreeningDecision:
    return actions.decide(
        patient_id=cast.patient.patient.id,
        approach_id="medicine",
        outcome=outcome,
        reasons="Seen and examined.",
        overrides={},
        viewer=(who or cast.prescriber).viewer,
        at=MORNING,
    )


def test_what_is_the_same_as_before_is_not_kept_again(cast: Cast) -> None:
    first = protocols.findings_for("medicine")[0].id
    assert record(cast, {first: Answer.NO}) == 1
    assert record(cast, {first: Answer.NO}) == 0
    assert record(cast, {first: Answer.YES}) == 1
    assert ScreeningFinding.objects.count() == 2
    assert queries.newest_answers(cast.patient.patient.id) == {first: Answer.YES}


def test_a_person_found_fit_leaves_a_trace(cast: Cast) -> None:
    screen_as_fit(cast)
    decision = queries.newest_decision(cast.patient.patient.id, "medicine")
    assert decision is not None
    assert decision.decided_by_name == cast.prescriber.account.name
    verbs = list(AuditRow.objects.values_list("verb", flat=True))
    assert verbs[-2:] == ["findings-recorded", "screening-decided"]


def test_a_stop_that_holds_refuses_fit_and_keeps_nothing(cast: Cast) -> None:
    record(cast, {f.id: Answer.NO for f in protocols.findings_for("medicine")})
    record(cast, {"aneurysm-or-avm": Answer.YES})
    before = AuditRow.objects.count()
    with pytest.raises(CannotDecide, match="A stop holds"):
        decide(cast, Outcome.FIT)
    assert not ScreeningDecision.objects.exists()
    assert AuditRow.objects.count() == before
    assert decide(cast, Outcome.NOT_FOR_US).outcome == "not-for-us"


@pytest.mark.parametrize(
    "role", ["nurse", "therapist", "front_desk", "director", "researcher", "administrator"]
)
def test_only_a_prescriber_decides(cast: Cast, role: str) -> None:
    record(cast, {f.id: Answer.NO for f in protocols.findings_for("medicine")})
    with pytest.raises(Refused):
        decide(cast, Outcome.FIT, getattr(cast, role))
    assert not ScreeningDecision.objects.exists()


def test_a_nurse_of_another_clinic_finds_no_patient(cast: Cast) -> None:
    with pytest.raises(Refused):
        record(cast, {"aneurysm-or-avm": Answer.NO}, cast.nurse_of_b)
    assert not ScreeningFinding.objects.exists()


def test_an_unknown_finding_is_refused_whole(cast: Cast) -> None:
    with pytest.raises(protocols.UnknownFinding, match="no finding called"):
        record(cast, {"aneurysm-or-avm": Answer.NO, "moon-phase": Answer.YES})
    assert not ScreeningFinding.objects.exists()


def test_consent_names_the_exact_wording_and_can_be_withdrawn(cast: Cast) -> None:
    sign_consent(cast)
    wording = wording_for(MEDICINE)
    consent = queries.standing_consent(cast.patient.patient.id, wording)
    assert consent is not None
    assert consent.wording_hash == wording.hash
    for _twice in range(2):
        actions.withdraw_consent(consent_id=consent.pk, viewer=cast.nurse.viewer, at=MORNING)
    assert queries.standing_consent(cast.patient.patient.id, wording) is None


def test_another_name_signs_nothing(cast: Cast) -> None:
    with pytest.raises(CannotConsent, match="as it stands in the chart"):
        actions.sign_consent(
            patient_id=cast.patient.patient.id,
            wording=wording_for(MEDICINE),
            signature="Somebody Else",
            has_agreed=True,
            viewer=cast.nurse.viewer,
            at=MORNING,
        )


def test_the_pages_take_findings_refuse_a_rash_decision_and_keep_a_sound_one(cast: Cast) -> None:
    patient_id = cast.patient.patient.id
    url = f"/patients/{patient_id}/screening/medicine/"
    nurse, prescriber = cast.nurse.client(), cast.prescriber.client()
    refused = prescriber.post(f"{url}decision", {"outcome": "fit", "reasons": "I know her."})
    assert refused.status_code == 409
    assert "Not answered yet" in refused.content.decode()
    assert "I know her." in refused.content.decode()  # what was typed is still there
    answers = {f.id: "no" for f in protocols.findings_for("medicine")}
    assert nurse.post(f"{url}findings", answers).status_code == 302
    assert prescriber.post(f"{url}decision", {"outcome": "fit"}).status_code == 422
    kept = prescriber.post(f"{url}decision", {"outcome": "fit", "reasons": "Seen."}, follow=True)
    assert "Fit for this approach" in kept.content.decode()
    assert nurse.get(f"/patients/{patient_id}/screening/").status_code == 200


def test_the_consent_page_says_that_the_use_is_not_approved(cast: Cast) -> None:
    wording = wording_for(MEDICINE)
    url = f"/patients/{cast.patient.patient.id}/consent/{wording.id}/{wording.version}/"
    nurse = cast.nurse.client()
    assert "not FDA-approved" in nurse.get(url).content.decode()
    assert nurse.post(url, {"signature": "Ada Quill"}).status_code == 409
    signed = nurse.post(url, {"signature": cast.patient.patient.name, "agreed": "on"})
    assert signed.status_code == 302
    assert nurse.get(url.replace("/1/", "/99/")).status_code == 404
