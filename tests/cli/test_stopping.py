"""Ctrl-C ends any command without a word and with the code that a shell knows."""

import click
from click.testing import CliRunner

from longlight.cli.main import LazyGroup, main


def test_ctrl_c_is_quiet(monkeypatch) -> None:
    @click.command
    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: stopped)
    ended = CliRunner().invoke(main, ["score"])
    assert (ended.exit_code, ended.output) == (130, "")
