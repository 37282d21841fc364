"""Published trials and what they found, for a notebook: `from longlight import evidence`.

>>> from longlight import evidence
>>> len(evidence.all()) > 40
True
>>> trial = evidence.get("anand-2023-elektd")
>>> trial.citation.label
'Anand 2023 (ELEKT-D)'

A record keeps every number that its source gives, with how far each was checked (`number.mark`); a page shows only those
that `shown_to_patients`.
"""

from longlight.science.evidence import (
    EvidenceRecord,
    Number,
    SpreadRate,
    UnknownEvidence,
    about,
    all,
    approaches,
    conditions,
    get,
    get_number,
    of_100,
    response_rate_spread,
    shown_on_public_pages,
    shown_to_patients,
)

__all__ = [
    "EvidenceRecord",
    "Number",
    "SpreadRate",
    "UnknownEvidence",
    "about",
    "all",
    "approaches",
    "conditions",
    "get",
    "get_number",
    "of_100",
    "response_rate_spread",
    "shown_on_public_pages",
    "shown_to_patients",
]
