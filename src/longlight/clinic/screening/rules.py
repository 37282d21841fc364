"""What a screening decision may say, given what was found."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from longlight.science.protocols import Answer, Assessment, Outcome


class CannotDecide(Exception):
    """The decision is refused; the message lists every reason."""


class CannotConsent(Exception):
    """The consent cannot be taken, or withdrawn; a sentence for people."""


class CannotRecord(Exception):
    """What was said is not kept; the message lists every reason."""


LONGEST_ALLERGIES_CHARACTERS = 400


def reasons_not_to_record_allergies(text: str, *, none_known: bool) -> list[str]:
    refused = []
    if none_known and text.strip():
        refused.append(_("Either none are known, or say which: not both."))
    if not none_known and not text.strip():
        refused.append(_("Write which allergies, or choose that none are known."))
    if len(text) > LONGEST_ALLERGIES_CHARACTERS:
        refused.append(
            _("Write at most %(most)s characters.") % {"most": LONGEST_ALLERGIES_CHARACTERS}
        )
    return refused


def reasons_not_to_decide(
    outcome: Outcome, assessment: Assessment, overrides: Mapping[str, str], reasons: str
) -> list[str]:
    """Every reason why this outcome cannot stand. `overrides`: a reason for each caution, by finding id."""
    refused = []
    if not reasons.strip():
        refused.append(_("Give the reasons for the decision."))
    if outcome is not Outcome.FIT:
        return refused
    refused += [
        _("A stop holds: {question}").format(question=finding.question)
        for finding in assessment.stops
    ]
    refused += [
        _("Not answered yet: {question}").format(question=finding.question)
        for finding in assessment.unknowns
    ]
    refused += [
        _("Say why this caution does not stand in the way: {question}").format(
            question=finding.question
        )
        for finding in assessment.cautions
        if not overrides.get(finding.id, "").strip()
    ]
    return refused


def reasons_not_to_consent(*, signature: str, patient_name: str, has_agreed: bool) -> list[str]:
    refused = []
    if not has_agreed:
        refused.append(_("Tick that you agree, or leave without signing."))
    if not signature.strip():
        refused.append(_("Write the name of the person who agrees."))
    elif signature.strip().casefold() != patient_name.strip().casefold():
        refused.append(_("The name must be written as it stands in the chart."))
    return refused


def answers_from(stored: Mapping[str, str]) -> dict[str, Answer]:
    return {finding_id: Answer(answer) for finding_id, answer in stored.items()}
