"""`longlight screen`: what a person's findings allow for an approach."""

import json
from typing import IO, Any

import click

from longlight.cli.as_json import as_json
from longlight.cli.main import Refusal
from longlight.science import protocols
from longlight.science.protocols import Answer, Assessment


@click.command(
    epilog="""\b
Examples:
  longlight screen --questions --approach medicine
  longlight screen findings.json --approach medicine
  echo '{"pregnancy-or-breastfeeding": "no"}' | longlight screen - --approach experience --json

\b
The file is a JSON object: a finding's id to yes, no or unknown.
A finding that is left out is unknown, never no."""
)
@click.argument("findings", type=click.File("r", encoding="utf-8"), required=False)
@click.option("--approach", required=True, help="medicine, talk-therapy or experience.")
@click.option(
    "--questions", is_flag=True, help="List the findings that are asked, with their sources."
)
@click.option("--json", "wants_json", is_flag=True, help="Print JSON.")
def command(findings: IO[str] | None, approach: str, questions: bool, wants_json: bool) -> None:
    """Weigh screening findings: every stop, caution and gap, and which decisions they allow.

    It decides nothing. A named person decides, with reasons.
    """
    try:
        asked = protocols.findings_for(approach)
        if questions:
            lines = (f"{f.level:<8} {f.id:<32} {f.question}  [{f.mark}: {f.source}]" for f in asked)
            click.echo(as_json(asked) if wants_json else "\n".join(lines))
            return
        if findings is None:
            raise Refusal("Give a file of findings, or '-' to read them from standard input.")
        assessment = protocols.assess(_answers(findings), approach)
    except (protocols.UnknownProtocol, protocols.UnknownFinding) as unknown:
        raise Refusal(f"{unknown} '--questions' lists the findings.") from None
    click.echo(as_json(assessment) if wants_json else "\n".join(_lines(assessment)))


def _answers(file: IO[str]) -> dict[str, Answer]:
    try:
        read: Any = json.loads(file.read().removeprefix("\ufeff"), object_pairs_hook=_once_each)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Refusal(
            f"The findings are not JSON ({fault}): write an object such as {{}}."
        ) from None
    if not isinstance(read, dict):
        raise Refusal("The findings are a JSON object: a finding's id to yes, no or unknown.")
    for finding, answer in read.items():
        if answer not in [known.value for known in Answer]:
            raise Refusal(f"'{finding}' is '{answer}': answer yes, no or unknown.")
    return {finding: Answer(answer) for finding, answer in read.items()}


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A finding that is answered twice is refused: a later "no" must not hide a "yes"."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise Refusal(f"'{twice}' is answered twice: answer it once.")
    return found


def _lines(assessment: Assessment) -> list[str]:
    possible = ", ".join(assessment.possible_outcomes)
    lines = [f"A person may decide: {possible}."]
    lines += [f"Stop: {f.question} {f.why}  [{f.mark}: {f.source}]" for f in assessment.stops]
    lines += [f"Caution: {f.question} {f.why}  [{f.mark}: {f.source}]" for f in assessment.cautions]
    lines += [f"Not known: {f.question}" for f in assessment.unknowns]
    if assessment.needs_override:
        lines.append("For 'fit', a named prescriber gives a reason for each caution.")
    return lines
