"""The entry point: finds a command's module when it is asked for, and turns every refusal into one sentence.

Exit codes: 0 done, 1 the work could not be finished, 2 the input was wrong or something is not installed, 130 stopped
with Ctrl-C.
"""

import errno
import importlib
import importlib.util
import io
import sys
from typing import Any

import click

from longlight import __version__
from longlight.cli.commands import COMMANDS

INTERRUPTED = 128 + 2  # what a shell calls a program that SIGINT ended
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# What shows that an extra is installed: one package of it.
EXTRA_MARKERS = {"clinic": "django", "fast": "numba"}


class Refusal(click.ClickException):
    """Input that cannot be used, told in a sentence that says what to do. Exit code 2."""

    exit_code = 2


def require_extra(extra: str, what: str) -> None:
    """Raise a `Refusal` naming the extra that `what` needs, when it is not installed."""
    if importlib.util.find_spec(EXTRA_MARKERS[extra]) is None:
        raise Refusal(
            f"{what} needs the extra '{extra}': install it with  pip install 'longlight[{extra}]'"
        )


class LazyGroup(click.Group):
    """Imports a command's module only when that command runs, so that `--help` stays fast and Django stays out."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, entry in COMMANDS.items() if _has_module(entry.module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None or not _has_module(entry.module):
            return None
        if entry.extra is not None:
            require_extra(entry.extra, f"longlight {cmd_name}")
        command = importlib.import_module(entry.module).command
        assert isinstance(command, click.Command)
        return command

    def main(self, *args: Any, **extra: Any) -> Any:
        """The program. What a terminal's encoding lacks is escaped; a full disk or no database is told in a sentence."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().main(*args, **extra)
        except Exception as error:
            sentence = _of_the_machine(error)
            if sentence is None:
                raise
            click.echo(f"Error: {sentence}", err=True)
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Ctrl-C ends it without a word, as a shell expects of a program."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, COMMANDS[name].help) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def _of_the_machine(error: Exception) -> str | None:
    """What is wrong with the machine, not with the program or what was typed; None where it is neither."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return f"The work could not be finished: {error.strerror}."
    database = sys.modules.get("django.db")  # only where a command has brought Django up
    if database is not None and (
        isinstance(error, database.OperationalError)
        or (isinstance(error, database.ProgrammingError) and "does not exist" in str(error))
    ):
        why = (str(error).splitlines() or ["no reason given"])[0].rstrip(".")
        return f"The database cannot be used ({why}): check DATABASE_URL, that it runs, and that  longlight migrate  was run."
    return None


def _has_module(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Examples:  longlight instruments   ·   longlight score phq-9 --answers 1,2,0,1,1,0,2,1,0",
)
@click.version_option(__version__, prog_name="longlight")
def main() -> None:
    """Longlight: the whole path of ketamine treatment, from choosing to honest outcomes."""
