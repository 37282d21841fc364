"""`longlight import-scores FILE.csv --patient …`: a file of one person's scores into their record."""

import getpass
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from longlight.cli.django_setup import start_django
from longlight.cli.main import Refusal
from longlight.science.trajectory import DateOrder

if TYPE_CHECKING:
    from longlight.clinic.assessments.rules import ImportResult
    from longlight.clinic.people.models import Patient
    from longlight.exchange.scores_csv import ScoresFile

EXAMPLES = """\b
Long, a row for each event (what LONG's kind may leave out, WIDE has as columns):
    at,kind,name,value,unit
    2025-03-03,score,phq-9,19,
    2025-03-05,dose,induction,0.5,mg/kg
    2025-03-10,score,phq-9,,          (a check-in that was not answered)
Wide, a row for each day:
    Date,PHQ-9,GAD-7
    2025-03-03,19,14
\b
Examples:
    longlight import-scores scores.csv --patient LL-0412 --dry-run
    longlight import-scores trial.csv --patient LL-0412 --clinic harbor --map at=Visit --map hamd-17=HAMDTL17
    longlight import-scores european.csv --patient LL-0412 --clinic harbor --dates day-first
"""


@click.command("import-scores", epilog=EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--patient", "number", required=True, help="The clinic's own number of the patient.")
@click.option(
    "--clinic",
    "slug",
    help="The clinic's short name in addresses; needed when two clinics have that number.",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="KEY=COLUMN",
    help="Which column is at, kind, name, value, unit, or an instrument. Also with commas between.",
)
@click.option(
    "--dates",
    type=click.Choice([order.value for order in DateOrder]),
    default="year-first",
    show_default=True,
    help="How the file writes its dates.",
)
@click.option("--layout", type=click.Choice(["long", "wide"]), help="When it cannot be told.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("--leave-out-refused", is_flag=True, help="Take the rest when rows are refused.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    file: Path,
    number: str,
    slug: str | None,
    maps: tuple[str, ...],
    dates: str,
    layout: str | None,
    dry_run: bool,
    leave_out_refused: bool,
    as_json: bool,
) -> None:
    """Take one person's scores and treatments from a CSV file into their record.

    All that can be taken is taken in one step, or nothing: when rows are refused, --leave-out-refused confirms that
    the rest is taken without them. Safe to repeat: a row that is there already is left as it is.
    """
    content = _content(file)
    start_django()
    found = _read(file, content, _mapping(maps), DateOrder(dates), layout)
    patient = _patient(number, slug)
    result, refusal = _result(patient, found, (file.name, content), dry_run, leave_out_refused)
    is_written = refusal is None and not dry_run
    report = _report(found, result) | {"clinic": patient.clinic.slug, "written": is_written}
    if as_json:
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
    if refusal:
        raise refusal
    if not as_json:
        _tell(report, result, dry_run=dry_run)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        raise Refusal(f"'{file}' cannot be read: {why}.") from None


def _mapping(maps: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in maps:
        for part in each.split(","):
            key, is_sign, column = part.partition("=")
            if not (is_sign and key.strip() and column.strip()):
                raise Refusal(f"--map {part!r} is not KEY=COLUMN: write it as  --map at=Date")
            name = key.strip().casefold()
            if name in found:
                raise Refusal(f"--map names a column for '{name}' twice: name one.")
            found[name] = column.strip()
    return found


def _read(
    file: Path, content: bytes, given: dict[str, str], dates: DateOrder, layout: str | None
) -> "ScoresFile":
    from longlight.exchange.csv_text import NotCsv
    from longlight.exchange.scores_csv import Layout, read_scores

    try:
        return read_scores(content, given, dates, Layout(layout) if layout else None)
    except NotCsv as error:
        raise Refusal(f"'{file}' cannot be used. {error}") from None


def _patient(number: str, slug: str | None) -> "Patient":
    from django.db import Error

    from longlight.clinic.people.models import Clinic, Patient

    try:
        known = list(Clinic.objects.order_by("slug").values_list("slug", flat=True))
        if slug is not None and slug not in known:
            raise Refusal(
                f"There is no clinic '{slug}': there is {', '.join(known) or 'none yet'}."
            )
        found = Patient.objects.filter(number=number).select_related("clinic")
        patients = list(found.filter(clinic__slug=slug) if slug else found)
    except Error:
        raise Refusal("The database cannot be read: run  longlight migrate  first.") from None
    if not patients:
        where = f"The clinic '{slug}' has" if slug else "There is"
        raise Refusal(f"{where} no patient '{number}': check the number.")
    if len(patients) > 1:
        slugs = ", ".join(sorted(patient.clinic.slug for patient in patients))
        raise Refusal(
            f"More than one clinic has a patient '{number}': add --clinic, one of {slugs}."
        )
    return patients[0]


def _result(
    patient: "Patient",
    found: "ScoresFile",
    source: tuple[str, bytes],
    dry_run: bool,
    leave_out_refused: bool,
) -> "tuple[ImportResult, Refusal | None]":
    """What was done; or, where nothing was, what would be and why it was not."""
    from longlight.clinic.assessments.actions import import_scores_here, preview_import
    from longlight.clinic.assessments.rules import CannotImport
    from longlight.clinic.people.rules import system_actor

    read = found.for_import(*source)
    now = datetime.now(UTC)
    if dry_run:
        return preview_import(patient=patient, file=read, at=now), None
    try:
        done = import_scores_here(
            patient=patient,
            file=read,
            leave_out_refused=leave_out_refused,
            by=system_actor(f"import-scores by {getpass.getuser()}", patient.clinic_id),
            at=now,
        )
    except CannotImport as error:
        preview = preview_import(patient=patient, file=read, at=now)
        lines = "".join(
            f"\n  line {row.line}: {row.sentence}"
            for row in preview.outcomes
            if row.outcome == "refused"
        )
        hint = " (--leave-out-refused confirms.)" if lines else ""
        return preview, Refusal(f"Nothing was taken. {error}{hint}{lines}")
    return done, None


def _report(found: "ScoresFile", result: "ImportResult") -> dict[str, object]:
    return {
        "read_as": found.table.read_as,
        "layout": found.mapped.layout.value,
        "columns": dict(found.mapped.columns),
        "notes": list(found.notes),
        "taken": result.counts.taken,
        "already_there": result.counts.already_there,
        "refused": result.counts.refused,
        "rows": [
            {"line": row.line, "outcome": row.outcome.value, "sentence": row.sentence}
            for row in result.outcomes
        ],
        "import": str(result.import_id) if result.import_id else None,
    }


def _tell(report: dict[str, object], result: "ImportResult", *, dry_run: bool) -> None:
    click.echo(
        f"Read as {report['read_as']}; {report['layout']} layout. Clinic: {report['clinic']}."
    )
    for note in report["notes"]:  # type: ignore[attr-defined]
        click.echo(note)
    would = "would be " if dry_run else ""
    click.echo(
        f"{result.counts.taken} {would}taken, {result.counts.already_there} already there, "
        f"{result.counts.refused} {'refused' if dry_run else 'left out'}."
    )
    for row in result.outcomes:
        if row.outcome == "refused":
            click.echo(f"  line {row.line}: {row.sentence}")
