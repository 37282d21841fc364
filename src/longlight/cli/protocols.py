"""`longlight protocols`: versioned recipes of treatment, every number with its source."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import click

from longlight.cli.as_json import as_json, plain
from longlight.cli.main import Refusal
from longlight.science import protocols
from longlight.science.protocols import PlannedSession, Protocol, Sourced


@click.command(
    epilog="""\b
Examples:
  longlight protocols
  longlight protocols iv-twice-weekly
  longlight protocols iv-twice-weekly --json
  longlight protocols im-experience --plan 2027-01-04"""
)
@click.argument("protocol_id", metavar="[ID]", required=False)
@click.option("--version", "version", help="A version of it; the newest when left out.")
@click.option(
    "--approach", help="Only protocols of this approach: medicine, talk-therapy, experience."
)
@click.option(
    "--plan",
    "first_dose",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Print the sessions of a course whose first dose is on DATE (year-month-day).",
)
@click.option("--json", "wants_json", is_flag=True, help="Print JSON.")
def command(
    protocol_id: str | None,
    version: str | None,
    approach: str | None,
    first_dose: datetime | None,
    wants_json: bool,
) -> None:
    """Treatment protocols; with an ID, one of them in full.

    Each number carries its source and a mark. What is marked choice or recalled needs a prescriber's sign-off before
    it gates care.
    """
    if protocol_id is None:
        if version or first_dose:
            raise Refusal("Name a protocol: for example  longlight protocols iv-twice-weekly")
        chosen = _of_approach(approach)
        click.echo(as_json([_with_hash(p) for p in chosen]) if wants_json else _listed(chosen))
        return
    protocol = _get(protocol_id, version)
    if first_dose is not None:
        planned = _plan(protocol, first_dose.date())
        click.echo(as_json(planned) if wants_json else "\n".join(map(_session_line, planned)))
        return
    click.echo(as_json(_with_hash(protocol)) if wants_json else "\n".join(_lines(protocol)))


def _plan(protocol: Protocol, first_dose: date) -> tuple[PlannedSession, ...]:
    try:
        return protocols.plan_sessions(protocol, first_dose)
    except OverflowError:
        raise Refusal("The calendar ends before this course does: give an earlier date.") from None


def _get(protocol_id: str, version: str | None) -> Protocol:
    try:
        return protocols.get(protocol_id, version)
    except protocols.UnknownProtocol as unknown:
        raise Refusal(f"{unknown} 'longlight protocols' lists them all.") from None


def _of_approach(approach: str | None) -> list[Protocol]:
    if approach is None:
        return list(protocols.all())
    try:
        known = protocols.approach(approach)
    except protocols.UnknownProtocol as unknown:
        raise Refusal(str(unknown)) from None
    return [p for p in protocols.all() if p.approach == known.id]


def _with_hash(protocol: Protocol) -> dict[str, Any]:
    named = plain(protocol)
    assert isinstance(named, dict)
    return named | {"sha256": protocols.content_hash(protocol)}


def _listed(chosen: Iterable[Protocol]) -> str:
    return "\n".join(f"{p.id:<26} v{p.version:<4} {p.approach:<14} {p.title}" for p in chosen)


def _lines(protocol: Protocol) -> Iterable[str]:
    yield f"{protocol.title}  (version {protocol.version}, {protocol.approach})"
    yield protocol.summary
    yield protocol.legal_status.text
    dose = protocol.dose
    over = f" over {_amount(dose.duration)}" if dose.duration else ""
    yield f"Dose: {dose.drug}, {_amount(dose.start)} {dose.route}{over}  [{dose.start.mark}: {dose.start.source}]"
    for phase in protocol.phases:
        offsets = ", ".join(map(str, protocols.dose_day_offsets(phase)))
        yield f"{phase.title}: {phase.rule.text}" + (f" Days {offsets}." if offsets else "")
    for rule in protocol.course_rules:
        yield f"Rule: {rule.text}  [{rule.mark}: {rule.source}]"
    yield from (f"Note: {note}" for note in protocol.notes)
    unseen = [n for n in protocols.sourced_numbers(protocol) if n.mark.needs_the_prescriber]
    yield f"{len(unseen)} numbers are a choice or recalled: a prescriber signs them off before they gate care."
    yield f"sha256 {protocols.content_hash(protocol)}"


def _amount(number: Sourced) -> str:
    return f"{number.value} {number.unit}"


def _session_line(session: PlannedSession) -> str:
    moved = f"  ({_day(session.earliest)} to {_day(session.latest)})" if session.latest else ""
    optional = "  optional" if session.is_optional else ""
    return f"{session.on}  {session.kind:<12} {session.title}{moved}{optional}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "any day"
