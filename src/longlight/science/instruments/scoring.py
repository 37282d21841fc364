"""Scores one set of answers, exactly, as the definition says. The vectorised path must agree with it."""

from collections.abc import Mapping
from fractions import Fraction

from longlight.science.instruments.answers import Answers, given_values
from longlight.science.instruments.bands import (
    band_or_level,
    evidence_of,
    open_context,
    thresholds_met,
)
from longlight.science.instruments.conditions import Held, findings_of
from longlight.science.instruments.context import Context, checked_context, window_flags
from longlight.science.instruments.definition import Definition, SafetyFlag
from longlight.science.instruments.errors import AnswerRefused
from longlight.science.instruments.parts import (
    as_points,
    held_answers,
    is_prorated,
    part_value,
    total_of,
)
from longlight.science.instruments.safety import flags_of_all
from longlight.science.instruments.score import Score


def score_answers(definition: Definition, answers: Answers, context: Context) -> Score:
    facts = checked_context(context)
    numbers = (item.number for item in definition.items)
    values = dict(zip(numbers, given_values(definition, answers), strict=True))
    held = held_answers(definition, values)
    if _is_gated(definition, facts, held):
        held = {}
    subscales = {part.id: part_value(part, definition, held) for part in definition.subscales}
    total = _total(definition, held)
    band, at_least = band_or_level(definition, total, held, subscales, facts)
    safety = flags_of_all(definition, values)
    found = findings_of(definition.findings, held, subscales)
    missing = tuple(item.id for item in definition.items if held.get(item.number, 0) is None)
    prorated = total is not None and is_prorated(definition, held)
    state = (["incomplete"] if missing else []) + (["prorated"] if prorated else [])
    return Score(
        instrument=definition.id,
        version=definition.version,
        definition_hash=definition.hash,
        total=as_points(total),
        band=band,
        subscales={key: as_points(value) for key, value in subscales.items()},
        missing=missing,
        not_asked=tuple(item.id for item in definition.items if item.number not in held),
        prorated=prorated,
        flags=(
            *state,
            *_flags(definition, facts, at_least, safety),
            *(finding.id for finding in found),
        ),
        thresholds=thresholds_met(definition, total, held, subscales, facts),
        safety=safety,
        notes=(*(flag.sentence for flag in safety), *(finding.meaning for finding in found)),
        evidence=evidence_of(definition, band, facts),
    )


def _total(definition: Definition, held: Held) -> Fraction | None:
    if not held and definition.gate is not None:
        return Fraction(int(definition.gate.total))
    return total_of(definition, held)


def _is_gated(definition: Definition, context: Mapping[str, str], held: Held) -> bool:
    """Whether the question before the first item ended the form (PC-PTSD-5: no exposure)."""
    gate = definition.gate
    if gate is None or context.get(gate.context) != gate.answer:
        return False
    if any(value is not None for value in held.values()):
        raise AnswerRefused(
            f"{definition.id} asks nothing after {gate.context}={gate.answer}: "
            "leave every answer empty, or correct the context."
        )
    return True


def _flags(
    definition: Definition,
    context: Mapping[str, str],
    at_least: str | None,
    safety: tuple[SafetyFlag, ...],
) -> list[str]:
    flags = [] if at_least is None else [f"at-least:{at_least}"]
    flags += [f"band-depends-on:{key}" for key in open_context(definition, context)]
    flags += window_flags(definition, context)
    return flags + [f"safety:{flag.item_id}" for flag in safety]
