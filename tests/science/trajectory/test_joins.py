"""What a line may join: everything is in exactly one stretch, and no stretch crosses a gap."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from longlight.science.trajectory import JoinRule, ScorePoint, Trajectory, runs

START = datetime.fromisoformat("2025-01-01")


def point(day: float, value: float | None) -> ScorePoint:
    return ScorePoint(START + timedelta(days=day), "phq-9", value)


points = st.lists(
    st.tuples(st.integers(0, 800), st.one_of(st.none(), st.integers(0, 27))), max_size=40
).map(lambda pairs: Trajectory.of(point(day, value) for day, value in pairs).scores)


@given(points)
def test_each_score_is_in_exactly_one_stretch(scores: tuple[ScorePoint, ...]) -> None:
    joined = [each for run in runs(scores) for each in run]
    assert joined == [each for each in scores if each.value_points is not None]


@given(points)
def test_no_stretch_crosses_an_unanswered_check_in_or_a_long_gap(
    scores: tuple[ScorePoint, ...],
) -> None:
    missed = [each.at for each in scores if each.value_points is None]
    for run in runs(scores):
        for earlier, later in pairwise(run):
            assert not any(earlier.at < at < later.at for at in missed)
            assert later.at - earlier.at <= timedelta(days=JoinRule().most_days)


def test_weekly_scores_break_where_two_weeks_are_missing_and_monthly_ones_do_not() -> None:
    weekly = [point(day, 5) for day in (0, 7, 14, 35, 42)]
    assert [len(run) for run in runs(weekly)] == [3, 2]
    monthly = [point(day, 5) for day in (0, 30, 61, 91)]
    assert [len(run) for run in runs(monthly)] == [4]


def test_two_lonely_scores_of_different_seasons_are_not_joined() -> None:
    assert [len(run) for run in runs([point(0, 20), point(200, 5)])] == [1, 1]
