"""Who counts as what in a cohort, and which numbers are too small to tell."""

from enum import StrEnum


class Group(StrEnum):
    """The people behind a number of the table."""

    STARTED = "started"
    WAITING = "waiting"  # the window is still open and holds no score
    MISSING = "missing"  # the window has closed without one, or there is no baseline
    SCORED = "scored"
    RESPONSE = "response"
    REMISSION = "remission"


def is_small(count: int, of: int, fewest: int) -> bool:
    """Whether a count, or what it leaves of its whole, is so small that it may tell of a person."""
    return 0 < count < fewest or 0 < of - count < fewest
