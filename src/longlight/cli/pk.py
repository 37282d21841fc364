"""`longlight pk`: concentrations of one person; `pk models`, `pk population`, `pk dose` beside it."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from longlight import pk
from longlight.cli.main import Refusal
from longlight.cli.pk_dose import dose_command
from longlight.cli.pk_input import absorptions_of, covariates_of, doses_of, minutes, one_sentence
from longlight.cli.pk_plot import check_path, draw
from longlight.cli.pk_population import population_command

ROUTE_HELP = "iv, iv-bolus, im, sc, in, sl or po; only those that the model has."


@click.group(
    invoke_without_command=True,
    subcommand_metavar="[COMMAND]",
    epilog="""\b
Examples:
  longlight pk --model kamp-2020 --route iv --dose-mg 35 --duration-min 40 --weight-kg 70 --at-min 5,40,60
  longlight pk --model perez-ruixo-2021 --route in --dose-mg 56 --covariate age=70 --at-min 20,40,120 --json
  longlight pk --model simons-2022 --dose sl:50@0 --dose iv:20@360/20 --at-min 30,380 --plot film.svg
  longlight pk --model kamp-2020 --dose iv:35@0/40 --pause-min 10-15 --stop-at-min 35 --at-min 40
  longlight pk --model kamp-2020 --route im --dose-mg 35 --absorption im-kamp-2020 --at-min 22
  longlight pk models
  longlight pk dose --route iv --mg-per-kg 0.5 --weight-kg 70 --duration-min 40 --vial ketamine-50""",
)
@click.option("--model", "model_id", help="A published model; `longlight pk models` lists them.")
@click.option("--route", help=ROUTE_HELP)
@click.option("--dose-mg", type=float, help="Milligrams of the model's drug, as base.")
@click.option("--duration-min", type=float, help="How long the infusion runs (route iv).")
@click.option(
    "--dose",
    "dose_texts",
    multiple=True,
    metavar="ROUTE:MG@START_MIN/DURATION_MIN",
    help="A dose; repeat it for several. Only an infusion has a duration.",
)
@click.option(
    "--pause-min",
    "pauses",
    multiple=True,
    metavar="START-END",
    help="Halt the infusion; the rest runs later.",
)
@click.option("--stop-at-min", type=float, help="End the infusion early; the rest is not given.")
@click.option(
    "--rate",
    "rates",
    multiple=True,
    metavar="FROM_MIN:MG_PER_MIN",
    help="An infusion by its pump rate from a minute on; repeat it for each change, 0 ends it.",
)
@click.option(
    "--salt",
    default="base",
    show_default=True,
    help="What the milligrams are of: base or hydrochloride.",
)
@click.option(
    "--weight-kg",
    type=float,
    help="Body weight; a model that needs it says what it assumed without.",
)
@click.option(
    "--covariate",
    "covariates",
    multiple=True,
    metavar="NAME=VALUE",
    help="What else the model asks, e.g. age=70.",
)
@click.option(
    "--absorption",
    "absorptions",
    multiple=True,
    metavar="ID",
    help="Assume this absorption on a model of intravenous data.",
)
@click.option("--at-min", help="Minutes to answer for, separated by commas.")
@click.option(
    "--above-ng-per-ml", type=float, help="Also say how long the plasma stays above this."
)
@click.option("--auc-to-min", type=float, help="Also give the area from 0 to this minute.")
@click.option(
    "--plot",
    "plot_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw it: a .svg or .png file.",
)
@click.option(
    "--compare", multiple=True, metavar="MODEL", help="Draw this model's curve beside it."
)
@click.option("--json", "wants_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Ketamine concentrations from a published model: a typical person, not a measurement.

    Each answer names the model, where its blood was drawn (arterial and venous models differ about twofold at the end
    of an infusion) and whom it was made from. Concentration does not predict antidepressant response.
    """
    if context.invoked_subcommand is None:
        with one_sentence():
            _answer(**options)


def _answer(
    *,
    model_id: str | None,
    at_min: str | None,
    plot_path: Path | None,
    compare: tuple[str, ...],
    wants_json: bool,
    above_ng_per_ml: float | None,
    auc_to_min: float | None,
    **what: Any,
) -> None:
    if model_id is None:
        raise Refusal("Name a model with --model: 'longlight pk models' lists them.")
    model = pk.model(model_id)
    if plot_path is not None:
        check_path(plot_path)
    elif compare:
        raise Refusal("--compare goes with --plot: name the file of the figure.")
    if at_min is None and (plot_path is None or wants_json):
        raise Refusal("Say which minutes to answer for with --at-min, as --at-min 5,40,60.")
    scenario = {
        "weight_kg": what.pop("weight_kg"),
        "covariates": covariates_of(what.pop("covariates")),
        "absorption": absorptions_of(what.pop("absorptions")),
    }
    doses = doses_of(**what)
    curve = model.curve(doses, at_min=[0.0] if at_min is None else minutes(at_min), **scenario)
    extra = _extra(curve, above_ng_per_ml, auc_to_min)
    if plot_path is not None:
        draw([model, *(pk.model(name) for name in compare)], doses, scenario, plot_path)
    if wants_json:
        click.echo(json.dumps({**curve.as_json(), **extra}, ensure_ascii=False))
        return
    if at_min is not None:
        click.echo("\n".join(_lines(curve, extra)))
    if plot_path is not None:
        click.echo(f"Drawn: {plot_path}")


def _extra(curve: pk.Curve, above: float | None, auc_to_min: float | None) -> dict[str, float]:
    extra: dict[str, float] = {}
    if above is not None:
        extra["above_ng_per_ml"] = above
        extra["time_above_min"] = curve.time_above_min(above)
    if auc_to_min is not None:
        extra["auc_to_min"] = auc_to_min
        extra["auc_ng_min_per_ml"] = curve.auc_ng_min_per_ml(auc_to_min)
    return extra


def _lines(curve: pk.Curve, extra: dict[str, float]) -> Iterator[str]:
    model = curve.scenario.model
    yield f"{model.title}: {model.drug}, {model.sampling} plasma. {model.population}."
    columns: list[tuple[str, Sequence[float]]] = [
        ("min", curve.t_min.tolist()),
        ("plasma ng/mL", curve.plasma_ng_per_ml.tolist()),
    ]
    if curve.effect_site_ng_per_ml is not None:
        columns.append(("effect site", curve.effect_site_ng_per_ml.tolist()))
    columns += [(name, values.tolist()) for name, values in curve.metabolite_ng_per_ml.items()]
    yield "  ".join(f"{name:>12}" for name, _ in columns)
    for row in zip(*(values for _, values in columns), strict=True):
        yield "  ".join(
            f"{number:>{max(12, len(name))}.6g}"
            for number, (name, _) in zip(row, columns, strict=True)
        )
    yield f"Cmax {curve.cmax_ng_per_ml:.6g} ng/mL at {curve.tmax_min:.6g} min; AUC to infinity {curve.auc_inf_ng_min_per_ml:.6g} ng·min/mL"
    if "time_above_min" in extra:
        yield f"Above {extra['above_ng_per_ml']:g} ng/mL for {extra['time_above_min']:.6g} min"
    if "auc_ng_min_per_ml" in extra:
        yield f"AUC to {extra['auc_to_min']:g} min {extra['auc_ng_min_per_ml']:.6g} ng·min/mL"
    yield from curve.notes


@command.command(
    "models",
    epilog="""\b
Examples:
  longlight pk models
  longlight pk models --json""",
)
@click.option("--json", "wants_json", is_flag=True, help="Print JSON.")
def models(wants_json: bool) -> None:
    """Every model: routes, covariates, analytes, sampling site; and what is missing where it cannot run."""
    found = pk.models()
    if wants_json:
        click.echo(json.dumps([model.describe() for model in found], indent=2, ensure_ascii=False))
        return
    for model in found:
        click.echo(f"{model.id:<22} {model.title}")
        if not model.complete:
            click.echo(f"{'':<22} cannot run; missing: {'; '.join(model.missing)}")
            continue
        click.echo(
            f"{'':<22} {model.drug}; {model.sampling} sampling; routes {', '.join(model.routes)}"
        )
        click.echo(
            f"{'':<22} analytes {', '.join(model.analytes)}; covariates {', '.join(model.covariates)}"
        )


@command.command(
    "absorptions",
    epilog="""\b
Examples:
  longlight pk absorptions
  longlight pk absorptions --json""",
)
@click.option("--json", "wants_json", is_flag=True, help="Print JSON.")
def absorptions(wants_json: bool) -> None:
    """Absorption files that may be assumed on a model of intravenous data with --absorption."""
    found = [pk.absorption(name) for name in pk.absorption_ids()]
    if wants_json:
        click.echo(json.dumps([each.describe() for each in found], indent=2, ensure_ascii=False))
        return
    for each in found:
        click.echo(
            f"{each.id:<20} {each.route}  F {each.bioavailability_share:g} ({each.bioavailability_mark}), "
            f"ka {each.ka_per_min:g} per min ({each.ka_mark})"
        )


command.add_command(population_command)
command.add_command(dose_command)
