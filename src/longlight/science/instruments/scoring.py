"""Scores one set of answers, exactly, as the definition says. The vectorised path must agree with it."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor

from longlight.science.instruments.answers import Answers, given_values
from longlight.science.instruments.conditions import Held, findings_of, level_of
from longlight.science.instruments.context import (
    Context,
    checked_context,
    matches,
    window_flags,
)
from longlight.science.instruments.definition import (
    Band,
    Definition,
    Item,
    ItemNumber,
    Part,
    Points,
    SafetyFlag,
)
from longlight.science.instruments.errors import AnswerRefused
from longlight.science.instruments.safety import flags_of_all
from longlight.science.instruments.score import Score, ThresholdMet

HALF = Fraction(1, 2)


def score_answers(definition: Definition, answers: Answers, context: Context) -> Score:
    facts = checked_context(context)
    values = dict(
        zip(
            (item.number for item in definition.items),
            given_values(definition, answers),
            strict=True,
        )
    )
    held = held_answers(definition, values)
    subscales = {part.id: part_value(part, definition, held) for part in definition.subscales}
    gated = _is_gated(definition, facts, held)
    total = Fraction(int(definition.gate.total)) if gated and definition.gate else None
    if not gated:
        total = total_of(definition, held)
    band, at_least = _band_or_level(definition, total, held, subscales, facts)
    safety = flags_of_all(definition, values)
    missing = tuple(
        item.id for item in definition.items if not gated and held.get(item.number, 0) is None
    )
    prorated = total is not None and not gated and is_prorated(definition, held)
    found = findings_of(definition.findings, held, subscales)
    return Score(
        instrument=definition.id,
        version=definition.version,
        definition_hash=definition.hash,
        total=as_points(total),
        band=band,
        subscales={key: as_points(value) for key, value in subscales.items()},
        missing=missing,
        not_asked=_not_asked(definition, held, gated),
        prorated=prorated,
        flags=_flags(definition, facts, missing, prorated, at_least, safety)
        + tuple(finding.id for finding in found),
        thresholds=_thresholds(definition, total, subscales, facts),
        safety=safety,
        notes=tuple(flag.sentence for flag in safety) + tuple(finding.meaning for finding in found),
    )


def held_answers(
    definition: Definition, values: Mapping[ItemNumber, Points | None]
) -> dict[ItemNumber, Points | None]:
    """Answers by item number; an item that did not have to be asked, and was not, has no entry."""
    held: dict[ItemNumber, Points | None] = {}
    for item in definition.items:
        value = values[item.number]
        gate = None if item.asked_if is None else values[item.asked_if]
        skipped = not item.required or (gate is not None and gate < 1)
        if value is not None or not skipped:
            held[item.number] = value
    return held


def part_value(part: Part, definition: Definition, held: Held) -> Fraction | None:
    asked = [item for item in definition.items if item.number in part.items and item.number in held]
    counted = [_counted(item, held[item.number]) for item in asked]
    answered = [value for value in counted if value is not None]
    if not answered or len(counted) - len(answered) > part.may_miss:
        return None
    if part.combine == "max":
        value = Fraction(max(answered))
    else:
        value = Fraction(sum(answered), len(answered))
        if part.combine == "sum":
            value *= len(counted)
    return value / part.divide_by


def _counted(item: Item, value: Points | None) -> int | None:
    return None if value is None else int(item.counted(value))


def total_of(definition: Definition, held: Held) -> Fraction | None:
    scoring = definition.scoring
    values = [part_value(part, definition, held) for part in scoring.parts]
    known = [value for value in values if value is not None]
    if not values or len(known) < len(values):
        return None
    total = sum(known, Fraction(0))
    if scoring.combine == "mean":
        total /= len(known)
    total = total * scoring.multiply_by / scoring.divide_by
    if scoring.whole_when_prorated and is_prorated(definition, held):
        total = Fraction(floor(total + HALF))
    return total


def is_prorated(definition: Definition, held: Held) -> bool:
    in_total = {number for part in definition.scoring.parts for number in part.items}
    return any(held.get(number, 0) is None for number in in_total)


def as_points(value: Fraction | None) -> Points | None:
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def band_of(definition: Definition, total: Points, context: Mapping[str, str]) -> str | None:
    """The band of a total; none while a fact that the bands rest on was not given."""
    chosen: list[Band] = []
    for band in definition.bands:
        fits = matches(band.context, context)
        if fits is None:
            return None
        if fits and band.low <= total <= band.high:
            chosen.append(band)
    return chosen[0].name if chosen else None


def _band_or_level(
    definition: Definition,
    total: Fraction | None,
    held: Held,
    subscales: Mapping[str, Fraction | None],
    context: Mapping[str, str],
) -> tuple[str | None, str | None]:
    if definition.levels:
        if all(value is None for value in held.values()):
            return None, None
        return level_of(definition.levels, held, subscales)
    if total is None:
        return None, None
    return band_of(definition, float(total), context), None


def _is_gated(definition: Definition, context: Mapping[str, str], held: Held) -> bool:
    gate = definition.gate
    if gate is None or context.get(gate.context) != gate.answer:
        return False
    if any(value is not None for value in held.values()):
        raise AnswerRefused(
            f"{definition.id} asks nothing after {gate.context}={gate.answer}: "
            "leave every answer empty, or correct the context."
        )
    return True


def _not_asked(definition: Definition, held: Held, gated: bool) -> tuple[str, ...]:
    return tuple(item.id for item in definition.items if gated or item.number not in held)


def _flags(
    definition: Definition,
    context: Mapping[str, str],
    missing: tuple[str, ...],
    prorated: bool,
    at_least: str | None,
    safety: tuple[SafetyFlag, ...],
) -> tuple[str, ...]:
    flags = ["incomplete"] if missing else []
    if prorated:
        flags.append("prorated")
    if at_least is not None:
        flags.append(f"at-least:{at_least}")
    flags += [f"band-depends-on:{key}" for key in _open_context(definition, context)]
    flags += window_flags(definition, context)
    return tuple(flags + [f"safety:{flag.item_id}" for flag in safety])


def _open_context(definition: Definition, context: Mapping[str, str]) -> list[str]:
    keys = {key for band in definition.bands for key in band.context}
    return sorted(keys - set(context))


def _thresholds(
    definition: Definition,
    total: Fraction | None,
    subscales: Mapping[str, Fraction | None],
    context: Mapping[str, str],
) -> tuple[ThresholdMet, ...]:
    found: list[ThresholdMet] = []
    for each in definition.thresholds:
        if matches(each.context, context) is False:
            continue
        value = total if each.of == "total" else subscales[each.of]
        met = None if value is None else _reaches(float(value), each.at_least, each.at_most)
        found.append(
            ThresholdMet(
                each.id, each.meaning, each.of, each.at_least, each.at_most, each.context, met
            )
        )
    return tuple(found)


def _reaches(value: Points, at_least: Points | None, at_most: Points | None) -> bool:
    return (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
