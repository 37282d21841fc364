"""Which neighboring scores a line may join. A gap stays a gap: nothing is drawn where nothing is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median

from longlight.science.trajectory.points import ScorePoint


@dataclass(frozen=True)
class JoinRule:
    """Two neighboring scores are joined when no planned check-in between them was left unanswered, and
    they lie no further apart than `times_usual` times the usual (median) interval of that instrument,
    where this limit is at least `least_days` and at most `most_days`.

    A choice about drawing, not a clinical limit: weekly scores break at a missing fortnight, monthly
    ones stay joined, and two lonely scores of different seasons never look like one slope.
    """

    times_usual: float = 2.0
    least_days: float = 14.0
    most_days: float = 62.0

    def longest_joined(self, answered: Sequence[ScorePoint]) -> timedelta:
        """The longest interval that this rule joins in these scores."""
        intervals = [
            (later.at - earlier.at).total_seconds()
            for earlier, later in pairwise(answered)
            if later.at > earlier.at
        ]
        usual_days = median(intervals) / 86_400 if intervals else self.least_days
        limit_days = min(max(self.times_usual * usual_days, self.least_days), self.most_days)
        return timedelta(days=limit_days)


def runs(
    points: Sequence[ScorePoint], rule: JoinRule | None = None
) -> tuple[tuple[ScorePoint, ...], ...]:
    """Split one instrument's points into stretches that a line may join, each score in exactly one."""
    limit = (rule or JoinRule()).longest_joined([p for p in points if p.value_points is not None])
    stretches: list[list[ScorePoint]] = []
    open_stretch = False
    for point in points:
        if point.value_points is None:
            open_stretch = False
            continue
        if open_stretch and point.at - stretches[-1][-1].at <= limit:
            stretches[-1].append(point)
        else:
            stretches.append([point])
        open_stretch = True
    return tuple(tuple(stretch) for stretch in stretches)
