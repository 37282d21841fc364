"""What becomes of the rows of a file."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from longlight.clinic.assessments.rules import (
    Counts,
    Kept,
    Outcome,
    ScoreEntry,
    counts_of,
    key_of,
    reasons_not_to_import,
    sort_out,
)

TODAY = date(2026, 11, 23)

entries = st.lists(
    st.builds(
        lambda n, day, total: (n, day, total),
        st.just(0),
        st.dates(date(2026, 11, 1), date(2026, 11, 30)),
        st.integers(0, 3),
    ),
    max_size=15,
).map(
    lambda rows: [
        ScoreEntry(line, "phq-9", "1", day, None, total)
        for line, (_, day, total) in enumerate(rows, start=2)
    ]
)


@given(entries)
def test_each_row_has_one_outcome_and_a_moment_one_value(rows: list[ScoreEntry]) -> None:
    outcomes = sort_out(rows, Kept(), TODAY)
    assert [row.line for row in outcomes] == [row.line for row in rows]
    taken = [row.entry for row in outcomes if row.outcome is Outcome.TAKEN]
    places = [entry.place for entry in taken if entry]
    assert len(places) == len(set(places))
    assert all(entry.on <= TODAY for entry in taken if entry)
    assert all(row.sentence for row in outcomes if row.outcome is not Outcome.TAKEN)


@given(entries)
def test_the_same_rows_again_are_already_there(rows: list[ScoreEntry]) -> None:
    first = sort_out(rows, Kept(), TODAY)
    kept = Kept(
        frozenset(key_of(row.entry.content) for row in first if row.entry),
        {key_of(row.entry.place): "taken" for row in first if row.entry},
    )
    again = counts_of(sort_out(rows, kept, TODAY))
    assert again.taken == 0
    assert again.already_there == counts_of(first).taken + counts_of(first).already_there


def test_refused_rows_are_left_out_only_when_somebody_says_so() -> None:
    counts = Counts(taken=3, already_there=0, refused=1)
    assert reasons_not_to_import(counts, leave_out_refused=False)
    assert not reasons_not_to_import(counts, leave_out_refused=True)
    assert reasons_not_to_import(Counts(0, 0, 0), leave_out_refused=True)
