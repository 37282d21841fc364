"""`longlight import-clinics FILE.csv`: a file of clinics into the public directory."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from longlight.cli.django_setup import start_django
from longlight.cli.main import Refusal

if TYPE_CHECKING:
    from longlight.exchange.clinics_csv import ClinicsFile

EXAMPLES = """\b
A line for each clinic; only name, place, approaches and last_verified are needed:
    name,place,state,approaches,step_free,last_verified
    Harbor Street Clinic,Portland,ME,medicine; talk-therapy,yes,2026-11-02
\b
Examples:
    longlight import-clinics clinics.csv --dry-run
    longlight import-clinics clinics.csv --json
"""


@click.command("import-clinics", epilog=EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(file: Path, dry_run: bool, as_json: bool) -> None:
    """Take a CSV file of clinics into the directory.

    Lines that cannot be taken are told with the reason; the rest is taken in one step. A clinic of the same name and
    place is renewed, so that the same file may be taken again.
    """
    try:
        content = file.read_bytes()
    except OSError as why:
        raise Refusal(f"{file} cannot be read: {why.strerror}.") from None
    start_django()
    now = datetime.now(UTC)
    found = _read(content, now)
    report: dict[str, object] = {"taken": len(found.entries), "dry_run": dry_run}
    if found.entries and not dry_run:
        report |= _bring(found, now)
    report["refused"] = [
        {"line": line.line, "name": line.name, "reason": line.reason} for line in found.refused
    ]
    click.echo(json.dumps(report, indent=2) if as_json else _words(report, found))
    if not found.entries:
        raise Refusal("No line could be taken, and nothing was written.")


def _read(content: bytes, now: datetime) -> "ClinicsFile":
    from longlight.exchange.clinics_csv import read_clinics
    from longlight.exchange.csv_text import NotCsv

    try:
        return read_clinics(content, today=now.date())
    except NotCsv as why:
        raise Refusal(str(why)) from None


def _bring(found: "ClinicsFile", now: datetime) -> dict[str, object]:
    from longlight.clinic.approaches.actions.keeping import INSTALLATION
    from longlight.clinic.approaches.actions.listing import bring_listings
    from longlight.clinic.people.rules import system_actor

    brought = bring_listings(
        entries=found.entries,
        file_hash=found.file_hash,
        chain_id=INSTALLATION,
        by=system_actor("longlight import-clinics"),
        at=now,
    )
    return {"new": brought.new, "renewed": brought.renewed}


def _words(report: dict[str, object], found: "ClinicsFile") -> str:
    taken = (
        f"{report['taken']} can be taken"
        if report["dry_run"]
        else f"{report.get('new', 0)} new, {report.get('renewed', 0)} renewed"
    )
    lines = [f"{taken}, {len(found.refused)} refused."]
    lines += [f"line {line.line}: {line.reason}" for line in found.refused]
    if found.unknown_columns:
        lines.append(f"Columns that nobody reads: {', '.join(found.unknown_columns)}.")
    return "\n".join(lines)
