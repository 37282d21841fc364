"""Rows become points, and what cannot be read is told line by line."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.science.trajectory import (
    DateOrder,
    DosePoint,
    RowsRefused,
    ScorePoint,
    read_moment,
    read_number,
    trajectory_of,
)
from longlight.ui.figures.words import amount


def test_rows_become_points_in_order_of_time() -> None:
    trajectory = trajectory_of(
        [
            {"at": "2025-03-10", "kind": "score", "name": "PHQ-9", "value": ""},
            {"at": "2025-03-05T10:30", "kind": "dose", "name": "induction", "value": "0.5", "unit": "mg/kg"},
            {"at": date(2025, 3, 3), "kind": "Score", "name": "phq9", "value": 19},
        ]
    )  # fmt: skip
    assert trajectory.scores == (
        ScorePoint(datetime.fromisoformat("2025-03-03"), "phq-9", 19),
        ScorePoint(datetime.fromisoformat("2025-03-10"), "phq-9", None),
    )
    assert trajectory.doses == (
        DosePoint(
            datetime.fromisoformat("2025-03-05T10:30"),
            "induction",
            dose_mg_per_kg=0.5,
            day_only=False,
        ),
    )


def test_a_dose_without_a_unit_is_marked_and_its_number_stays_bare() -> None:
    row = {"at": "2025-03-05", "kind": "dose", "name": "ketamine", "value": "35"}
    (dose,) = trajectory_of([row]).doses
    assert (dose.dose_mg, dose.dose_mg_per_kg, dose.dose_of_no_unit) == (None, None, 35)
    assert amount(dose) == "35, unit not given"


def test_every_bad_row_is_told_with_its_line() -> None:
    good = {"at": "2025-03-03", "kind": "score", "name": "phq-9", "value": "3"}
    bad = [
        {**good, "at": "03/04/2025"},
        {**good, "kind": "mood"},
        {**good, "value": "28"},  # PHQ-9 ends at 27
        {**good, "value": "1,5"},
        {**good, "kind": "dose", "value": "50", "unit": "ml"},
        {**good, "name": " "},
    ]
    with pytest.raises(RowsRefused) as refused:
        trajectory_of([good, *bad, good])
    assert [problem.line for problem in refused.value.problems] == [3, 4, 5, 6, 7, 8]
    for problem in refused.value.problems:
        assert problem.sentence


@pytest.mark.parametrize("cell", ["nan", "inf", "1_0", "0x10", "٣", "1e3", "--1", "1,5"])
def test_what_python_would_read_as_a_number_but_nobody_means_is_refused(cell: str) -> None:
    if cell == "٣":
        assert read_number(cell, "value") == 3  # a digit is a digit in every script
        return
    with pytest.raises(ValueError, match="value"):
        read_number(cell, "value")


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_date_is_read_back_in_every_stated_order(day: date) -> None:
    for order, text in (
        (DateOrder.YEAR_FIRST, day.isoformat()),
        (DateOrder.DAY_FIRST, f"{day.day}/{day.month}/{day.year:04}"),
        (DateOrder.MONTH_FIRST, f"{day.month:02}-{day.day:02}-{day.year:04}"),
    ):
        moment = read_moment(text, order)
        assert moment.at.date() == day
        assert moment.day_only


def said_of(cell: str, order: DateOrder) -> str:
    try:
        return str(read_moment(cell, order).at.year)
    except ValueError as error:
        return str(error)


@given(st.text(max_size=20), st.sampled_from(DateOrder))
def test_any_cell_is_a_moment_or_a_sentence(cell: str, order: DateOrder) -> None:
    said = said_of(cell, order)
    assert said.isdecimal() or any(
        part in said for part in ("write it as 2025-04-03", "not a date", "check the year")
    )


def test_an_offset_keeps_the_wall_clock() -> None:
    assert read_moment("2025-03-05T22:00:00-05:00").at == datetime.fromisoformat("2025-03-05T22:00")
