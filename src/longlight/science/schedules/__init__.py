"""When questionnaires are asked: rules that count from doses and days, windows, reminders. Data with sources, and pure.

`occurrences` plans, `changes` says what differs from what is kept, `next_reminder` climbs the ladder.
"""

from longlight.science.schedules.changes import Changes, Kept, Standing, changes
from longlight.science.schedules.clock import after_the_quiet, day_of, instant, is_quiet
from longlight.science.schedules.engine import Calendar, occurrences
from longlight.science.schedules.ladder import (
    Later,
    Rung,
    Wall,
    next_reminder,
    not_too_many,
    snoozed,
)
from longlight.science.schedules.loading import (
    UnknownSchedule,
    Usual,
    customs,
    hashes,
    published_hashes,
    schedule,
    schedules,
    usual,
)
from longlight.science.schedules.model import (
    CountedFrom,
    Customs,
    Occasion,
    OccasionKind,
    Occurrence,
    Rule,
    Schedule,
    Stretch,
)
from longlight.science.schedules.protocol import rules_of

__all__ = [
    "Calendar",
    "Changes",
    "CountedFrom",
    "Customs",
    "Kept",
    "Later",
    "Occasion",
    "OccasionKind",
    "Occurrence",
    "Rule",
    "Rung",
    "Schedule",
    "Standing",
    "Stretch",
    "UnknownSchedule",
    "Usual",
    "Wall",
    "after_the_quiet",
    "changes",
    "customs",
    "day_of",
    "hashes",
    "instant",
    "is_quiet",
    "next_reminder",
    "not_too_many",
    "occurrences",
    "published_hashes",
    "rules_of",
    "schedule",
    "schedules",
    "snoozed",
    "usual",
]
