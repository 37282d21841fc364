"""`longlight plot FILE.csv --out x.svg|png`: scores over time, with treatments marked."""

import json
from pathlib import Path

import click

from longlight import trajectory as facade
from longlight.cli.main import Refusal
from longlight.cli.whole_files import write_whole

SUFFIXES = {".svg", ".png"}

EXAMPLES = """\b
FILE.csv has the columns at,kind,name,value[,unit]:
    at,kind,name,value,unit
    2025-03-03,score,phq-9,19,
    2025-03-05T10:00,dose,induction,0.5,mg/kg
    2025-03-10,score,phq-9,,          (a check-in that was not answered)
\b
Examples:
    longlight plot scores.csv --out scores.svg
    longlight plot scores.csv --out scores.png --size phone
    longlight plot scores.csv --json
"""


@click.command("plot", epilog=EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Where the figure goes: .svg or .png.")
@click.option("--size", type=click.Choice(list(facade.SIZES)), default="desk", show_default=True)
@click.option(
    "--dates",
    type=click.Choice([order.value for order in facade.DateOrder]),
    default="year-first",
    show_default=True,
    help="How the file writes its dates.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the data and the finding as JSON.")
def command(file: Path, out: Path | None, size: str, dates: str, as_json: bool) -> None:
    """Draw one person's scores over time, with treatments marked. Gaps stay gaps.

    OUT is written whole or not at all.
    """
    if out is None and not as_json:
        raise Refusal("Say where the figure goes:  --out scores.svg  (or .png), or ask for --json.")
    if out is not None and out.suffix.lower() not in SUFFIXES:
        raise Refusal(f"'{out}' ends in neither .svg nor .png: name it so.")
    drawn = _read(file, dates)
    try:
        picture = None if out is None else _picture(drawn, out, size)
    except facade.NothingToDraw as error:
        raise Refusal(str(error)) from None
    if out is not None and picture is not None:
        write_whole(out, picture)
    if as_json:
        click.echo(json.dumps(_told(drawn), indent=2, ensure_ascii=False))
    else:
        click.echo(facade.describe(drawn))


def _read(file: Path, dates: str) -> facade.Trajectory:
    try:
        return facade.read_csv(file, dates)
    except OSError as error:
        raise Refusal(
            f"'{file}' cannot be read: {(error.strerror or 'no reason given').lower()}."
        ) from None
    except facade.NotCsv as error:
        raise Refusal(f"'{file}' cannot be used. {error}") from None
    except facade.RowsRefused as error:
        lines = "\n".join(f"  {problem}" for problem in error.problems)
        raise Refusal(f"'{file}' was not drawn; mend these lines:\n{lines}") from None


def _picture(drawn: facade.Trajectory, out: Path, size: str) -> bytes:
    if out.suffix.lower() == ".svg":
        return facade.to_svg(drawn, size=size).encode()
    return facade.to_png(drawn, size=size)


def _told(drawn: facade.Trajectory) -> dict[str, object]:
    return {
        "finding": facade.describe(drawn),
        "rows": [
            {
                "at": row.at.date().isoformat() if row.day_only else row.at.isoformat(),
                "kind": "dose" if row.is_dose else "score",
                "name": row.what,
                "value": row.value,
            }
            for row in facade.table(drawn)
        ],
    }
