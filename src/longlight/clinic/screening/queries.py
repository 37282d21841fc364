"""What is known of a patient's screening."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from longlight.clinic.people.access import require_chart
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.prepared import Prepared
from longlight.clinic.screening.models import (
    AllergyStatement,
    Consent,
    ScreeningDecision,
    ScreeningFinding,
)
from longlight.clinic.screening.rules import answers_from
from longlight.science import protocols
from longlight.science.protocols import Answer, Assessment, Finding
from longlight.science.protocols.consents import ConsentWording


@dataclass(frozen=True)
class KnownFinding:
    """A finding that is asked for an approach, and what was last said of it."""

    finding: Finding
    answer: Answer
    said: ScreeningFinding | None


@dataclass(frozen=True)
class Screening:
    """Everything on one patient and one approach."""

    patient: Patient
    approach: protocols.Approach
    findings: tuple[KnownFinding, ...]
    assessment: Assessment
    decision: ScreeningDecision | None
    consents: tuple[Consent, ...]


def screening_of(*, patient_id: UUID, approach_id: str, viewer: Viewer, at: datetime) -> Screening:
    """Findings, what they allow, the last decision and the consents. Raises `Refused`, `UnknownProtocol`."""
    patient = require_chart(viewer, patient_id, at)
    approach = protocols.approach(approach_id)
    said = newest_findings(patient_id)
    known = tuple(
        KnownFinding(
            finding,
            Answer(said[finding.id].answer) if finding.id in said else Answer.UNKNOWN,
            said.get(finding.id),
        )
        for finding in protocols.findings_for(approach_id)
    )
    return Screening(
        patient=patient,
        approach=approach,
        findings=known,
        assessment=protocols.assess({k.finding.id: k.answer for k in known}, approach_id),
        decision=newest_decision(patient_id, approach_id),
        consents=tuple(
            Consent.objects.standing()
            .filter(patient=patient)
            .select_related("withdrawal")
            .order_by("-signed_at")
        ),
    )


def allergy_statements(patient_id: UUID) -> list[AllergyStatement]:
    """What was said of allergies, the newest first. The caller asked whether the viewer may open the chart."""
    return list(
        AllergyStatement.objects.standing().filter(patient_id=patient_id).order_by("-at", "-id")
    )


def known_allergies(patient_id: UUID) -> AllergyStatement | None:
    """What is known now; None where nobody has asked."""
    return _KNOWN_ALLERGIES.first(patient_id=patient_id)


_KNOWN_ALLERGIES = Prepared(
    lambda patient_id: (
        AllergyStatement.objects.standing().filter(patient_id=patient_id).order_by("-at", "-id")[:1]
    ),
    patient_id=UUID,
)


def newest_findings(patient_id: UUID) -> dict[str, ScreeningFinding]:
    """What was last said of each finding, by its id."""
    rows = ScreeningFinding.objects.standing().filter(patient_id=patient_id).order_by("pk")
    return {row.finding_id: row for row in rows}


def newest_answers(patient_id: UUID) -> dict[str, Answer]:
    return answers_from({key: row.answer for key, row in newest_findings(patient_id).items()})


def newest_decision(patient_id: UUID, approach_id: str) -> ScreeningDecision | None:
    return ScreeningDecision.objects.filter(patient_id=patient_id, approach_id=approach_id).first()


def standing_consent(patient_id: UUID, wording: ConsentWording) -> Consent | None:
    """The agreement to exactly this wording that was neither corrected nor withdrawn."""
    return (
        Consent.objects.standing()
        .filter(patient_id=patient_id, wording_hash=wording.hash, withdrawal=None)
        .order_by("-signed_at")
        .first()
    )
