"""`longlight evidence`: published trials and what they found, with how far each number was checked."""

from collections.abc import Iterable

import click

from longlight.cli.as_json import as_json
from longlight.cli.main import Refusal
from longlight.science import evidence
from longlight.science.evidence import EvidenceRecord, Number

# One word per line of the list, so that a mark is seen at a glance.
UNITS = {"percent": "%", "mg-per-kg": "mg/kg", "mmhg": "mmHg", "people": "people"}


@click.command(
    epilog="""\b
Examples:
  longlight evidence
  longlight evidence --condition ptsd
  longlight evidence --approach talk-therapy --json
  longlight evidence anand-2023-elektd
  longlight evidence anand-2023-elektd --json"""
)
@click.argument("record_id", metavar="[ID]", required=False)
@click.option("--condition", help="Only records about this condition, e.g. depression.")
@click.option("--approach", help="Only records that bear on this approach, e.g. talk-therapy.")
@click.option("--json", "wants_json", is_flag=True, help="Print JSON.")
def command(
    record_id: str | None, condition: str | None, approach: str | None, wants_json: bool
) -> None:
    """Published trials and cohorts; with an ID, one of them with its numbers.

    Each number carries a mark: read, read-secondary, derived, inferred, choice or recalled. Only what was read is
    shown to patients.
    """
    if record_id is not None:
        _show_one(record_id, wants_json)
        return
    _require_known("condition", condition, evidence.conditions())
    _require_known("approach", approach, evidence.approaches())
    records = evidence.about(evidence.all(), condition=condition, approach=approach)
    click.echo(as_json(records) if wants_json else "\n".join(_list_lines(records)))


def _show_one(record_id: str, wants_json: bool) -> None:
    try:
        record = evidence.get(record_id)
    except evidence.UnknownEvidence as unknown:
        raise Refusal(f"{unknown} 'longlight evidence' lists them all.") from None
    click.echo(as_json(record) if wants_json else "\n".join(_record_lines(record)))


def _require_known(option: str, given: str | None, known: tuple[str, ...]) -> None:
    if given is not None and given not in known:
        raise Refusal(f"There is no {option} '{given}': choose one of {', '.join(known)}.")


def _list_lines(records: Iterable[EvidenceRecord]) -> Iterable[str]:
    for record in records:
        read = sum(1 for number in record.numbers if evidence.shown_to_patients(number))
        kind = record.design.type.replace("-", " ")
        numbers = f"{read} of {len(record.numbers)} numbers read"
        yield f"{record.id:<32} {record.citation.label:<36} {kind:<24} {numbers}"


def _record_lines(record: EvidenceRecord) -> Iterable[str]:
    yield record.citation.text
    if record.citation.url:
        yield record.citation.url
    yield f"Design: {record.design.type}" + _after(", against ", record.design.control)
    yield f"People: {record.population.who}" + _after("; ", record.population.setting)
    for number in record.numbers:
        yield f"  {number.id:<62} {_printed(number):<28} {number.mark}, {number.read_in}"
        yield from (f"      {text}" for text in (number.finding, number.note) if text)
    yield from (f"Note: {note}" for note in record.notes)


def _printed(number: Number) -> str:
    if number.value is None and number.low is None:
        return "in words"
    unit = UNITS.get(number.unit or "", (number.unit or "").replace("-", " "))
    between = "" if number.low is None or number.high is None else f"{number.low} to {number.high}"
    if number.value is None:
        return f"{between or number.low} {unit}"
    return f"{number.value} {unit}" + (f" ({between})" if between else "")


def _after(before: str, text: str | None) -> str:
    return before + text if text else ""
