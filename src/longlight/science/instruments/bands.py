"""What a number means: its band, and which published cuts it reaches."""

from collections.abc import Mapping
from fractions import Fraction

from longlight.science.instruments.conditions import Held, level_of
from longlight.science.instruments.context import matches
from longlight.science.instruments.definition import (
    Definition,
    Part,
    Points,
    Sourced,
    Threshold,
)
from longlight.science.instruments.parts import part_value
from longlight.science.instruments.score import ThresholdMet


def band_of(definition: Definition, total: Points, context: Mapping[str, str]) -> str | None:
    """The band of a total; none while a fact that the bands rest on was not given."""
    if open_context(definition, context):
        return None
    for band in definition.bands:
        if matches(band.context, context) and band.low <= total <= band.high:
            return band.name
    return None


def band_or_level(
    definition: Definition,
    total: Fraction | None,
    held: Held,
    subscales: Mapping[str, Fraction | None],
    context: Mapping[str, str],
) -> tuple[str | None, str | None]:
    """The band, and where answers leave it open, the level that is sure already."""
    if definition.levels:
        if all(value is None for value in held.values()):
            return None, None
        return level_of(definition.levels, held, subscales)
    if total is None:
        return None, None
    return band_of(definition, float(total), context), None


def evidence_of(
    definition: Definition, band: str | None, context: Mapping[str, str]
) -> dict[str, Sourced]:
    """Where the rules behind a score come from, and how far each was checked."""
    scoring = definition.scoring
    evidence = {"scoring": scoring.evidence, "missing": scoring.missing_evidence}
    for level in definition.levels:
        if level.name == band:
            evidence["band"] = level.evidence
    for each in definition.bands:
        if each.name == band and matches(each.context, context):
            evidence["band"] = each.evidence
    return evidence


def open_context(definition: Definition, context: Mapping[str, str]) -> list[str]:
    """Facts that the bands rest on and that were not given."""
    keys = {key for band in definition.bands for key in band.context}
    return sorted(keys - set(context))


def thresholds_met(
    definition: Definition,
    total: Fraction | None,
    held: Held,
    subscales: Mapping[str, Fraction | None],
    context: Mapping[str, str],
) -> tuple[ThresholdMet, ...]:
    """Every cut that may hold in this context, each with what it is for; none is preferred."""
    found: list[ThresholdMet] = []
    for each in definition.thresholds:
        if matches(each.context, context) is False:
            continue
        if each.of == "items":
            value = part_value(Part(each.id, "", each.items), definition, held)
        else:
            value = total if each.of == "total" else subscales[each.of]
        found.append(
            ThresholdMet(
                each.id,
                each.meaning,
                each.of,
                each.at_least,
                each.at_most,
                each.context,
                None if value is None else is_reached(each, float(value)),
                each.evidence,
            )
        )
    return tuple(found)


def is_reached(threshold: Threshold, value: Points) -> bool:
    above = threshold.at_least is None or value >= threshold.at_least
    return above and (threshold.at_most is None or value <= threshold.at_most)
