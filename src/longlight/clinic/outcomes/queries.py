"""The cohort table: what became of the courses that began at the viewer's clinic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.courses.rules import SessionStatus
from longlight.clinic.followup.queries import scores_by_instrument
from longlight.clinic.outcomes.rules import Group, is_small
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.science import instruments, outcomes, protocols
from longlight.science.outcomes import DatedScore, Rate
from longlight.science.protocols import VisitKind

PARTS = (Group.WAITING, Group.MISSING, Group.SCORED)
INSTRUMENT_ID = "phq-9"  # the one that every protocol asks for


@dataclass(frozen=True)
class Member:
    """One course that began, and the groups it counts in."""

    protocol_id: str
    patient: Patient
    groups: frozenset[Group]


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
    """A row for each protocol. To a researcher small numbers are not told."""
    by_protocol: dict[str, list[Member]] = {}
    for member in members(viewer=viewer, today=today):
        by_protocol.setdefault(member.protocol_id, []).append(member)
    hides = viewer.role is Role.RESEARCHER
    return tuple(
        CohortRow(key, protocols.get(key).title, tuple(_cells(by_protocol[key], hides=hides)))
        for key in sorted(by_protocol)
    )


def _cells(found: list[Member], *, hides: bool) -> Iterator[Cell]:
    counts = {group: sum(group in each.groups for each in found) for group in Group}
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


def members(*, viewer: Viewer, today: date) -> Iterator[Member]:
    """Every course of the clinic in which a dose was given."""
    done = PlannedSession.objects.filter(
        course__patient__clinic_id=viewer.clinic_id,
        kind=VisitKind.DOSING.value,
        status=SessionStatus.DONE.value,
    ).order_by("on")
    doses: dict[Course, list[PlannedSession]] = {}
    for session in done.select_related("course__patient"):
        doses.setdefault(session.course, []).append(session)
    patient_ids = list({course.patient_id for course in doses})
    scores = scores_by_instrument(viewer=viewer, patient_ids=patient_ids)
    for course, given in doses.items():
        mine = scores.get(course.patient_id, {}).get(INSTRUMENT_ID, [])
        first_phase = [each.on for each in given if each.phase_id == given[0].phase_id]
        groups = _groups(mine, given[0].on, first_phase[-1], today)
        yield Member(course.protocol_id, course.patient, groups | {Group.STARTED})


def _groups(
    scores: list[DatedScore], first_dose_on: date, last_dose_on: date, today: date
) -> frozenset[Group]:
    rules = outcomes.criteria()
    baseline = outcomes.baseline_of(scores, first_dose_on, rules)
    found = outcomes.outcome_of(scores, last_dose_on, rules)
    if baseline is None or found is None:
        closes_on = last_dose_on + timedelta(days=int(rules.window_to.value))
        is_open = baseline is not None and today <= closes_on
        return frozenset({Group.WAITING if is_open else Group.MISSING})
    chosen = rules.by_instrument[INSTRUMENT_ID]
    judged = instruments.judge(
        instruments.get(INSTRUMENT_ID), baseline.total_points, found.total_points
    )
    met = {each.criterion.kind for each in judged if each.met and each.criterion.id in chosen}
    return frozenset(
        {Group.SCORED}
        | {group for group in (Group.RESPONSE, Group.REMISSION) if group.value in met}
    )
