"""`longlight pk population`: peak and area of many simulated patients."""

import csv
import json
import sys
from pathlib import Path

import click

from longlight import pk
from longlight.cli.main import Refusal
from longlight.cli.pk_input import absorptions_of, covariates_of, one_sentence
from longlight.science.pharmacokinetics.dosing import number
from longlight.science.pharmacokinetics.populations import (
    Population,
    check_population,
    choose_engine,
    population,
)

COLUMNS = ["at_min", "route", "mg", "duration_min"]


@click.command(
    "population",
    epilog="""\b
Examples:
  longlight pk population --model herd-2007 --patients 1000000 --course course.csv --seed 1 --json
  longlight pk population --model perez-ruixo-2021 --patients 5000 --course spray.csv --covariate age=70
\b
A course is a CSV file with the columns at_min,route,mg,duration_min:
  at_min,route,mg,duration_min
  0,iv,35,40
  4320,iv,35,40""",
)
@click.option("--model", "model_id", required=True, help="A model with published variability.")
@click.option("--patients", type=int, required=True, help="How many to simulate.")
@click.option(
    "--course",
    "course_path",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="CSV of the doses: at_min,route,mg,duration_min.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same patients.")
@click.option(
    "--salt", default="base", show_default=True, help="What the mg are of: base or hydrochloride."
)
@click.option("--weight-kg", type=float, help="Everybody's weight.")
@click.option(
    "--covariate", "covariates", multiple=True, metavar="NAME=VALUE", help="Everybody's covariate."
)
@click.option(
    "--absorption", "absorptions", multiple=True, metavar="ID", help="Assume this absorption."
)
@click.option(
    "--engine", help="numba (with the extra 'fast') or numpy; the fastest one installed by default."
)
@click.option("--json", "wants_json", is_flag=True, help="Print JSON.")
def population_command(
    *,
    model_id: str,
    patients: int,
    course_path: Path,
    seed: int,
    salt: str,
    weight_kg: float | None,
    covariates: tuple[str, ...],
    absorptions: tuple[str, ...],
    engine: str | None,
    wants_json: bool,
) -> None:
    """Plasma peak and area of simulated patients after a course, in memory that does not grow with them.

    A patient has the same random numbers whatever the number of patients, threads or engine. Without the extra 'fast'
    NumPy does the same work, slower.
    """
    with one_sentence():
        scenario = pk.model(model_id).scenario(
            read_course(course_path, salt),
            weight_kg=weight_kg,
            covariates=covariates_of(covariates),
            absorption=absorptions_of(absorptions),
        )
        check_population(scenario, patients, seed)
        chosen = choose_engine(engine)
        with click.progressbar(
            length=patients,
            label=f"{model_id} ({chosen})",
            file=sys.stderr,
        ) as bar:
            result = population(
                scenario, patients=patients, seed=seed, engine=chosen, progress=bar.update
            )
    if wants_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(result)))


def read_course(path: Path, salt: str) -> list[pk.Dose]:
    """The doses of a course file, or a sentence that names the line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Refusal(f"There is no file {path}: check the name after --course.") from None
    except OSError as error:
        raise Refusal(f"The course {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise Refusal(f"The course {path} is not in UTF-8: save it as CSV in UTF-8.") from None
    rows = csv.reader(text.splitlines())
    header = [name.strip() for name in next(rows, [])]
    if header != COLUMNS:
        raise Refusal(f"The course {path} needs the header {','.join(COLUMNS)}.")
    doses = [_dose(row, line, path, salt) for line, row in enumerate(rows, start=2) if any(row)]
    if not doses:
        raise Refusal(f"The course {path} has no dose: give at least one line below the header.")
    return doses


def _dose(row: list[str], line: int, path: Path, salt: str) -> pk.Dose:
    try:
        if len(row) != len(COLUMNS):
            raise pk.CannotCompute(f"It has {len(row)} fields, not {len(COLUMNS)}.")
        at, route, mg, duration = (field.strip() for field in row)
        return pk.Dose(
            route,
            pk.as_base_mg(number(mg, "a dose in mg"), salt),
            number(at, "a start in minutes"),
            number(duration or "0", "a duration in minutes"),
        )
    except pk.CannotCompute as refused:
        raise Refusal(f"Line {line} of {path}: {refused}") from None


def _lines(result: Population) -> list[str]:
    lines = [
        f"{result.patients} patients of {result.scenario.model.id}, seed {result.seed}, {result.engine}"
    ]
    for name, tally in (
        ("Cmax ng/mL", result.cmax_ng_per_ml),
        ("tmax min", result.tmax_min),
        ("AUC ng·min/mL", result.auc_inf_ng_min_per_ml),
    ):
        low, middle, high = (tally.percentile(percent) for percent in (5.0, 50.0, 95.0))
        lines.append(f"{name:<14} median {middle:.5g}, 5-95 % {low:.5g} to {high:.5g}")
    return lines + result.scenario.notes
