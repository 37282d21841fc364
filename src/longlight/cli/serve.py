"""`longlight serve`: the production server (gunicorn), set up from the environment."""

import os
import socket
import sys

import click

from longlight.cli.django_setup import start_django
from longlight.cli.main import Refusal


@click.command(epilog="Example:  LONGLIGHT_PORT=8080 longlight serve")
@click.option("--port", type=click.IntRange(1, 65535), help="Instead of LONGLIGHT_PORT.")
def command(port: int | None) -> None:
    """Serve the site until stopped (Ctrl-C or SIGTERM; work in hand is finished first)."""
    if port is not None:
        os.environ["LONGLIGHT_PORT"] = str(port)
    os.environ["LONGLIGHT_STATIC_FILES"] = "collected"
    start_django()
    from django.conf import settings

    _stop_where_it_cannot_listen(settings.ENVIRONMENT.bind, settings.ENVIRONMENT.port)
    _stop_where_unready()
    _stop_where_browser_files_lack()
    _collect_static()
    for line in _what_is_off(settings.TLS):
        click.echo(line, err=True)
    environment = settings.ENVIRONMENT
    arguments = [
        sys.executable, "-m", "gunicorn", "longlight.server.wsgi:application",
        "--bind", f"{environment.bind}:{environment.port}",
        "--workers", str(environment.workers), "--threads", str(environment.threads),
        "--worker-class", "gthread", "--worker-tmp-dir", _memory_folder(), "--graceful-timeout", "20",
        "--max-requests", "20000", "--max-requests-jitter", "2000", "--log-level", "warning",
        "--no-control-socket",
        # The program is loaded once, before the serving processes part: one that ended is followed at once by another.
        "--preload",
    ]  # fmt: skip
    os.execv(sys.executable, arguments)  # noqa: S606  the server takes this process's place and its signals


def _memory_folder() -> str:
    """Where workers show they are alive: memory where there is some, so that a slow disk stops none."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"  # noqa: S108


def _stop_where_it_cannot_listen(address: str, port: int) -> None:
    """A sentence before anything is begun; gunicorn would try five times and log what it tried."""
    try:
        family, kind, number, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind, number) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        raise Refusal(
            f"The server cannot listen at {address}, port {port} ({error.strerror}): stop what does, or name another "
            "in LONGLIGHT_PORT or LONGLIGHT_BIND."
        ) from None


def _stop_where_unready() -> None:
    """In production the start is refused on what Django's deployment check warns of; always when migrations wait."""
    from django.conf import settings
    from django.core.management import CommandError, call_command
    from django.db import Error, connection
    from django.db.migrations.executor import MigrationExecutor

    if settings.PRODUCTION:
        _stop_where_unsafe()
        try:
            call_command("check", deploy=True, fail_level="WARNING")
        except CommandError as error:
            raise Refusal(f"The start is refused in production: {error}") from None
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        raise Refusal(
            "The database does not answer: check DATABASE_URL, and that it runs."
        ) from None
    if waiting:
        raise Refusal("The database is not up to date: run  longlight migrate  first.")


def _stop_where_unsafe() -> None:
    from django.conf import settings

    if not settings.TLS:
        raise Refusal(
            "Production needs TLS: put a proxy in front (docs/how-to/install.md) and set LONGLIGHT_TLS=proxy."
        )
    if set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}:
        raise Refusal(
            "Production needs the site's name: set LONGLIGHT_HOSTS, such as clinic.example."
        )


def _stop_where_browser_files_lack() -> None:
    from longlight.ui.browser_files import lacking

    if names := lacking():
        raise Refusal(
            f"Files that pages need are missing here ({', '.join(names)}): in a checkout run  script/browser-files ; "
            "a wheel holds them when it is built after that."
        )


def _collect_static() -> None:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def _what_is_off(tls: bool) -> list[str]:
    if tls:
        return []
    return [
        "No TLS: passkeys and offline pages work on http://localhost only, and no other machine should connect. "
        "See docs/how-to/install.md for a proxy that adds it."
    ]
