"""What changes a screening: findings and allergies noted, consent signed or withdrawn, a decision made."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.people.access import require_chart, require_role
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.clinic.screening.models import (
    AllergyStatement,
    Consent,
    ConsentWithdrawal,
    ScreeningDecision,
    ScreeningFinding,
)
from longlight.clinic.screening.queries import (
    newest_answers,
    newest_decision,
    standing_consent,
)
from longlight.clinic.screening.rules import (
    CannotConsent,
    CannotDecide,
    CannotRecord,
    reasons_not_to_consent,
    reasons_not_to_decide,
    reasons_not_to_record_allergies,
)
from longlight.science import protocols
from longlight.science.protocols import Answer, Outcome
from longlight.science.protocols.consents import ConsentWording

TAKES_FINDINGS = (Role.NURSE, Role.PRESCRIBER, Role.THERAPIST)


def record_findings(
    *, patient_id: UUID, answers: Mapping[str, Answer], viewer: Viewer, at: datetime
) -> int:
    """Note what was said of each finding; what is the same as before is not noted again. How many were new."""
    require_role(viewer, *TAKES_FINDINGS)
    patient = require_chart(viewer, patient_id, at)
    version = protocols.eligibility_rules().version
    known = {finding.id for finding in protocols.eligibility_rules().findings}
    if unknown := sorted(set(answers) - known):
        raise protocols.UnknownFinding(
            _("There is no finding called {unknown}.").format(unknown=", ".join(unknown))
        )
    with writing(by=viewer.actor, at=at) as pen:
        before = newest_answers(Patient.objects.select_for_update().get(pk=patient.pk).pk)
        fresh = {
            finding_id: answer
            for finding_id, answer in answers.items()
            if before.get(finding_id, Answer.UNKNOWN) is not answer
        }
        for finding_id, answer in fresh.items():
            ScreeningFinding.objects.create(
                patient=patient,
                finding_id=finding_id,
                rules_version=version,
                answer=answer.value,
                at=at,
                by_id=viewer.account_id,
                by_name=viewer.name,
            )
        _note(pen, "findings-recorded", patient.id, "patient", patient.id, findings=sorted(fresh))
    return len(fresh)


def record_allergies(
    *,
    patient_id: UUID,
    statement_id: UUID,
    text: str,
    none_known: bool,
    viewer: Viewer,
    at: datetime,
) -> AllergyStatement:
    """Note what is known of allergies from now on. `statement_id` is made by the form: sent twice, it is one."""
    require_role(viewer, *TAKES_FINDINGS)
    patient = require_chart(viewer, patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient.pk)
        if reasons := reasons_not_to_record_allergies(text, none_known=none_known):
            raise CannotRecord(" ".join(reasons))
        before = AllergyStatement.objects.filter(pk=statement_id, patient=patient).first()
        if before is not None:
            _note(pen, "allergies-repeated", patient.id, "allergies", before.pk)
            return before
        statement = AllergyStatement.objects.create(
            id=statement_id, patient=patient, text=text.strip(), at=at,
            by_id=viewer.account_id, by_name=viewer.name,
        )  # fmt: skip
        _note(pen, "allergies-recorded", patient.id, "allergies", statement.pk)
    return statement


def decide(
    *,
    patient_id: UUID,
    approach_id: str,
    outcome: Outcome,
    reasons: str,
    overrides: Mapping[str, str],
    viewer: Viewer,
    at: datetime,
) -> ScreeningDecision:
    """A prescriber's decision on what is known now. Raises `CannotDecide` with every reason."""
    require_role(viewer, Role.PRESCRIBER)
    patient = require_chart(viewer, patient_id, at)
    with writing(by=viewer.actor, at=at) as pen:
        # Locked, so that a finding noted meanwhile is either seen here or waits.
        answers = newest_answers(Patient.objects.select_for_update().get(pk=patient.pk).pk)
        assessment = protocols.assess(answers, approach_id)
        if refused := reasons_not_to_decide(outcome, assessment, overrides, reasons):
            raise CannotDecide(" ".join(refused))
        before = newest_decision(patient.pk, approach_id)
        if before is not None and _is_the_same(before, outcome, reasons, answers, viewer):
            _note(pen, "screening-repeated", patient.id, "screening-decision", before.id)
            return before
        decision = ScreeningDecision.objects.create(
            patient=patient,
            approach_id=approach_id,
            outcome=outcome.value,
            reasons=reasons,
            rules_version=assessment.rules_version,
            answers={key: answer.value for key, answer in sorted(answers.items())},
            overrides={f.id: overrides[f.id] for f in assessment.cautions if f.id in overrides},
            decided_by_id=viewer.account_id,
            decided_by_name=viewer.name,
            at=at,
        )
        _note(
            pen,
            "screening-decided",
            patient.id,
            "screening-decision",
            decision.id,
            outcome=outcome.value,
            approach=approach_id,
            rules_version=assessment.rules_version,
        )
    return decision


def _is_the_same(
    before: ScreeningDecision,
    outcome: Outcome,
    reasons: str,
    answers: Mapping[str, Answer],
    viewer: Viewer,
) -> bool:
    """Whether this is the decision that stands already, sent once more."""
    return (
        before.decided_by_id == viewer.account_id
        and before.outcome == outcome.value
        and before.reasons == reasons
        and before.answers == {key: answer.value for key, answer in answers.items()}
    )


def sign_consent(
    *,
    patient_id: UUID,
    wording: ConsentWording,
    signature: str,
    has_agreed: bool,
    viewer: Viewer,
    at: datetime,
) -> Consent:
    """Keep a patient's agreement to exactly this wording, with a member of staff as witness.

    While an agreement to it stands, signing again changes nothing.
    """
    require_role(viewer, *TAKES_FINDINGS)
    patient = require_chart(viewer, patient_id, at)
    if refused := reasons_not_to_consent(
        signature=signature, patient_name=patient.name, has_agreed=has_agreed
    ):
        raise CannotConsent(" ".join(refused))
    with writing(by=viewer.actor, at=at) as pen:
        Patient.objects.select_for_update().get(pk=patient.pk)
        standing = standing_consent(patient.pk, wording)
        if standing is not None:
            _note(pen, "consent-repeated", patient.id, "consent", standing.id)
            return standing
        consent = Consent.objects.create(
            patient=patient,
            wording_id=wording.id,
            wording_version=wording.version,
            wording_hash=wording.hash,
            signature=signature.strip(),
            signed_at=at,
            witness_id=viewer.account_id,
            witness_name=viewer.name,
        )
        _note(
            pen,
            "consent-signed",
            patient.id,
            "consent",
            consent.id,
            wording=wording.id,
            version=wording.version,
            wording_hash=wording.hash,
        )
    return consent


def withdraw_consent(*, consent_id: UUID, viewer: Viewer, at: datetime) -> None:
    """End an agreement at the patient's wish. Withdrawing twice changes nothing."""
    require_role(viewer, *TAKES_FINDINGS)
    with writing(by=viewer.actor, at=at) as pen:
        consent = (
            Consent.objects.standing()
            .select_for_update(of=("self",))
            .filter(pk=consent_id, patient__clinic_id=viewer.clinic_id)
            .first()
        )
        if consent is None:
            raise CannotConsent(_("There is no such consent."))
        require_chart(viewer, consent.patient_id, at)
        ConsentWithdrawal.objects.get_or_create(
            consent=consent,
            defaults={"at": at, "by_id": viewer.account_id, "by_name": viewer.name},
        )
        _note(pen, "consent-withdrawn", consent.patient_id, "consent", consent.id)


def _note(
    pen: Pen, verb: str, patient_id: UUID, kind: str, object_id: object, **details: object
) -> None:
    pen.note(
        verb,
        chain=patient_chain(patient_id),
        object_kind=kind,
        object_id=object_id,
        **details,
    )
