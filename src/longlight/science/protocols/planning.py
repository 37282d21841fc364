"""From a protocol and a day to a plan: which visit on which day, and how far each may be moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from longlight.science.protocols.model import Anchor, Phase, Protocol, Sourced, VisitKind
from longlight.science.sentences import Sentence
from longlight.science.sentences import Sentence as _


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A visit of one plan. `earliest` and `latest` hold while the dose before it keeps its day."""

    kind: VisitKind
    phase_id: str
    title: str
    on: date
    dose_number: int | None = None
    earliest: date | None = None
    latest: date | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class PlannedAssessment:
    """A questionnaire of one plan: `offset_h` hours from the session on `anchor_on`, before it where negative."""

    instrument: str
    anchor: Anchor
    anchor_on: date
    offset_h: Decimal
    phase_id: str
    why: str
    dose_number: int | None = None
    is_optional: bool = False


def plan_sessions(protocol: Protocol, start_date: date) -> tuple[PlannedSession, ...]:
    """Every session of a course whose first dose is on `start_date`, by day.

    Preparation lies before that day. A phase that doses by need plans its check-ins and no dose.
    """
    planned: list[PlannedSession] = []
    doses_before, last_dose = 0, None
    for phase in protocol.phases:
        first = _first_day(phase, start_date, last_dose)
        doses = list(_doses(phase, first, doses_before, last_dose))
        planned += doses
        planned += _visits(phase, first, doses)
        if doses:
            doses_before, last_dose = doses_before + len(doses), doses[-1].on
    order = list(VisitKind)
    return tuple(sorted(planned, key=lambda s: (s.on, order.index(s.kind))))


def plan_assessments(protocol: Protocol, start_date: date) -> tuple[PlannedAssessment, ...]:
    """Every questionnaire of a course whose first dose is on `start_date`, by the day it hangs on."""
    sessions = plan_sessions(protocol, start_date)
    planned = [
        PlannedAssessment(
            instrument=due.instrument,
            anchor=due.anchor,
            anchor_on=on,
            offset_h=due.offset_h.value,
            phase_id=phase_id,
            why=due.why,
            dose_number=dose_number,
            is_optional=due.is_optional,
        )
        for due in protocol.instruments
        for on, phase_id, dose_number in _anchors(due.anchor, protocol, sessions, start_date)
    ]
    return tuple(sorted(planned, key=lambda due: (due.anchor_on, due.offset_h, due.instrument)))


def _anchors(
    anchor: Anchor, protocol: Protocol, sessions: tuple[PlannedSession, ...], start_date: date
) -> list[tuple[date, str, int | None]]:
    if anchor is Anchor.PHASE_START:
        return [(start_date, protocol.phases[0].id, None)]
    wanted = VisitKind.CHECK_IN if anchor is Anchor.EACH_CHECK_IN else VisitKind.DOSING
    found = [(s.on, s.phase_id, s.dose_number) for s in sessions if s.kind is wanted]
    if anchor is Anchor.FIRST_DOSE:
        return found[:1]
    if anchor is Anchor.LAST_DOSE_OF_PHASE:
        return list({phase_id: dose for dose in found for phase_id in (dose[1],)}.values())
    return found


def reasons_against_days(
    protocol: Protocol, doses: Sequence[tuple[str, date]]
) -> tuple[Sentence, ...]:
    """What speaks against giving doses on these days: each is a phase's id and a day, in order.

    A gap belongs to the phase of the later dose; between phases only its shortest gap counts.
    """
    reasons = []
    for (before, earlier), (phase_id, later) in pairwise(doses):
        phase, gap_days = protocol.phase(phase_id), (later - earlier).days
        if phase.min_gap is not None and gap_days < phase.min_gap.value:
            reasons.append(_gap_reason(earlier, later, _("at least"), phase.min_gap))
        if before == phase_id and phase.max_gap is not None and gap_days > phase.max_gap.value:
            reasons.append(_gap_reason(earlier, later, _("at most"), phase.max_gap))
    return tuple(reasons)


def _gap_reason(earlier: date, later: date, bound: Sentence, gap: Sourced) -> Sentence:
    days_apart = (later - earlier).days
    apart = _("{days} days", days=days_apart) if days_apart != 1 else _("1 day")
    return _(
        "{earlier} and {later} are {apart} apart: {bound} {gap} ({source}).",
        earlier=earlier, later=later, apart=apart, bound=bound, gap=gap.value, source=gap.source,
    )  # fmt: skip


def dose_day_offsets(phase: Phase) -> tuple[int, ...]:
    """Days of the phase's doses, counted from its first."""
    if phase.every is not None and phase.planned_doses is not None:
        return tuple(_days(phase.every) * i for i in range(int(phase.planned_doses.value)))
    return tuple(_days(day) for day in phase.dose_days)


def _first_day(phase: Phase, start: date, last_dose: date | None) -> date:
    if last_dose is None or phase.starts_after is None:
        return last_dose or start
    return last_dose + timedelta(days=_days(phase.starts_after))


def _doses(
    phase: Phase, first: date, doses_before: int, last_dose: date | None
) -> Iterator[PlannedSession]:
    previous = last_dose
    for i, offset in enumerate(dose_day_offsets(phase), start=1):
        on = first + timedelta(days=offset)
        yield PlannedSession(
            kind=VisitKind.DOSING,
            phase_id=phase.id,
            title=f"Treatment {doses_before + i}",
            on=on,
            dose_number=doses_before + i,
            earliest=_shifted(previous, phase.min_gap),
            latest=_shifted(previous, phase.max_gap),
        )
        previous = on


def _visits(phase: Phase, first: date, doses: list[PlannedSession]) -> Iterator[PlannedSession]:
    for visit in phase.visits:
        anchors = [(dose.on, dose.dose_number) for dose in doses] if visit.each_dose else []
        for anchor, number in anchors or ([] if visit.each_dose else [(first, None)]):
            yield PlannedSession(
                kind=visit.kind,
                phase_id=phase.id,
                title=visit.title,
                on=anchor + timedelta(days=_days(visit.offset_days)),
                dose_number=number,
                is_optional=visit.is_optional,
            )


def _shifted(day: date | None, gap: Sourced | None) -> date | None:
    return None if day is None or gap is None else day + timedelta(days=_days(gap))


def _days(number: Sourced) -> int:
    if number.unit != "days":
        raise ValueError(f"A number of days is in {number.unit}.")
    return int(number.value)
