"""`longlight demo`: two synthetic clinics, and links that sign in as each role."""

import os
from datetime import UTC, datetime

import click

from longlight.cli.django_setup import start_django
from longlight.cli.main import Refusal


@click.group(invoke_without_command=True, epilog="Example:  longlight demo && longlight serve")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The demo's day; the same day makes the same demo. Default: today.",
)
@click.pass_context
def command(ctx: click.Context, today: datetime | None) -> None:
    """Fill an empty database with two synthetic clinics, and print links that sign in as each role.

    Safe to run again: it completes what is there. It refuses a database that holds anyone who is not synthetic.
    """
    if ctx.invoked_subcommand is not None:
        return
    start_django()
    from longlight.clinic.demo.actions import CannotBuild, build
    from longlight.clinic.demo.people import today_at_the_clinic

    now = datetime.now(UTC)
    day = today.date() if today else today_at_the_clinic(now)
    try:
        build(today=day, at=now)
    except CannotBuild as refusal:
        raise Refusal(str(refusal)) from None
    _print_links(_port())


@command.command("links", epilog="Example:  longlight demo links --port 8001")
@click.option("--port", type=click.IntRange(1, 65535), help="Where the server listens.")
def links(port: int | None) -> None:
    """Print fresh links that sign in as each role. Each works once, from this machine, for 12 hours."""
    start_django()
    _print_links(port or _port())


def _port() -> int:
    return int(os.environ.get("LONGLIGHT_PORT", "8000"))


def _print_links(port: int) -> None:
    from longlight.clinic.demo.actions import CannotBuild, make_links

    try:
        made = make_links(at=datetime.now(UTC))
    except CannotBuild as refusal:
        raise Refusal(str(refusal)) from None
    clinic = ""
    for link in sorted(made, key=lambda link: link.clinic_name, reverse=True):
        if link.clinic_name != clinic:
            clinic = link.clinic_name
            click.echo(f"\n{clinic}")
        click.echo(f"  {link.role.value:<14} {link.name:<20} http://localhost:{port}{link.path}")
    click.echo("\nEach link works once, from this machine. Fresh ones:  longlight demo links")
