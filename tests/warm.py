"""A Python that has read the libraries. Commands run in processes forked from it, which spares each a second of CPU.

Every command still has a process, an environment, settings and database connections of its own, and ends as any Python
does. What starts from nothing, as an administrator starts it, is tested in `tests/server`, in the docs' own commands,
and wherever a test uses `Installation.start`.
"""

import atexit
import contextlib
import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO

# Nothing here may read a setting: each child has settings of its own.
LIBRARIES = (
    "argon2", "click", "cryptography.fernet", "dj_database_url", "django.contrib.auth.hashers",
    "django.core.handlers.wsgi", "django.core.management", "django.core.management.commands.migrate",
    "django.db.backends.postgresql.base", "django.db.backends.sqlite3.base", "django.db.migrations.executor",
    "django.db.models", "django.forms", "django.http", "django.template", "django.urls", "numpy",
    "psycopg", "psycopg_pool", "pydantic", "pydantic_settings", "longlight.cli.main",
    "longlight.science", "longlight.server.environment",
)  # fmt: skip
ROOT = Path(__file__).resolve().parent.parent
_one_at_a_time = threading.Lock()
_kept: list[socket.socket] = []


def run(
    arguments: list[str], environ: Mapping[str, str], seconds: float
) -> subprocess.CompletedProcess[str]:
    """As `python ARGUMENTS` would: `-m module …` or `-c code …`."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        asked = {"arguments": arguments, "environ": dict(environ), "cwd": str(Path.cwd())}
        with _one_at_a_time:
            line = _line()
            line.settimeout(seconds)
            socket.send_fds(line, [b"f"], [out.fileno(), err.fileno()])
            line.sendall(json.dumps(asked).encode() + b"\n")
            try:
                answer = line.recv(64)
            except TimeoutError:
                _kept.clear()
                raise subprocess.TimeoutExpired(arguments, seconds) from None
        assert answer, "the warm Python is gone"
        return subprocess.CompletedProcess(arguments, int(answer), _read(out), _read(err))


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _line() -> socket.socket:
    if not _kept:
        here, there = socket.socketpair()
        subprocess.Popen(
            [sys.executable, "-m", "tests.warm", str(there.fileno())],
            cwd=ROOT, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL,
        )  # fmt: skip
        there.close()
        _kept.append(here)
        atexit.register(here.close)
    return _kept[0]


def _serve(line: socket.socket) -> None:
    """Fork for each request. Returns in the child when its command has ended well, and when nobody asks any more."""
    for name in LIBRARIES:
        __import__(name)
    while True:
        _, descriptors, *_ = socket.recv_fds(line, 1, 2)
        if not descriptors:
            return
        with line.makefile("rb") as file:
            asked = json.loads(file.readline())
        child = os.fork()
        if child == 0:
            line.close()
            for number, descriptor in enumerate(descriptors, start=1):
                os.dup2(descriptor, number)
                os.close(descriptor)
            _be(**asked)
            return
        for descriptor in descriptors:
            os.close(descriptor)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with contextlib.suppress(BrokenPipeError):
            line.sendall(str(code).encode())


def _be(arguments: list[str], environ: dict[str, str], cwd: str) -> None:
    """The process that was asked for."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environ)
    how, what, *others = arguments
    sys.argv = [what if how == "-m" else how, *others]
    sys.path[0] = cwd if how == "-m" else ""
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
