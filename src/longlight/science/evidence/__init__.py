"""Published trials and cohorts as data: every clinical number with its source and how far it was checked.

`get(id)` and `all()` give records; `response_rate_spread()` and `about()` answer what pages ask. A number is
printed to a patient only where `shown_to_patients` says so, on a public page only where `shown_on_public_pages` does.
"""

from longlight.science.evidence.loading import UnknownEvidence, all, get, get_number
from longlight.science.evidence.model import (
    Citation,
    EvidenceRecord,
    Number,
    ReadIn,
    shown_on_public_pages,
    shown_to_patients,
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
    "Citation",
    "EvidenceRecord",
    "Interval",
    "Number",
    "ReadIn",
    "SpreadRate",
    "UnknownEvidence",
    "about",
    "all",
    "approaches",
    "conditions",
    "get",
    "get_number",
    "interval_of",
    "of_100",
    "response_rate_spread",
    "shown_on_public_pages",
    "shown_to_patients",
]
