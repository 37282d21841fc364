"""The trajectory figure: what is drawn is what was given, and nothing is drawn across a gap.

The golden figures beside this file are made, and looked at, with
`longlight plot tests/spec/trajectory.csv --out tests/spec/trajectory-desk.svg` (and `--size phone`).
"""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from longlight import trajectory as facade
from longlight.science.trajectory import DosePoint, ScorePoint, Trajectory, runs
from longlight.ui.figures.theme import DESK, LIGHT, PHONE, Size, drawn_svg
from longlight.ui.figures.trajectory import NothingToDraw, trajectory_chart
from longlight.ui.svg import inline_plot

HERE = Path(__file__).parent
SAMPLE = facade.read_csv(HERE / "trajectory.csv")
START = datetime.fromisoformat("2025-01-01")

scores = st.lists(
    st.builds(
        lambda day, name, value: ScorePoint(START + timedelta(days=day), name, value),
        st.integers(0, 400),
        st.sampled_from(["phq-9", "hamd-17", "my own scale"]),
        st.one_of(st.none(), st.integers(0, 27)),
    ),
    max_size=25,
)
doses = st.lists(
    st.builds(
        lambda day, kind: DosePoint(START + timedelta(days=day), kind, dose_mg=40),
        st.integers(0, 400),
        st.sampled_from(["induction", "booster"]),
    ),
    max_size=8,
)


def drawn(trajectory: Trajectory, size: Size = PHONE) -> str:
    plot = drawn_svg(trajectory_chart(trajectory, size).to_json())
    return str(inline_plot(plot, name="f", title="t", description="d", css_class="plot"))


def circles(svg: str) -> int:
    return len(
        re.findall(r'<path [^>]*fill="var\(--line-data\)"[^>]*stroke="var\(--surface\)"', svg)
    )


def joins(svg: str) -> int:
    lines = re.findall(r'<path [^>]*d="([^"]*)"[^>]*stroke="var\(--line-data\)"', svg)
    return sum(line.count("L") for line in lines)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_sample_is_drawn_as_it_was_looked_at(size: str) -> None:
    assert facade.to_svg(SAMPLE, size=size) == (HERE / f"trajectory-{size}.svg").read_text("utf-8")


def test_the_table_is_the_data() -> None:
    told = [(row.at, row.what, row.value) for row in facade.table(SAMPLE) if not row.is_dose]
    given_rows = (HERE / "trajectory.csv").read_text().splitlines()[1:]
    expected = [
        (datetime.fromisoformat(at), name, value or "not answered")
        for at, kind, name, value, _ in (line.split(",") for line in given_rows)
        if kind == "score"
    ]
    assert sorted(told) == sorted(expected)
    assert [row.value for row in facade.table(SAMPLE) if row.is_dose] == ["0.5 mg/kg"] * 4


# Drawing is slow, and a failing example is small as it is: no shrinking.
@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(scores, doses)
def test_each_score_is_drawn_once_and_no_line_crosses_a_gap(
    given_scores: list[ScorePoint], given_doses: list[DosePoint]
) -> None:
    trajectory = Trajectory.of(given_scores, given_doses)
    answered = [point for point in trajectory.scores if point.value_points is not None]
    if not answered:
        with pytest.raises(NothingToDraw):
            trajectory_chart(trajectory, PHONE)
        return
    svg = drawn(trajectory)
    assert circles(svg) == len(answered)
    stretches = [
        run for name in trajectory.instruments for run in runs(trajectory.of_instrument(name))
    ]
    assert joins(svg) == sum(len(run) - 1 for run in stretches)
    panels = len({point.instrument for point in answered})
    assert svg.count('stroke="var(--dose)"') == len(given_doses) * panels


def test_the_finding_tells_first_turn_last_and_what_is_missing() -> None:
    assert facade.describe(SAMPLE.only("phq-9")) == (
        "PHQ-9 was 22 on 7 September 2026. It was lowest, 6, on 16 November 2026. "
        "It was 7 on 23 November 2026, the last of 11 scores. One check-in was not answered. "
        "Lower means fewer symptoms. Treatments marked: induction 3, booster 1."
    )


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_page_can_inline_it(size: Size) -> None:
    svg = drawn(SAMPLE, size)
    assert not re.search(r"\s(style|class|onload)=\"(?!plot)", svg)
    assert "#" not in re.sub(r"<desc.*?</desc>", "", svg)  # every color is a token
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", svg)) <= set(LIGHT)
    assert min(int(px) for px in re.findall(r'font-size="(\d+)px"', svg)) >= 12
    width = int(re.search(r'width="(\d+)"', svg)[1])  # type: ignore[index]
    assert width <= {"phone": 302, "desk": 608}[size.name]


def test_words_in_it_cannot_become_markup() -> None:
    name = '<script>alert("1")</script>'
    trajectory = Trajectory.of(
        [ScorePoint(START, name, 3)], [DosePoint(START, "<b onclick='x'>", dose_mg=1)]
    )
    svg = facade.to_svg(trajectory)
    assert "<script" not in svg
    assert "<b " not in svg


def test_a_notebook_gets_an_altair_chart_with_colors_by_value() -> None:
    text = facade.figure(SAMPLE).to_json()
    assert "var(--" not in text
    assert LIGHT["line-data"] in text


def test_a_picture_has_the_same_definition() -> None:
    assert facade.to_png(SAMPLE).startswith(b"\x89PNG")
