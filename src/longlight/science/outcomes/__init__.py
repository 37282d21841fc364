"""Many patients, and one over a course: which scores count, by which named criteria, with which uncertainty."""

from longlight.science.outcomes.criteria import (
    Criteria,
    DatedScore,
    Judged,
    baseline_of,
    criteria,
    judge_course,
    outcome_of,
)
from longlight.science.outcomes.rates import Rate, rate_of

__all__ = [
    "Criteria",
    "DatedScore",
    "Judged",
    "Rate",
    "baseline_of",
    "criteria",
    "judge_course",
    "outcome_of",
    "rate_of",
]
