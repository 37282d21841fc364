"""The figure in words: what it shows, which way is better, and the table of the same data.

Every sentence goes through `gettext`, so that a page can translate it; without one it stays English.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from longlight.science.trajectory import DosePoint, Scale, ScorePoint, Trajectory

Translate: TypeAlias = Callable[[str], str]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def same(text: str) -> str:
    return text


def day_name(at: datetime, gettext: Translate = same) -> str:
    return f"{at.day} {gettext(MONTHS[at.month - 1])} {at.year}"


def direction(scale: Scale, gettext: Translate = same) -> str:
    """Which way is better, for the axis. Empty when nobody said so."""
    if scale.lower_is_better is None:
        return ""
    return gettext("fewer symptoms ↓") if scale.lower_is_better else gettext("better ↑")


def direction_sentence(scale: Scale, gettext: Translate = same) -> str:
    if scale.lower_is_better is None:
        return ""
    if scale.lower_is_better:
        return gettext("Lower means fewer symptoms.")
    return gettext("Higher is better.")


def finding(
    trajectory: Trajectory, scale: Scale, instrument: str, gettext: Translate = same
) -> str:
    """What one instrument's scores did, in sentences: first, the turn between, last, what is missing."""
    points = trajectory.of_instrument(instrument)
    answered = [point for point in points if point.value_points is not None]
    sentences = [_course(answered, scale, gettext)] if answered else []
    missed = len(points) - len(answered)
    if missed == 1:
        sentences.append(gettext("One check-in was not answered."))
    elif missed:
        sentences.append(gettext("{count} check-ins were not answered.").format(count=missed))
    sentences.append(direction_sentence(scale, gettext))
    return " ".join(sentence for sentence in sentences if sentence)


def _course(answered: Sequence[ScorePoint], scale: Scale, gettext: Translate) -> str:
    first, last = answered[0], answered[-1]
    only = gettext("{instrument} was {value} on {day}.")
    begin = only.format(
        instrument=scale.name, value=_number(first), day=day_name(first.at, gettext)
    )
    if len(answered) == 1:
        return begin
    turn = _turn(answered)
    end = gettext("It was {value} on {day}, the last of {count} scores.").format(
        value=_number(last), day=day_name(last.at, gettext), count=len(answered)
    )
    if turn is None:
        return f"{begin} {end}"
    told = (
        gettext("It was lowest, {value}, on {day}.")
        if _value(turn) < _value(first)
        else gettext("It was highest, {value}, on {day}.")
    )
    middle = told.format(value=_number(turn), day=day_name(turn.at, gettext))
    return f"{begin} {middle} {end}"


def _turn(answered: Sequence[ScorePoint]) -> ScorePoint | None:
    """The score furthest outside what the first and the last span, when there is one."""
    low, high = sorted((_value(answered[0]), _value(answered[-1])))
    outside = [point for point in answered if not low <= _value(point) <= high]
    if not outside:
        return None
    return max(outside, key=lambda point: max(low - _value(point), _value(point) - high))


def _value(point: ScorePoint) -> float:
    assert point.value_points is not None
    return point.value_points


def _number(point: ScorePoint) -> str:
    return f"{point.value_points:g}"


def doses_sentence(doses: Sequence[DosePoint], gettext: Translate = same) -> str:
    """How many treatments of which kind are marked."""
    if not doses:
        return ""
    kinds = dict.fromkeys(dose.kind for dose in doses)
    counts = ", ".join(f"{kind} {sum(d.kind == kind for d in doses)}" for kind in kinds)
    return gettext("Treatments marked: {counts}.").format(counts=counts)


def description(trajectory: Trajectory, scales: dict[str, Scale], gettext: Translate = same) -> str:
    """The whole figure in words, for its `desc`."""
    told = [finding(trajectory, scales[name], name, gettext) for name in trajectory.instruments]
    told.append(doses_sentence(trajectory.doses, gettext))
    return " ".join(sentence for sentence in told if sentence)


def title(scales: dict[str, Scale], gettext: Translate = same) -> str:
    names = gettext(" and ").join(scale.name for scale in scales.values())
    return gettext("{instruments} over time").format(instruments=names)


@dataclass(frozen=True)
class TableRow:
    """One line of the table under a figure."""

    at: datetime
    day_only: bool
    what: str
    value: str
    is_dose: bool = False


def table(
    trajectory: Trajectory, scales: dict[str, Scale], gettext: Translate = same
) -> list[TableRow]:
    """The same data as the figure, in order of time: every score, every unanswered check-in, every dose."""
    rows = [
        TableRow(
            point.at,
            point.day_only,
            scales[point.instrument].name,
            gettext("not answered") if point.value_points is None else _number(point),
        )
        for point in trajectory.scores
    ]
    rows += [
        TableRow(dose.at, dose.day_only, dose.kind, amount(dose, gettext), is_dose=True)
        for dose in trajectory.doses
    ]
    return sorted(rows, key=lambda row: row.at)


def amount(dose: DosePoint, gettext: Translate = same) -> str:
    if dose.dose_mg is not None:
        return f"{dose.dose_mg:g} mg"
    if dose.dose_of_no_unit is not None:
        return gettext("{amount}, unit not given").format(amount=f"{dose.dose_of_no_unit:g}")
    return "" if dose.dose_mg_per_kg is None else f"{dose.dose_mg_per_kg:g} mg/kg"
