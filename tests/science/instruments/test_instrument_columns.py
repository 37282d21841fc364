"""The vectorised path equals the exact one, row by row, for every instrument and any answers."""

import math
import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.science.instruments.instrument_strategies import EVERY_VERSION, NAMES

from longlight import instruments
from longlight.instruments import AnswerRefused, Instrument
from longlight.science.instruments.columns import BLOCK_ROWS, ColumnScores

every_version = pytest.mark.parametrize("instrument", EVERY_VERSION, ids=NAMES)
Row = list[float | None]


def random_rows(instrument: Instrument, seed: int, size: int, missing_share: float) -> list[Row]:
    chance = random.Random(seed)
    return [
        [
            None if chance.random() < missing_share else chance.choice(item.allowed)
            for item in instrument.items
        ]
        for _ in range(size)
    ]


def assert_equal_to_exact(
    instrument: Instrument, rows: list[Row], scores: ColumnScores, context: dict[str, str]
) -> None:
    assert len(scores) == len(rows)
    assert not scores.refused.any()
    for index, row in enumerate(rows):
        exact = instrument.score(row, context)
        total = scores.totals[index]
        assert (None if math.isnan(total) else total) == exact.total, row
        assert scores.bands[index] == exact.band, row
        assert scores.missing[index] == len(exact.missing)
        assert scores.prorated[index] == exact.prorated
        assert scores.flags(index) == exact.flags, row
        for key, value in exact.subscales.items():
            found = scores.subscales[key][index]
            assert (None if math.isnan(found) else found) == value, (key, row)


@every_version
@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    missing_share=st.sampled_from([0.0, 0.02, 0.1, 0.4, 1.0]),
    sex=st.sampled_from([None, "female", "male"]),
)
def test_columns_equal_single_rows(
    instrument: Instrument, seed: int, missing_share: float, sex: str | None
) -> None:
    rows = random_rows(instrument, seed, 40, missing_share)
    context = {} if sex is None else {"sex": sex}
    columns = [list(column) for column in zip(*rows, strict=True)]
    for kind in (
        [np.array(column, dtype=float) for column in columns],
        pl.DataFrame({item.id: c for item, c in zip(instrument.items, columns, strict=True)}),
    ):
        scores = instrument.score_columns(kind, context)
        assert_equal_to_exact(instrument, rows, scores, context)


def test_a_gate_closes_the_form_for_every_row() -> None:
    screen = instruments.get("pc-ptsd-5")
    empty = [np.full(3, np.nan)] * 5
    scores = screen.score_columns(empty, {"exposure": "no"})
    assert_equal_to_exact(screen, [[None] * 5] * 3, scores, {"exposure": "no"})
    with pytest.raises(AnswerRefused, match="asks nothing after exposure=no"):
        screen.score_columns([np.zeros(3, dtype=int)] * 5, {"exposure": "no"})


PHQ_9 = instruments.get("phq-9")


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (7, int),
        (-1, int),
        (-1, np.int8),
        (300, int),
        (1.5, float),
        (math.inf, float),
        ("x", object),
    ],
)
def test_a_row_that_is_not_allowed_is_named_or_marked(bad: object, kind: type) -> None:
    columns = [np.ones(BLOCK_ROWS + 10, dtype=kind) for _ in range(9)]
    columns[4][BLOCK_ROWS + 3] = bad
    with pytest.raises(AnswerRefused, match=f"Row {BLOCK_ROWS + 3}, counted from 0: phq9_5"):
        PHQ_9.score_columns(columns)
    marked = PHQ_9.score_columns(columns, mark_refused=True)
    assert np.flatnonzero(marked.refused).tolist() == [BLOCK_ROWS + 3]
    assert math.isnan(marked.totals[BLOCK_ROWS + 3])
    assert marked.totals[BLOCK_ROWS + 4] == 9


def test_every_kind_of_column_gives_the_same() -> None:
    answers = [[0, 1, None, 3], *[[1, 2, 3, 0]] * 8]
    wanted = PHQ_9.score_columns([np.array(column, dtype=float) for column in answers]).totals
    kinds = {
        "lists": answers,
        "text": [["" if v is None else str(v) for v in column] for column in answers],
        "masked": [
            np.ma.array([v or 0 for v in column], mask=[v is None for v in column])
            for column in answers
        ],
        "polars integers": [pl.Series(column, dtype=pl.Int64) for column in answers],
        "polars floats": [pl.Series(column, dtype=pl.Float32) for column in answers],
        "polars text": [pl.Series(column).cast(pl.String) for column in answers],
        "a lazy frame": pl.LazyFrame({f"phq9_{n}": c for n, c in enumerate(answers, 1)}),
    }
    for name, columns in kinds.items():
        assert PHQ_9.score_columns(columns).totals.tolist() == wanted.tolist(), name


def test_columns_that_do_not_fit_are_refused_with_a_sentence() -> None:
    ones = np.ones(3, dtype=int)
    with pytest.raises(AnswerRefused, match="takes 9 columns in item order and got 8"):
        PHQ_9.score_columns([ones] * 8)
    with pytest.raises(AnswerRefused, match="differ in length"):
        PHQ_9.score_columns([ones] * 8 + [np.ones(4, dtype=int)])
    with pytest.raises(AnswerRefused, match="phq9_9 is missing"):
        PHQ_9.score_columns({f"phq9_{n}": ones for n in range(1, 9)})
    with pytest.raises(AnswerRefused, match="one column"):
        PHQ_9.score_columns([np.ones((3, 2), dtype=int)] * 9)


def test_no_rows_give_no_scores() -> None:
    assert len(PHQ_9.score_columns([np.array([], dtype=int)] * 9)) == 0
