"""What a shell does to a command: Ctrl-C, a full disk, an old terminal, pipes, links and devices in a file's place."""

import errno
import os
import threading
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.db import OperationalError, ProgrammingError
from tests import warm

from longlight.cli.main import LazyGroup, main

HEADER = ",".join(f"phq9_{number}" for number in range(1, 10))
ROWS = ["1,1,1,1,1,1,1,1,0", "2,2,2,2,2,2,2,2,0"]
SCORED = ["8,mild,0,false,", "16,moderately severe,0,false,"]


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text("\n".join([HEADER, *ROWS]) + "\n")
    return path


def score(source: Path, out: Path):
    return CliRunner().invoke(main, ["score", "phq-9", "--csv", str(source), "--out", str(out)])


def test_ctrl_c_is_quiet(monkeypatch) -> None:
    @click.command
    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: stopped)
    ended = CliRunner().invoke(main, ["score"])
    assert (ended.exit_code, ended.output) == (130, "")


@pytest.mark.parametrize(
    ("raised", "says"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device"),
        (OperationalError("no such table: clinic_clinic"), "longlight migrate"),
        (ProgrammingError('relation "clinic_clinic" does not exist\nLINE 1'), "longlight migrate"),
        (OperationalError("couldn't get a connection after 5.00 sec"), "check DATABASE_URL"),
    ],
)
def test_what_the_machine_lacks_is_told_in_a_sentence(monkeypatch, raised, says) -> None:
    @click.command
    def command() -> None:
        raise raised

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: command)
    ended = CliRunner().invoke(main, ["score"])
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert says in ended.stderr


def test_a_fault_of_ours_is_not_hidden(monkeypatch) -> None:
    @click.command
    def command() -> None:
        raise ProgrammingError("syntax error")

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: command)
    assert isinstance(CliRunner().invoke(main, ["score"]).exception, ProgrammingError)


def test_a_home_that_cannot_be_made_is_refused() -> None:
    environ = {**os.environ, "LONGLIGHT_HOME": os.devnull}
    ended = warm.run(["-m", "longlight", "migrate"], environ, 60)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "LONGLIGHT_HOME cannot be used" in ended.stderr


def test_what_a_terminal_cannot_show_is_escaped() -> None:
    shown = CliRunner(charset="latin-1").invoke(
        main, ["score", "phq-9", "--answers", "2" + ",2" * 8]
    )
    assert shown.exit_code == 0, shown.output
    assert "\\u2265 10: reached" in shown.output


def test_rows_come_through_a_pipe(tmp_path, answers) -> None:
    pipe, out = tmp_path / "pipe", tmp_path / "out.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[answers.read_bytes()])
    writer.start()
    result = score(pipe, out)
    writer.join()
    assert result.exit_code == 0, result.output
    assert out.read_text().splitlines()[1:] == [
        f"{r},{s}" for r, s in zip(ROWS, SCORED, strict=True)
    ]


def test_rows_that_end_in_a_lone_return_are_not_lost(tmp_path) -> None:
    old_mac, out = tmp_path / "mac.csv", tmp_path / "out.csv"
    old_mac.write_text("\r".join([HEADER, *ROWS]) + "\r", newline="")
    assert score(old_mac, out).exit_code == 0
    assert out.read_text().splitlines()[1:] == [
        f"{r},{s}" for r, s in zip(ROWS, SCORED, strict=True)
    ]


def test_a_header_that_no_reader_takes_is_refused(tmp_path) -> None:
    endless = tmp_path / "endless.csv"
    endless.write_text("a" * 200_000 + f",{HEADER}\n")
    result = score(endless, tmp_path / "out.csv")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


CHART = ["pk", "--model", "kamp-2020", "--dose", "iv-bolus:35@0", "--plot"]


@pytest.mark.parametrize("command", ["score", "chart"])
def test_a_file_pushes_nothing_else_aside(tmp_path, answers, command) -> None:
    def write(out: Path):
        return (
            score(answers, out)
            if command == "score"
            else CliRunner().invoke(main, [*CHART, str(out)])
        )

    pipe, link, real = (tmp_path / name for name in ("pipe.svg", "link.svg", "real.svg"))
    os.mkfifo(pipe)
    result = write(pipe)
    assert (result.exit_code, pipe.is_fifo()) == (2, True)
    assert "no ordinary file" in result.stderr

    real.write_text("before")
    link.symlink_to(real)
    assert write(link).exit_code == 0
    assert link.is_symlink()
    assert real.read_text() != "before"
    umask = os.umask(0)
    os.umask(umask)
    assert real.stat().st_mode & 0o777 == 0o666 & ~umask
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(
        ["answers.csv", "link.svg", "pipe.svg", "real.svg"]
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "phq-9", "--csv", "", "--out", "x.csv"],
        ["score", "phq-9", "--csv", "answers.csv", "--out", ""],
        ["plot", "", "--out", "x.svg"],
        ["pk", "population", "--model", "herd-2007", "--patients", "9", "--course", ""],
        ["pk", "population", "--model", "herd-2007", "--patients", "9", "--course", "none.csv"],
    ],
)
def test_a_name_that_names_no_file_is_refused(tmp_path, monkeypatch, answers, arguments) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: ")
    assert "UTF-8" not in result.stderr
    assert list(tmp_path.iterdir()) == [answers]
