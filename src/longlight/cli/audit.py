"""`longlight audit`: is the trail whole; what was done last."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from longlight.cli.django_setup import start_django
from longlight.cli.main import Refusal

if TYPE_CHECKING:
    from longlight.clinic.record.queries import Verification


@click.group(epilog="Examples:  longlight audit verify   ·   longlight audit show --limit 5")
def command() -> None:
    """Check the audit trail, look at its newest rows, or anchor it."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def verify(as_json: bool) -> None:
    """Check every row, chain and anchor. Exit 1 when something was changed or removed, naming where."""
    start_django()
    found = _verify()
    if as_json:
        click.echo(json.dumps({"whole": found.is_whole, **asdict(found)}))
    elif found.is_whole:
        click.echo(
            f"The audit trail is whole: {found.rows} rows in {found.chains} chains, {found.anchors} anchors."
        )
    else:
        click.echo(f"The audit trail is broken in {len(found.broken)} place(s):", err=True)
        for link in found.broken:
            click.echo(f"  {link}", err=True)
    sys.exit(0 if found.is_whole else 1)


def _verify() -> "Verification":
    from django.db import Error

    from longlight.clinic.record.jobs import anchors_file, anchors_kept_outside
    from longlight.clinic.record.queries import verify as verify_trail

    try:
        outside = anchors_kept_outside()
    except (ValueError, TypeError, KeyError):
        raise click.ClickException(
            f"{anchors_file()} cannot be read as anchors: bring back an untouched copy, then check again."
        ) from None
    try:
        return verify_trail(outside)
    except Error:
        raise Refusal("The database cannot be read: run  longlight migrate  first.") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise click.ClickException(
            f"A row of the audit trail cannot even be read, so it was changed ({error})."
        ) from None


@command.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def show(limit: int, as_json: bool) -> None:
    """Show the newest rows: when, who, what. Ids only, no chart."""
    start_django()
    from longlight.clinic.record.queries import newest_rows
    from longlight.clinic.record.rules import storable

    for row in newest_rows(limit=limit):
        if as_json:
            click.echo(json.dumps(storable(row.said())))
        else:
            click.echo(
                f"{row.at:%Y-%m-%d %H:%M:%S} UTC  {row.actor_role:<14} {row.actor_name:<24} "
                f"{row.verb:<24} {row.object_kind} {row.object_id}"
            )


@command.command()
def anchor() -> None:
    """Anchor all chains now, in the database and in LONGLIGHT_HOME/anchors.jsonl. The worker does it nightly."""
    start_django()
    from datetime import UTC, datetime

    from longlight.clinic.record.jobs import anchor as anchor_now
    from longlight.clinic.record.jobs import anchors_file

    anchor_now(at=datetime.now(UTC))
    click.echo(f"The chains are anchored: {anchors_file()}")
