"""Treatment protocols for a notebook: `import longlight.protocols as protocols`.

>>> from datetime import date
>>> import longlight.protocols as protocols
>>> sessions = protocols.plan("iv-twice-weekly", date(2027, 1, 4))
>>> [s.on.isoformat() for s in sessions if s.kind == "dosing"][:3]
['2027-01-04', '2027-01-07', '2027-01-11']
"""

from datetime import date

from longlight.science.protocols import (
    Approach,
    Assessment,
    PlannedSession,
    Protocol,
    all,
    approaches,
    assess,
    content_hash,
    dose_concerns,
    get,
    plan_assessments,
    plan_sessions,
    starting_dose_mg,
)

__all__ = [
    "Approach",
    "Assessment",
    "PlannedSession",
    "Protocol",
    "all",
    "approaches",
    "assess",
    "content_hash",
    "dose_concerns",
    "get",
    "plan",
    "plan_assessments",
    "plan_sessions",
    "starting_dose_mg",
]


def plan(protocol_id: str, start_date: date) -> tuple[PlannedSession, ...]:
    """The sessions of a course of this protocol whose first dose is on `start_date`."""
    return plan_sessions(get(protocol_id), start_date)
