"""`longlight instruments`: the rating scales that are known, or all that is known of one."""

import json
from typing import Any

import click

from longlight.cli.main import Refusal
from longlight.science.instruments import Instrument, InstrumentError, catalogue, indications
from longlight.science.instruments.description import described

EPILOG = """\b
Examples:
  longlight instruments
  longlight instruments phq-9
  longlight instruments phq-9 --json
  longlight instruments --indications
"""

TEXT_WORDS = {
    "shipped": "wording included",
    "held": "numbers only until an edition is chosen",
    "site": "wording added by the site",
    "numbers-only": "numbers only",
}


@click.command(epilog=EPILOG)
@click.argument("instrument_id", metavar="[ID]", required=False)
@click.option(
    "--version", "version", metavar="VERSION", help="Show this version of the instrument."
)
@click.option("--indications", "by_indication", is_flag=True, help="List the sets by condition.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    instrument_id: str | None, version: str | None, by_indication: bool, as_json: bool
) -> None:
    """List rating scales, or show one: its items, scoring, bands, criteria and licence."""
    if instrument_id is None:
        found = _indications() if by_indication else _listed()
        click.echo(json.dumps(found, indent=2, ensure_ascii=False) if as_json else _lines(found))
        return
    try:
        instrument = catalogue.get(instrument_id, version)
    except InstrumentError as error:
        raise Refusal(str(error)) from error
    if as_json:
        click.echo(json.dumps(described(instrument), indent=2, ensure_ascii=False))
    else:
        click.echo(_shown(instrument))


def _listed() -> list[dict[str, Any]]:
    return [
        {
            "id": instrument.id,
            "title": instrument.title,
            "items": len(instrument.items),
            "completed_by": instrument.completed_by,
            "text": TEXT_WORDS[instrument.licence.text],
        }
        for instrument in map(catalogue.get, catalogue.ids())
    ]


def _indications() -> list[dict[str, Any]]:
    return [
        {
            "id": each.id,
            "title": each.title,
            "instruments": list(each.instruments),
            "first_choice": each.first_choice,
            "missing": list(each.missing),
        }
        for each in indications()
    ]


def _lines(found: list[dict[str, Any]]) -> str:
    if "items" in found[0]:
        return "\n".join(f"{row['id']:<24}{row['title']} ({row['text']})" for row in found)
    blocks: list[str] = []
    for row in found:
        blocks += [row["title"], f"  {', '.join(row['instruments'])}"]
        blocks += [f"  missing: {sentence}" for sentence in row["missing"]]
    return "\n".join(blocks)


def _shown(instrument: Instrument) -> str:
    total = "none" if instrument.total_range is None else "{} to {}".format(*instrument.total_range)
    lines = [
        f"{instrument.title}, version {instrument.version}",
        f"{instrument.completed_by}; {instrument.window.label}; {instrument.direction}",
        f"licence: {instrument.licence.line} ({TEXT_WORDS[instrument.licence.text]})",
        f"total: {total} [{instrument.scoring.evidence.mark}]",
        f"missing: {instrument.scoring.missing_rule} [{instrument.scoring.missing_evidence.mark}]",
        *instrument.notes,
        "",
        "columns of a CSV, in item order:",
        f"  {','.join(item.id for item in instrument.items)}",
    ]
    lines += [_item_line(instrument, number) for number in range(len(instrument.items))]
    for band in instrument.bands:
        context = "".join(f" ({key}={value})" for key, value in band.context.items())
        lines.append(f"band {band.low}-{band.high}: {band.name}{context} [{band.evidence.mark}]")
    lines += [f"level: {each.name} [{each.evidence.mark}]" for each in instrument.levels]
    lines += [
        f"cut-off {each.id}: {each.meaning} [{each.evidence.mark}]"
        for each in instrument.thresholds
    ]
    lines += [f"safety: {rule.sentence} [{rule.evidence.mark}]" for rule in instrument.safety_rules]
    lines += [
        f"{each.kind}, {each.id}: {each.meaning} [{each.evidence.mark}]"
        for each in instrument.criteria
    ]
    return "\n".join(lines)


def _item_line(instrument: Instrument, index: int) -> str:
    item = instrument.items[index]
    pack = instrument.text()
    wording = "" if pack is None else pack.item(item.number).text.replace("\n", " ")
    values = f"{item.minimum:g}-{item.maximum:g}"
    return f"  {item.id:<24}{values:<8}{wording}".rstrip()
