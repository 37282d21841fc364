"""Published trials and cohorts as data: every clinical number with its source and how far it was checked.

`get(id)` and `all()` give records; `response_rate_spread()` and `about()` answer what pages ask. A number is
printed to a patient only where `shown_to_patients` says so, on a public page only where `shown_on_public_pages` does.
"""

from longlight.science.evidence.aid import (
    Claim,
    Condition,
    DecisionAid,
    Option,
    Outcome,
    decision_aid,
)
from longlight.science.evidence.loading import UnknownEvidence, all, get, get_number
from longlight.science.evidence.model import (
    Citation,
    EvidenceRecord,
    Number,
    ReadIn,
    shown_on_public_pages,
    shown_to_patients,
)
from longlight.science.evidence.phrases import (
    BrokenReference,
    CitationPiece,
    NumberPiece,
    pieces,
    plain_text,
)
from longlight.science.evidence.queries import (
    Interval,
    SpreadRate,
    about,
    approaches,
    conditions,
    interval_of,
    of_100,
    response_rate_spread,
)

__all__ = [
    "BrokenReference",
    "Citation",
    "CitationPiece",
    "Claim",
    "Condition",
    "DecisionAid",
    "EvidenceRecord",
    "Interval",
    "Number",
    "NumberPiece",
    "Option",
    "Outcome",
    "ReadIn",
    "SpreadRate",
    "UnknownEvidence",
    "about",
    "all",
    "approaches",
    "conditions",
    "decision_aid",
    "get",
    "get_number",
    "interval_of",
    "of_100",
    "pieces",
    "plain_text",
    "response_rate_spread",
    "shown_on_public_pages",
    "shown_to_patients",
]
