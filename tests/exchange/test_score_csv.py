"""A CSV scored by either way gives the same bytes, whole or not at all."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longlight import instruments
from longlight.exchange.score_csv import CsvRefused, CsvReport, run, score_csv

PHQ_9 = instruments.get("phq-9")
HEADER = "patient," + ",".join(f"phq9_{n}" for n in range(1, 10)) + ",note\n"
GOOD = "p1,1,2,0,1,1,0,2,1,0,calm\n"


def scored(
    folder: Path, content: str | bytes, instrument_id: str = "phq-9", **options: object
) -> tuple[CsvReport, str, str | None]:
    source, target = folder / "in.csv", folder / "out.csv"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    report = score_csv(instruments.get(instrument_id), source, target, **options)  # type: ignore[arg-type]
    refused = folder / "out.csv.refused.csv"
    return report, target.read_text(), refused.read_text() if refused.exists() else None


@pytest.mark.parametrize("quickly", [True, False])
def test_scores_follow_the_columns_that_pass_through(tmp_path: Path, quickly: bool) -> None:
    content = HEADER + GOOD + "p2,3,3,3,3,3,3,3,3,,\n" + "p3,,,,1,1,1,1,1,1,x\n"
    report, out, refused = scored(tmp_path, content, quickly=quickly)
    assert out.splitlines() == [
        HEADER.strip() + ",total,band,missing,prorated,flags",
        "p1,1,2,0,1,1,0,2,1,0,calm,8,mild,0,false,",
        "p2,3,3,3,3,3,3,3,3,,,27,severe,1,true,incomplete;prorated",
        "p3,,,,1,1,1,1,1,1,x,,,3,false,incomplete;safety:phq9_9",
    ]
    assert (report.scored_rows, report.refused_rows, refused) == (3, 0, None)


@pytest.mark.parametrize("quickly", [True, False])
def test_refused_rows_are_named_with_line_and_reason(tmp_path: Path, quickly: bool) -> None:
    content = HEADER + GOOD + GOOD.replace("2", "7") + "p3,1\n" + GOOD.replace("2", "x") + GOOD
    report, out, refused = scored(tmp_path, content, quickly=quickly)
    assert len(out.splitlines()) == 3
    assert refused is not None
    rows = list(csv.reader(io.StringIO(refused)))
    assert [row[0] for row in rows] == ["line", "3", "4", "5"]
    assert rows[1][1].startswith("phq9_2 cannot be 7: give a whole number from 0 to 3")
    assert rows[2][1].startswith("The line has 2 fields where the header has 11")
    assert rows[3][1].startswith("phq9_2 cannot be 'x'")
    assert rows[1][2:] == GOOD.replace("2", "7").strip().split(",")
    assert report.refused_file == tmp_path / "out.csv.refused.csv"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_progress_reaches_the_size_of_the_file(tmp_path: Path, mark: str) -> None:
    content = (mark + HEADER + GOOD * 60_000).encode()  # more than one chunk
    told: list[int] = []
    scored(tmp_path, content, advance=told.append)
    assert sum(told) == len(content)


FIELD = st.sampled_from(
    [
        "0",
        "1",
        "2",
        "3",
        "",
        "",
        "1.0",
        "2.0",
        "9.0",
        "1.5",
        "3.",
        " 2",
        "7",
        "12",
        "x",
        "-1",
        "+1",
        "01",
        "é",
        "1e0",
        "NaN",
        "null",
    ]
)
LINE = st.one_of(
    st.lists(FIELD, min_size=11, max_size=11),
    st.lists(FIELD, min_size=9, max_size=12),
    st.just([]),
    st.lists(st.sampled_from(["0", "3"]), min_size=10, max_size=10).map(
        lambda fields: [*fields, '"a, b"\n"" c"']
    ),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(LINE, max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    last=st.booleans(),
    chunk_bytes=st.sampled_from([16, 64, 1 << 20]),
)
def test_both_ways_give_the_same_bytes(
    tmp_path: Path, lines: list[list[str]], end: str, mark: bool, last: bool, chunk_bytes: int
) -> None:
    body = end.join(",".join(line) for line in lines)
    content = (HEADER.replace("\n", end) + body + (end if last else "")).encode()
    if mark:
        content = b"\xef\xbb\xbf" + content
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "CHUNK_BYTES", chunk_bytes)
        one = scored(tmp_path, content, quickly=True)
        other = scored(tmp_path, content, quickly=False)
    assert one == other
    records = [
        row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if row
    ]
    assert one[0].scored_rows + one[0].refused_rows == len(records) - 1


@pytest.mark.parametrize(
    "instrument_id", [each for each in instruments.ids() if each != "mood-0-10"]
)
def test_both_ways_agree_for_every_instrument(tmp_path: Path, instrument_id: str) -> None:
    instrument = instruments.get(instrument_id)
    rows = [",".join(item.id for item in instrument.items)]
    for shift in range(40):
        fields = []
        for index, item in enumerate(instrument.items):
            choices = ["", *(f"{value:g}" for value in item.allowed)]
            fields.append(choices[(shift * 7 + index * 3) % min(len(choices), 8)])
        rows.append(",".join(fields))
    content = "\n".join(rows) + "\n"
    one = scored(tmp_path, content, instrument_id, quickly=True)
    assert one == scored(tmp_path, content, instrument_id, quickly=False)
    for row in csv.DictReader(io.StringIO(one[1])):
        exact = instrument.score([row[item.id] for item in instrument.items])
        assert float(row["total"] or "nan") == pytest.approx(
            float("nan") if exact.total is None else exact.total, nan_ok=True, rel=0, abs=0
        )
        assert row["band"] == (exact.band or "")
        assert row["flags"] == ";".join(exact.flags)


def test_columns_may_have_other_names_and_their_own_order(tmp_path: Path) -> None:
    names = ["i9", *(f"i{n}" for n in range(1, 9))]
    content = ",".join(names) + "\n3,0,0,0,0,0,0,0,0\n"
    columns = [f"i{n}" for n in range(1, 10)]
    out = scored(tmp_path, content, columns=columns)[1]
    assert out.splitlines()[1].endswith(",3,minimal,0,false,safety:phq9_9")


def test_a_second_instrument_takes_its_prefix_when_names_are_taken(tmp_path: Path) -> None:
    content = HEADER.replace("note", "total") + GOOD
    header = scored(tmp_path, content)[1].splitlines()[0]
    assert header.endswith(",total,phq9_total,phq9_band,phq9_missing,phq9_prorated,phq9_flags")
    with pytest.raises(CsvRefused, match="has a column phq9_total already"):
        scored(tmp_path, header + "\n")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "has no header"),
        (b"\n1,2\n", "has no header"),
        (b"a,b\n1,2\n", "lacks the columns phq9_1"),
        (HEADER.replace(",", ";").encode(), "not separated by commas"),
        (HEADER.replace("note", "phq9_1").encode(), "more than one column phq9_1"),
        ((HEADER + GOOD).encode("utf-16"), "not in UTF-8"),
        ((HEADER + GOOD.replace("calm", "café")).encode("latin-1"), "not in UTF-8"),
        ((HEADER + GOOD.replace("calm", '"café"')).encode("latin-1"), "not in UTF-8"),
        ((HEADER + GOOD.replace("calm", "\0")).encode(), "no text"),
        ((HEADER + f'p,{"1," * 9}"{"x" * 200_000}"\n').encode(), "cannot be read as CSV"),
    ],
)
@pytest.mark.parametrize("quickly", [True, False])
def test_a_file_that_cannot_be_scored_leaves_nothing_behind(
    tmp_path: Path, content: bytes, says: str, quickly: bool
) -> None:
    (tmp_path / "out.csv").write_text("kept")
    with pytest.raises(CsvRefused, match=says) as refused:
        scored(tmp_path, content, quickly=quickly)
    assert "\n" not in str(refused.value)
    assert (tmp_path / "out.csv").read_text() == "kept"
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", "out.csv"}


def test_paths_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    with pytest.raises(CsvRefused, match="There is no file"):
        score_csv(PHQ_9, source, tmp_path / "out.csv")
    source.write_text(HEADER)
    with pytest.raises(CsvRefused, match="give it another name"):
        score_csv(PHQ_9, source, source)
    mended = source.rename(tmp_path / "out.csv.refused.csv")
    with pytest.raises(CsvRefused, match="give --out another name"):
        score_csv(PHQ_9, mended, tmp_path / "out.csv")
    mended.rename(source)
    with pytest.raises(CsvRefused, match="is a folder"):
        score_csv(PHQ_9, source, tmp_path)
    with pytest.raises(CsvRefused, match="cannot be written"):
        score_csv(PHQ_9, source, tmp_path / "nowhere" / "out.csv")
    with pytest.raises(CsvRefused, match="cannot be read"):
        score_csv(PHQ_9, tmp_path, tmp_path / "out.csv")
    with pytest.raises(CsvRefused, match="9 different columns"):
        score_csv(PHQ_9, source, tmp_path / "out.csv", columns=["a"])


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(HEADER + GOOD)

    def stop(_read: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_csv(PHQ_9, tmp_path / "in.csv", tmp_path / "out.csv", advance=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_later_run_without_refusals_takes_the_old_list_away(tmp_path: Path) -> None:
    assert scored(tmp_path, HEADER + "p,x\n")[2] is not None
    assert scored(tmp_path, HEADER + GOOD)[2] is None


def test_a_line_without_end_is_refused_before_memory_runs_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNK_BYTES", 1 << 16)
    monkeypatch.setattr(run, "LONGEST_LINE_BYTES", 1 << 17)
    with pytest.raises(CsvRefused, match="seems to be no CSV file"):
        scored(tmp_path, HEADER + "x" * (1 << 19))
