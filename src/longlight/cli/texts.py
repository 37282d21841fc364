"""`longlight texts`: the wording of instruments that this installation may show, with who allowed it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from longlight.cli.django_setup import start_django
from longlight.cli.main import Refusal

if TYPE_CHECKING:
    from longlight.clinic.assessments.models import SiteText

EXAMPLES = """\b
Examples:
    longlight texts add who-5.toml --sha256 6f1c…
    longlight texts list --json
    longlight texts check
    longlight texts withdraw 0b7e… --because "the licence ended"
"""


@click.group(epilog=EXAMPLES)
def command() -> None:
    """Wording of questionnaires that the site may show by its own permission.

    Instruments whose licence forbids to ship their words are asked on a page only with a pack of the site's own;
    without one, staff enter numbers. How a pack is written stands in the reference on instruments.
    """


@command.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sha256", default="", help="The hash that was told for the file: it must match.")
@click.option("--json", "as_json", is_flag=True, help="Print what was added as JSON.")
def add(file: Path, sha256: str, as_json: bool) -> None:
    """Add a text pack; the one before it of the same instrument is shown no more."""
    try:
        toml = file.read_bytes().decode("utf-8")
    except OSError as why:
        raise Refusal(f"{file} cannot be read: {why.strerror}.") from None
    except UnicodeDecodeError:
        raise Refusal(f"{file} is not UTF-8 text: save it as UTF-8.") from None
    start_django()
    from longlight.clinic.assessments.actions.texts import add_site_text
    from longlight.clinic.assessments.rules import CannotRecord
    from longlight.clinic.people.rules import system_actor

    by = system_actor("longlight texts")
    try:
        text = add_site_text(toml=toml, sha256=sha256, by=by, at=datetime.now(UTC))
    except CannotRecord as why:
        raise Refusal(str(why)) from None
    click.echo(json.dumps(_told(text), indent=2) if as_json else _line(text))


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def show(as_json: bool) -> None:
    """Every pack that was added: its instrument, hash, permission, and whether it is shown."""
    start_django()
    texts = _texts()
    if as_json:
        click.echo(json.dumps([_told(text) for text in texts], indent=2))
        return
    click.echo("\n".join(_line(text) for text in texts) or "No wording was added yet.")


@command.command("check")
def check() -> None:
    """Read every pack again: is each still what was added, does it fit, does its permission last?"""
    start_django()
    from longlight.clinic.assessments.queries import pack_of

    broken = [text for text in _texts() if text.withdrawn_at is None and pack_of(text) is None]
    for text in broken:
        click.echo(f"{text.pk} {text.instrument_id}: not what was added, or it no longer fits.")
    if broken:
        raise Refusal("These are not shown: withdraw them, and add them again.")
    click.echo("All are what was added.")


@command.command("withdraw")
@click.argument("text_id", type=click.UUID)
@click.option("--because", required=True, help="Why it may be shown no more.")
def withdraw(text_id: UUID, because: str) -> None:
    """Show a pack no more. It stays in the record with the reason."""
    start_django()
    from longlight.clinic.assessments.actions.texts import withdraw_site_text
    from longlight.clinic.assessments.rules import CannotRecord
    from longlight.clinic.people.rules import system_actor

    by = system_actor("longlight texts")
    try:
        text = withdraw_site_text(text_id=text_id, because=because, by=by, at=datetime.now(UTC))
    except CannotRecord as why:
        raise Refusal(str(why)) from None
    click.echo(_line(text))


def _texts() -> "list[SiteText]":
    from longlight.clinic.assessments.models import SiteText

    return list(SiteText.objects.all())


def _state(text: "SiteText") -> str:
    from longlight.clinic.assessments.queries import standing_text

    if text.withdrawn_at is not None:
        return "withdrawn"
    standing = standing_text(text.instrument_id, text.instrument_version)
    if standing is not None and standing.pk == text.pk:
        return "shown"
    is_over = text.expires_on is not None and text.expires_on < datetime.now(UTC).date()
    return "expired" if is_over else "replaced"


def _told(text: "SiteText") -> dict[str, object]:
    return {
        "id": str(text.pk),
        "instrument": text.instrument_id,
        "version": text.instrument_version,
        "language": text.language,
        "sha256": text.sha256,
        "state": _state(text),
        "licence": text.licence_line,
        "permission": {
            "reference": text.reference,
            "granted_by": text.granted_by,
            "date": text.granted_on.isoformat(),
            "expires": text.expires_on.isoformat() if text.expires_on else None,
            "confirmed_by": text.confirmed_by,
        },
        "added_at": text.added_at.isoformat(),
        "added_by": text.added_by_name,
    }


def _line(text: "SiteText") -> str:
    until = f" until {text.expires_on}" if text.expires_on else ""
    return (
        f"{text.pk}  {text.instrument_id} {text.instrument_version} ({text.language})  {_state(text)}\n"
        f"    sha256 {text.sha256}\n"
        f"    allowed by {text.granted_by} on {text.granted_on}{until}: {text.reference}; "
        f"seen by {text.confirmed_by}"
    )
