"""`longlight pk dose`: from mg/kg to mg, mL of a vial and a pump rate, with caps and warnings."""

import json
from dataclasses import asdict

import click

from longlight.cli.main import Refusal
from longlight.cli.pk_input import one_sentence
from longlight.science.pharmacokinetics.dose_arithmetic import PreparedDose, prepare_dose, vials


@click.command(
    "dose",
    epilog="""\b
Examples:
  longlight pk dose --route iv --mg-per-kg 0.5 --weight-kg 70 --duration-min 40 --vial ketamine-50 --bag-ml 100
  longlight pk dose --route im --mg-per-kg 0.9 --weight-kg 82 --vial ketamine-50 --json
  longlight pk dose --vials""",
)
@click.option("--route", help="iv, iv-bolus, im, sc, in, sl or po.")
@click.option("--mg-per-kg", type=float, help="The dose for each kilogram, as base.")
@click.option("--weight-kg", type=float, help="Today's weight.")
@click.option("--duration-min", type=float, help="How long the infusion runs (route iv).")
@click.option("--vial", help="What it is drawn up from; --vials lists them.")
@click.option(
    "--bag-ml", type=float, help="The whole volume that runs in, drug included (route iv)."
)
@click.option("--vials", "list_vials", is_flag=True, help="List the vials.")
@click.option("--json", "wants_json", is_flag=True, help="Print JSON.")
def dose_command(
    *,
    route: str | None,
    mg_per_kg: float | None,
    weight_kg: float | None,
    duration_min: float | None,
    vial: str | None,
    bag_ml: float | None,
    list_vials: bool,
    wants_json: bool,
) -> None:
    """The arithmetic of one dose with its caps and warnings: not advice, and never between routes.

    A dose above a hard cap is refused (exit 2); one that a prescriber must override says so.
    """
    if list_vials:
        known = vials().values()
        lines = "\n".join(f"{each.id:<14} {each.title}" for each in known)
        click.echo(json.dumps([asdict(each) for each in known], indent=2) if wants_json else lines)
        return
    if route is None or mg_per_kg is None or weight_kg is None:
        raise Refusal("Give --route, --mg-per-kg and --weight-kg.")
    with one_sentence():
        prepared = prepare_dose(
            route=route,
            mg_per_kg=mg_per_kg,
            weight_kg=weight_kg,
            duration_min=duration_min,
            vial=vial,
            bag_ml=bag_ml,
        )
    click.echo(
        json.dumps(prepared.as_json(), ensure_ascii=False)
        if wants_json
        else "\n".join(_lines(prepared))
    )


def _lines(dose: PreparedDose) -> list[str]:
    lines = [f"{dose.mg_per_kg:g} mg/kg × {dose.weight_kg:g} kg = {dose.dose_mg:g} mg {dose.route}"]
    if dose.vial is not None and dose.draw_up_ml is not None:
        lines.append(
            f"Draw up {dose.draw_up_ml:.4g} mL of {dose.vial.title} ({dose.vials_needed} vial(s))"
        )
    if dose.pump_rate_ml_per_h is not None:
        lines.append(f"Run {dose.infused_ml:.4g} mL at {dose.pump_rate_ml_per_h:.4g} mL/h")
    lines += [f"Warning: {sentence}" for sentence in dose.warnings]
    lines += [f"Override needed: {sentence}" for sentence in dose.overrides]
    return [*lines, f"Limits: {dose.rule_mark.value}, to be signed off by a prescriber."]
