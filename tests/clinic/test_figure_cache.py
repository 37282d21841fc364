"""A figure is drawn once for the same data, and a page stands without it."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache

from longlight.clinic.desks import figures
from longlight.science.trajectory import ScorePoint, Trajectory

pytestmark = pytest.mark.django_db
START = datetime.fromisoformat("2026-01-01")


def a_trajectory(last: float) -> Trajectory:
    return Trajectory.of(
        ScorePoint(START + timedelta(days=7 * week), "phq-9", total)
        for week, total in enumerate((20, 15, last))
    )


def test_it_is_drawn_once_for_the_same_data(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    drawn: list[Trajectory] = []

    def draw(trajectory: Trajectory, size: object) -> str:
        drawn.append(trajectory)
        return "<svg/>"

    monkeypatch.setattr(figures, "_draw", draw)
    for last in (9, 9, 8):
        figures.figure_of(a_trajectory(last))
    assert len(drawn) == 4  # two sizes of two different trajectories
    cache.clear()


def test_the_words_stand_when_the_drawing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()

    def fail(trajectory: Trajectory, size: object) -> str:
        raise ValueError("no engine")

    monkeypatch.setattr(figures, "_draw", fail)
    figure = figures.figure_of(a_trajectory(9))
    assert figure is not None
    assert (figure.phone, figure.desk) == ("", "")
    assert "PHQ-9 was 20" in figure.description
    assert len(figure.table.rows) == 3


def test_no_score_is_no_figure() -> None:
    assert figures.figure_of(Trajectory.of([ScorePoint(START, "phq-9", None)])) is None
