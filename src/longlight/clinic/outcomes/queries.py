"""The cohort table: what became of the courses that began at the viewer's clinic.

The database chooses each course's baseline and outcome and counts the pairs; here each pair is judged once. So a clinic
of any size is read as a few hundred rows, by the same rules as one course is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from longlight.clinic.courses.rules import SessionStatus
from longlight.clinic.outcomes.rules import Group, is_small
from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.rules import FactStatus
from longlight.science import instruments, outcomes, protocols
from longlight.science.outcomes import Rate
from longlight.science.protocols import VisitKind

PARTS = (Group.WAITING, Group.MISSING, Group.SCORED)
INSTRUMENT_ID = "phq-9"  # the one that every protocol asks for
DAY_ZERO = date(2000, 1, 1)
# The number of a day, so that the rules' windows are sums of whole days in either database.
DAY_NUMBER = {
    "sqlite": "CAST(julianday({0}) - 2451544.5 AS INTEGER)",
    "postgresql": "({0} - DATE '2000-01-01')",
}

# `begun`: each course in which a dose was given, the day of the first and of the last of the phase that began it.
# `scored`: the first total of each day. `told`: per course the last score up to the first dose, and the one nearest to
# the day aimed at, the earlier of two; whether its window is still open.
TOLD = """
WITH given AS (
  SELECT course.id AS course_id, course.protocol_id, course.patient_id, dose.phase_id, {dose_day} AS day,
    FIRST_VALUE(dose.phase_id) OVER (
      PARTITION BY course.id ORDER BY dose."on", dose.dose_number, dose.id) AS first_phase
  FROM clinic_plannedsession AS dose
  JOIN clinic_course AS course ON course.id = dose.course_id
  JOIN clinic_patient AS patient ON patient.id = course.patient_id
  WHERE patient.clinic_id = %(clinic)s AND dose.kind = %(dosing)s AND dose.status = %(done)s
), begun AS (
  SELECT course_id, protocol_id, patient_id, MIN(day) AS first_day,
    MAX(CASE WHEN phase_id = first_phase THEN day END) AS last_day
  FROM given GROUP BY course_id, protocol_id, patient_id
), scored AS (
  SELECT kept.patient_id, {score_day} AS day, score.total_points,
    ROW_NUMBER() OVER (
      PARTITION BY kept.patient_id, kept."on" ORDER BY kept.clock NULLS FIRST, kept.entered_at, kept.id) AS place
  FROM clinic_assessment AS kept
  JOIN clinic_score AS score ON score.assessment_id = kept.id
  JOIN clinic_patient AS patient ON patient.id = kept.patient_id
  WHERE patient.clinic_id = %(clinic)s AND kept.instrument_id = %(instrument)s AND kept.status = %(final)s
    AND score.total_points IS NOT NULL
), baseline AS (
  SELECT begun.course_id, scored.total_points,
    ROW_NUMBER() OVER (PARTITION BY begun.course_id ORDER BY scored.day DESC) AS place
  FROM begun JOIN scored ON scored.patient_id = begun.patient_id AND scored.place = 1
    AND scored.day BETWEEN begun.first_day - %(oldest)s AND begun.first_day
), outcome AS (
  SELECT begun.course_id, scored.total_points,
    ROW_NUMBER() OVER (
      PARTITION BY begun.course_id ORDER BY ABS(scored.day - begun.last_day - %(aim)s), scored.day) AS place
  FROM begun JOIN scored ON scored.patient_id = begun.patient_id AND scored.place = 1
    AND scored.day BETWEEN begun.last_day + %(opens)s AND begun.last_day + %(closes)s
), told AS (
  SELECT begun.protocol_id, begun.patient_id, baseline.total_points AS baseline,
    outcome.total_points AS outcome,
    CASE WHEN begun.last_day + %(closes)s >= %(today)s THEN 1 ELSE 0 END AS is_open
  FROM begun
  LEFT JOIN baseline ON baseline.course_id = begun.course_id AND baseline.place = 1
  LEFT JOIN outcome ON outcome.course_id = begun.course_id AND outcome.place = 1
)
"""


@dataclass(frozen=True)
class Pair:
    """What a course counts by: its two scores, and whether its window is still open."""

    baseline_points: float | None
    outcome_points: float | None
    is_open: bool


@dataclass(frozen=True)
class Cell:
    """A number of the table; None where it is too small for this viewer."""

    group: Group
    count: int | None
    rate: Rate | None = None


@dataclass(frozen=True)
class CohortRow:
    protocol_id: str
    title: str
    cells: tuple[Cell, ...]


def cohort_table(*, viewer: Viewer, today: date) -> tuple[CohortRow, ...]:
    """A row for each protocol. To a researcher small numbers are not told. One query, however many courses."""
    counts: dict[str, dict[Group, int]] = {}
    rows = _asked(
        "SELECT protocol_id, baseline, outcome, is_open, COUNT(*) FROM told GROUP BY 1, 2, 3, 4",
        viewer, today,
    )  # fmt: skip
    for protocol_id, baseline, outcome, is_open, count in rows:
        mine = counts.setdefault(protocol_id, dict.fromkeys(Group, 0))
        for group in groups_of(Pair(baseline, outcome, bool(is_open))):
            mine[group] += count
    hides = viewer.role is Role.RESEARCHER
    return tuple(
        CohortRow(key, protocols.get(key).title, tuple(_cells(counts[key], hides=hides)))
        for key in sorted(counts)
    )


def _cells(counts: dict[Group, int], *, hides: bool) -> Iterator[Cell]:
    fewest = int(outcomes.criteria().fewest_people.value)
    # The parts make up the whole: one small part is told by the others, so then none is.
    hides_parts = any(0 < counts[part] < fewest for part in PARTS)
    for group in Group:
        is_rate = group in {Group.RESPONSE, Group.REMISSION}
        of = counts[Group.SCORED if is_rate else Group.STARTED]
        is_told_by_parts = hides_parts and group is not Group.STARTED
        if hides and (is_told_by_parts or 0 < of < fewest or is_small(counts[group], of, fewest)):
            yield Cell(group, None)
        else:
            yield Cell(
                group, counts[group], outcomes.rate_of(counts[group], of) if is_rate else None
            )


def people_behind(*, viewer: Viewer, protocol_id: str, group: Group, today: date) -> list[UUID]:
    """The ids of those whom a number counts, by name. One query; once for each course that counts."""
    rows = _asked(
        "SELECT told.patient_id, told.baseline, told.outcome, told.is_open FROM told "
        "JOIN clinic_patient AS patient ON patient.id = told.patient_id "
        "WHERE told.protocol_id = %(protocol)s ORDER BY patient.name, patient.number",
        viewer, today, protocol=protocol_id,
    )  # fmt: skip
    return [
        patient_id if isinstance(patient_id, UUID) else UUID(patient_id)
        for patient_id, baseline, outcome, is_open in rows
        if group in groups_of(Pair(baseline, outcome, bool(is_open)))
    ]


def named(patient_ids: list[UUID]) -> list[Patient]:
    """Those people, in this order."""
    found = Patient.objects.in_bulk(set(patient_ids))
    return [found[each] for each in patient_ids]


def _asked(select: str, viewer: Viewer, today: date, **more: object) -> list[tuple[Any, ...]]:
    rules = outcomes.criteria()
    day = DAY_NUMBER[connection.vendor]
    told = TOLD.format(dose_day=day.format('dose."on"'), score_day=day.format('kept."on"'))
    values = {
        "clinic": Clinic._meta.pk.get_db_prep_value(viewer.clinic_id, connection),
        "dosing": VisitKind.DOSING.value,
        "done": SessionStatus.DONE.value,
        "final": FactStatus.FINAL.value,
        "instrument": INSTRUMENT_ID,
        "oldest": int(rules.baseline_at_most_before.value),
        "aim": int(rules.window_aim.value),
        "opens": int(rules.window_from.value),
        "closes": int(rules.window_to.value),
        "today": (today - DAY_ZERO).days,
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(told + select, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@cache
def groups_of(pair: Pair) -> frozenset[Group]:
    """The groups that a course with these scores counts in."""
    if pair.baseline_points is None or pair.outcome_points is None:
        is_open = pair.baseline_points is not None and pair.is_open
        return frozenset({Group.STARTED, Group.WAITING if is_open else Group.MISSING})
    chosen = outcomes.criteria().by_instrument[INSTRUMENT_ID]
    judged = instruments.judge(
        instruments.get(INSTRUMENT_ID), pair.baseline_points, pair.outcome_points
    )
    met = {each.criterion.kind for each in judged if each.met and each.criterion.id in chosen}
    return frozenset(
        {Group.STARTED, Group.SCORED}
        | {group for group in (Group.RESPONSE, Group.REMISSION) if group.value in met}
    )
