"""CSV from the world: found encodings and delimiters are told; what leaves runs in no spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlight.exchange.csv_text import FORMULA_STARTS, MOST_BYTES, NotCsv, read_table, write_table

TEXT = "at,name\n2025-01-01,café\n"


@pytest.mark.parametrize(
    ("codec", "told"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with a mark"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_the_encoding_is_found_and_told(codec: str, told: str) -> None:
    found = read_table(TEXT.encode(codec))
    assert found.encoding == told
    assert found.rows[0].cells == ("2025-01-01", "café")


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sign: str) -> None:
    found = read_table(TEXT.replace(",", sign).encode())
    assert found.header == ("at", "name")
    assert found.delimiter == sign


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"a,b\0\n1,2\n", "not text"),
        (b"a,a\n1,2\n", "Two columns"),
        (b"a,\n1,2\n", "no name"),
        (b'a,b\n1,"2\n', "Line 2"),
        (b"a,b\n1,2,3\n", "Line 2 has 3 cells"),
        (b"a" * (MOST_BYTES + 1), "5 MB"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, says: str) -> None:
    with pytest.raises(NotCsv, match=says):
        read_table(content)


def test_lines_are_those_of_the_file_also_after_empty_lines_and_line_breaks_in_a_cell() -> None:
    found = read_table(b'a,b\n\n1,"x\ny"\n,\n2,z\n')
    assert [row.line for row in found.rows] == [3, 6]


def said_of(content: bytes) -> str:
    try:
        return read_table(content).read_as
    except NotCsv as error:
        return str(error)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_sentence(content: bytes) -> None:
    said = said_of(content)
    assert said.endswith((".", "between the cells"))


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), max_size=5))
def test_nothing_that_leaves_is_a_formula(rows: list[list[str]]) -> None:
    text = write_table(["=cmd()", "b"], rows)
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            if cell.startswith(FORMULA_STARTS):
                float(cell)  # only a number may begin with a sign
