"""One person's scores as other systems write them: what is read, what is told, what is refused whole."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.clinic.assessments.rules import DoseEntry, MissedEntry, ScoreEntry
from longlight.exchange.csv_text import NotCsv
from longlight.exchange.scores_csv import Layout, read_scores
from longlight.science.trajectory import DateOrder


def test_long() -> None:
    found = read_scores(
        b"at,kind,name,value,unit\n"
        b"2025-03-03,score,PHQ-9,19,\n"
        b"2025-03-05T10:00,dose,induction,0.5,mg/kg\n"
        b"2025-03-10,score,phq-9,,\n"
    )
    assert found.mapped.layout is Layout.LONG
    score, dose, missed = found.entries
    assert isinstance(score, ScoreEntry)
    assert (score.line, score.instrument_id, score.on, score.total_points) == (
        2, "phq-9", date(2025, 3, 3), 19,
    )  # fmt: skip
    assert dose == DoseEntry(3, "induction", date(2025, 3, 5), time(10), None, 0.5)
    assert missed == MissedEntry(4, "phq-9", date(2025, 3, 10))


def test_wide_with_columns_called_like_instruments() -> None:
    found = read_scores(b"Date;PHQ9;HAM-D17;Mood\n2025-03-03;19;31;ok\n2025-03-10;;28;\n")
    assert found.mapped.layout is Layout.WIDE
    assert [(e.line, e.instrument_id) for e in found.entries if isinstance(e, ScoreEntry)] == [
        (2, "phq-9"), (2, "hamd-17"), (3, "hamd-17"),
    ]  # fmt: skip
    assert found.notes == ("Not used: Mood.",)


def test_columns_are_mapped_by_hand() -> None:
    found = read_scores(
        b"Visit,HAMDTL17\n3/4/2025,21.0\n",
        {"at": "visit", "hamd-17": "HAMDTL17"},
        DateOrder.MONTH_FIRST,
    )
    (entry,) = found.entries
    assert isinstance(entry, ScoreEntry)
    assert (entry.instrument_id, entry.on, entry.total_points) == ("hamd-17", date(2025, 3, 4), 21)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("03/04/2025,score,phq-9,3,", "day-first or month-first"),
        ("2025-02-30,score,phq-9,3,", "not a date"),
        ("2025-02-03,score,phq-9,28,", "0 to 27"),
        ("2025-02-03,score,phq-9,3.5,", "whole number"),
        ("2025-02-03,score,unheard-of,3,", "no instrument"),
        ("2025-02-03,score,,3,", "name is empty"),
        ("2025-02-03,mood,phq-9,3,", "score or dose"),
        ("2025-02-03,dose,ketamine,40,", "mg or mg/kg"),
        ("2025-02-03,dose,ketamine,-40,mg", "not given"),
        (f"2025-02-03,dose,{'k' * 61},40,mg", "60 characters"),
    ],
)
def test_a_line_that_cannot_be_taken_is_told(line: str, says: str) -> None:
    found = read_scores(f"at,kind,name,value,unit\n2025-01-01,score,phq-9,3,\n{line}\n".encode())
    assert len(found.entries) == 1
    (refused,) = found.unreadable
    assert refused.line == 3
    assert says in refused.sentence
    assert refused.sentence.endswith(".")


@pytest.mark.parametrize(
    ("content", "given_map", "says"),
    [
        (b"day off,phq-9\n1,2\n", {}, "No column says when"),
        (b"at,mood\n2025-01-01,3\n", {}, "called like an instrument"),
        (b"at,value\n2025-01-01,3\n", {}, "name"),
        (b"at,x\n2025-01-01,3\n", {"phq-9": "y"}, "no column 'y'"),
        (b"at,x\n2025-01-01,3\n", {"mood": "x"}, "neither a field"),
        (b"patient,at,phq-9\nA,2025-01-01,3\nB,2025-01-01,3\n", {}, "2 people"),
    ],
)
def test_a_file_that_cannot_be_used_at_all_is_refused_whole(
    content: bytes, given_map: dict[str, str], says: str
) -> None:
    with pytest.raises(NotCsv, match=says):
        read_scores(content, given_map)


def test_a_named_person_is_told() -> None:
    found = read_scores(b"MRN,at,phq-9\n77,2025-01-01,3\n")
    assert "77" in found.notes[0]


@given(st.lists(st.lists(st.text(max_size=8), min_size=5, max_size=5), max_size=6))
def test_every_line_is_an_entry_or_a_sentence(rows: list[list[str]]) -> None:
    cells = [[cell.replace('"', "") for cell in row] for row in rows]
    lines = ["at,kind,name,value,unit"] + [",".join(f'"{cell}"' for cell in row) for row in cells]
    try:
        found = read_scores("\n".join(lines).encode())
    except NotCsv:
        return
    given_rows = list(found.table.rows)
    assert len(found.entries) + len(found.unreadable) == len(given_rows)
