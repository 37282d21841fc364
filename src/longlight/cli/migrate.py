"""`longlight migrate`: bring the database up to date."""

import click

from longlight.cli.django_setup import start_django


@click.command()
def command() -> None:
    """Bring the database up to date: tables, guards, and the table that keeps limits.

    Safe to run again.
    """
    start_django()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    click.echo("The database is up to date.")
