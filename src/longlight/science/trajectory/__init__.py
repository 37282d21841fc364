"""One patient over time: scores, treatments, and the gaps between them. Nothing here fills a gap."""

from longlight.science.trajectory.joins import JoinRule, runs
from longlight.science.trajectory.points import DosePoint, ScorePoint, Trajectory
from longlight.science.trajectory.rows import (
    DateOrder,
    Moment,
    RowProblem,
    RowsRefused,
    read_moment,
    read_number,
    trajectory_of,
)
from longlight.science.trajectory.scales import (
    Scale,
    ScaleBand,
    instrument_named,
    scale_for,
    scale_of,
)

__all__ = [
    "DateOrder",
    "DosePoint",
    "JoinRule",
    "Moment",
    "RowProblem",
    "RowsRefused",
    "Scale",
    "ScaleBand",
    "ScorePoint",
    "Trajectory",
    "instrument_named",
    "read_moment",
    "read_number",
    "runs",
    "scale_for",
    "scale_of",
    "trajectory_of",
]
