"""What a trajectory is made of: frozen points in the order in which they happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

# A number on an instrument's own scale.
Points = float


@dataclass(frozen=True, order=True)
class ScorePoint:
    """One score, or (without a value) a planned check-in that was not answered.

    `at` is the wall clock where it happened; when only the day is known it is that day's midnight.
    """

    at: datetime
    instrument: str
    value_points: Points | None
    day_only: bool = True


@dataclass(frozen=True, order=True)
class DosePoint:
    """One treatment given. `kind` is what it is called (induction, booster, ketamine)."""

    at: datetime
    kind: str
    dose_mg: float | None = None
    dose_mg_per_kg: float | None = None
    dose_of_no_unit: float | None = None  # the number alone was given
    day_only: bool = True


@dataclass(frozen=True)
class Trajectory:
    """Scores and treatments of one person, each in order of time."""

    scores: tuple[ScorePoint, ...]
    doses: tuple[DosePoint, ...] = ()

    @classmethod
    def of(cls, scores: Iterable[ScorePoint], doses: Iterable[DosePoint] = ()) -> Trajectory:
        """Put the points in order. Points of the same moment keep the order in which they came."""
        return cls(
            tuple(sorted(scores, key=lambda point: point.at)),
            tuple(sorted(doses, key=lambda point: point.at)),
        )

    @property
    def instruments(self) -> tuple[str, ...]:
        """The instruments that there are, in the order of their first score."""
        return tuple(dict.fromkeys(point.instrument for point in self.scores))

    @property
    def dose_kinds(self) -> tuple[str, ...]:
        """What the treatments are called, in the order of the first of each."""
        return tuple(dict.fromkeys(point.kind for point in self.doses))

    def of_instrument(self, instrument: str) -> tuple[ScorePoint, ...]:
        """Every point of one instrument, the unanswered ones too."""
        return tuple(point for point in self.scores if point.instrument == instrument)

    def only(self, *instruments: str) -> Trajectory:
        """The same treatments with the scores of these instruments alone."""
        return Trajectory(
            tuple(point for point in self.scores if point.instrument in instruments), self.doses
        )

    def renamed(self, names: Mapping[str, str]) -> Trajectory:
        """The same points under other instrument names (ids instead of what a file called them)."""
        return Trajectory(
            tuple(
                ScorePoint(
                    point.at,
                    names.get(point.instrument, point.instrument),
                    point.value_points,
                    point.day_only,
                )
                for point in self.scores
            ),
            self.doses,
        )
