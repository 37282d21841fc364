"""`longlight account`: the first administrator, and sealing secrets anew."""

from datetime import UTC, datetime

import click

from longlight.cli.django_setup import start_django
from longlight.cli.main import Refusal


@click.group(
    epilog="Example:  longlight account create-admin --clinic 'Harbor Light' --email a@b.org --name 'Pat Doe'"
)
def command() -> None:
    """Let the first administrator in, and change the key that seals secrets."""


@command.command("create-admin")
@click.option(
    "--clinic", required=True, help="The clinic's name; it is made if there is none of this name."
)
@click.option("--email", required=True, help="Where the administrator reads mail.")
@click.option("--name", required=True, help="The administrator's name.")
@click.option(
    "--address",
    default="http://localhost:8000",
    show_default=True,
    help="Where this site is reached.",
)
def create_admin(clinic: str, email: str, name: str, address: str) -> None:
    """Invite a clinic's administrator: prints a link that works once, for 72 hours.

    There is no default account and no sign-up, so this is how a new installation begins.
    """
    start_django()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from longlight.clinic.people.actions import found_clinic, invite_administrator
    from longlight.clinic.people.rules import system_actor

    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(
            f"'{email}' is not an e-mail address: write it as name@example.org."
        ) from None
    if not (clinic.strip() and name.strip()):
        raise Refusal("Name the clinic and the administrator.")
    now, by = datetime.now(UTC), system_actor("longlight account")
    found = found_clinic(name=clinic.strip(), by=by, at=now)
    invited = invite_administrator(clinic=found, email=email, name=name, by=by, at=now)
    click.echo(f"{address.rstrip('/')}/invitation/{invited.token}")


@command.command(
    "reseal",
    epilog="Set LONGLIGHT_FIELD_KEY to the new key and LONGLIGHT_FIELD_KEY_BEFORE to the old one first.",
)
def reseal() -> None:
    """Seal every secret and every sealed text with the newest field key, so that the key before it can be thrown away."""
    start_django()
    from longlight.clinic.approaches.models import KeptChoice
    from longlight.clinic.approaches.queries.kept import PURPOSE
    from longlight.clinic.contact.actions import MESSAGE_TEXT
    from longlight.clinic.contact.models import Message
    from longlight.clinic.people.actions import reseal_secrets
    from longlight.clinic.people.actions.drafts import DRAFT
    from longlight.clinic.people.actions.resealing import reseal_column
    from longlight.clinic.people.models import KeptDraft
    from longlight.clinic.people.rules import system_actor
    from longlight.clinic.people.sealing import CannotUnseal
    from longlight.clinic.therapy.actions import reseal_texts

    by, at = system_actor("longlight account"), datetime.now(UTC)
    try:
        count = reseal_secrets(by=by, at=at) + reseal_texts(by=by, at=at)
        count += reseal_column(KeptChoice, "sealed_body", purpose=PURPOSE, by=by, at=at)
        count += reseal_column(Message, "sealed_text", purpose=MESSAGE_TEXT, by=by, at=at)
        count += reseal_column(KeptDraft, "sealed_fields", purpose=DRAFT, by=by, at=at)
    except CannotUnseal as refusal:
        raise Refusal(f"Nothing was lost, but {refusal}.") from None
    click.echo(f"Sealed anew: {count}")
