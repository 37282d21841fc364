"""Approaches and versioned protocols as data; who may be treated, what may be given, when a dosing day may start and end.

`get(id)` gives a protocol, `plan_sessions` a course's days from it, `assess` what findings allow, and
`reasons_not_to_start` and `reasons_not_to_leave` every reason why a gate is closed.
"""

from longlight.science.protocols.dosing import (
    ConcernLevel,
    DoseConcern,
    dose_concerns,
    starting_dose_mg,
)
from longlight.science.protocols.eligibility import (
    Answer,
    Assessment,
    EligibilityRules,
    Finding,
    Level,
    Outcome,
    UnknownFinding,
    assess,
    eligibility_rules,
    findings_for,
    talk_to_a_doctor_first,
)
from longlight.science.protocols.gates import (
    Check,
    Gate,
    Reason,
    UnknownCheck,
    gate,
    gates,
    reasons_not_to_leave,
    reasons_not_to_start,
)
from longlight.science.protocols.loading import (
    UnknownProtocol,
    all,
    approach,
    approaches,
    content_hash,
    every_version,
    get,
    published_hashes,
    sourced_numbers,
)
from longlight.science.protocols.model import (
    Approach,
    BoosterReason,
    Phase,
    Protocol,
    Route,
    Sourced,
    SourcedText,
    VisitKind,
)
from longlight.science.protocols.planning import PlannedSession, dose_day_offsets, plan_sessions

__all__ = [
    "Answer",
    "Approach",
    "Assessment",
    "BoosterReason",
    "Check",
    "ConcernLevel",
    "DoseConcern",
    "EligibilityRules",
    "Finding",
    "Gate",
    "Level",
    "Outcome",
    "Phase",
    "PlannedSession",
    "Protocol",
    "Reason",
    "Route",
    "Sourced",
    "SourcedText",
    "UnknownCheck",
    "UnknownFinding",
    "UnknownProtocol",
    "VisitKind",
    "all",
    "approach",
    "approaches",
    "assess",
    "content_hash",
    "dose_concerns",
    "dose_day_offsets",
    "eligibility_rules",
    "every_version",
    "findings_for",
    "gate",
    "gates",
    "get",
    "plan_sessions",
    "published_hashes",
    "reasons_not_to_leave",
    "reasons_not_to_start",
    "sourced_numbers",
    "starting_dose_mg",
    "talk_to_a_doctor_first",
]
