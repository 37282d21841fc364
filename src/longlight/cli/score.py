"""`longlight score`: one row of answers on the command line, or a CSV file of any size."""

import json
import sys
from pathlib import Path

import click

from longlight.cli.main import Refusal
from longlight.science.instruments import Instrument, InstrumentError, Score, catalogue
from longlight.science.instruments.definition import Sourced

EPILOG = """\b
Examples:
  longlight score phq-9 --answers 1,2,0,1,1,0,2,1,0
  longlight score audit-c --answers 2,1,1 --context sex=female --json
  longlight score phq-9 --csv answers.csv --out scores.csv
  longlight score phq-9 --csv answers.csv --out scores.csv --columns q1,q2,q3,q4,q5,q6,q7,q8,q9

\b
An empty field is a missing answer. `longlight instruments ID` names the items, in order;
they are also the columns that a CSV needs. Rows that cannot be scored go to
OUT.refused.csv with their line and the reason, and the exit code is then 2.
"""


@click.command(epilog=EPILOG)
@click.argument("instrument_id", metavar="ID")
@click.option("--answers", metavar="A,B,…", help="Answers in item order; empty is missing.")
@click.option(
    "--csv", "source", type=click.Path(path_type=Path), help="Score each row of this file."
)
@click.option("--out", "target", type=click.Path(path_type=Path), help="Where the scored rows go.")
@click.option("--columns", metavar="A,B,…", help="The columns that hold the items, in item order.")
@click.option(
    "--context", "context", multiple=True, metavar="KEY=VALUE", help="Such as sex=female."
)
@click.option("--version", "version", metavar="VERSION", help="Use this version of the instrument.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    instrument_id: str,
    answers: str | None,
    source: Path | None,
    target: Path | None,
    columns: str | None,
    context: tuple[str, ...],
    version: str | None,
    as_json: bool,
) -> None:
    """Score the answers to rating scale ID."""
    try:
        instrument = catalogue.get(instrument_id, version)
        facts = _facts(context)
        if answers is not None and source is None and target is None and columns is None:
            score = instrument.score(answers.split(","), facts)
            click.echo(json.dumps(score.to_json()) if as_json else _shown(instrument, score))
            return
        if source is not None and target is not None and answers is None:
            _score_file(instrument, source, target, columns, facts, as_json)
            return
    except InstrumentError as error:
        raise Refusal(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"The file could not be finished: {error.strerror}.") from error
    raise Refusal("Give either --answers A,B,… or --csv IN together with --out OUT.")


def _facts(context: tuple[str, ...]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for entry in context:
        key, equals, value = entry.partition("=")
        if not equals:
            raise Refusal(
                f"The context {entry!r} has no value: write it as KEY=VALUE, as sex=female."
            )
        if key.strip() in facts:
            raise Refusal(f"The context {key.strip()!r} was given twice: give it once.")
        facts[key.strip()] = value
    return facts


def _score_file(
    instrument: Instrument,
    source: Path,
    target: Path,
    columns: str | None,
    context: dict[str, str],
    as_json: bool,
) -> None:
    from longlight.exchange.score_csv import score_csv

    names = None if columns is None else [name.strip() for name in columns.split(",")]
    size = source.stat().st_size if source.is_file() else 0
    quiet = not sys.stderr.isatty()
    with click.progressbar(length=size, label="Scoring", file=sys.stderr, hidden=quiet) as bar:
        report = score_csv(
            instrument, source, target, columns=names, context=context, advance=bar.update
        )
    if as_json:
        found = {"scored_rows": report.scored_rows, "refused_rows": report.refused_rows}
        files = {"out": str(target), "refused": str(report.refused_file or "") or None}
        click.echo(json.dumps({**found, **files}))
    else:
        click.echo(f"{_rows(report.scored_rows)} scored into {target}", err=True)
    if report.refused_rows:
        raise Refusal(
            f"{_rows(report.refused_rows)} could not be scored: {report.refused_file} names the line "
            "and the reason; mend what is wrong and run this again."
        )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _shown(instrument: Instrument, score: Score) -> str:
    total = "no total" if score.total is None else f"{score.total:g}"
    band = "" if score.band is None else f", {score.band}{_doubt(score.evidence['band'])}"
    lines = [f"{instrument.short_title}: {total}{band}"]
    lines += [
        f"  {key}: {'none' if value is None else f'{value:.4g}'}"
        for key, value in score.subscales.items()
    ]
    if score.missing:
        rule = f"{instrument.scoring.missing_rule}{_doubt(score.evidence['missing'])}"
        lines.append(f"  missing: {', '.join(score.missing)}. {rule}")
    for threshold in score.thresholds:
        limit = "≥" if threshold.at_least is not None else "≤"
        number = threshold.at_most if threshold.at_least is None else threshold.at_least
        of = "".join(f", {key} {value}" for key, value in threshold.context.items())
        met = {True: "reached", False: "not reached", None: "cannot be told"}[threshold.met]
        doubt = _doubt(threshold.evidence)
        lines.append(f"  {limit} {number:g}{of}: {met}. {threshold.meaning}{doubt}")
    if score.flags:
        lines.append(f"  flags: {', '.join(score.flags)}")
    return "\n".join([*lines, *(f"  {note}" for note in score.notes)])


def _doubt(evidence: Sourced) -> str:
    """Says of a rule that nobody has seen in its source, or that is ours, that it is so."""
    return f" [{evidence.mark}]" if evidence.mark.needs_the_prescriber else ""
