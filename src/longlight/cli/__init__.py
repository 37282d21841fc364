"""The command line: `longlight COMMAND`. Each command is a module of its own, loaded only when it is used."""

from longlight.cli.main import main

__all__ = ["main"]
