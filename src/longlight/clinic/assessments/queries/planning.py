"""What a plan is made from: its rules, what it counts from, what stands already. Read for many patients at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from longlight.clinic.assessments.models import (
    AddedRule,
    DueAssessment,
    PlanOccasion,
    QuestionnairePlan,
    RuleStop,
)
from longlight.clinic.assessments.rules import DueStatus
from longlight.clinic.people.models import Patient
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.rules import LIVE
from longlight.clinic.schedule.rules import Kind as VisitKind
from longlight.science.schedules import (
    Occasion,
    OccasionKind,
    Rule,
    Usual,
    instant,
    rules_of,
    schedule,
    usual,
)

BOOKED = timedelta(days=1)


def zone_of(patient: Patient) -> ZoneInfo:
    return ZoneInfo(patient.time_zone or patient.clinic.time_zone)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """When a calendar day begins there."""
    return instant(day, time.min, zone)


@dataclass(frozen=True)
class PlanGround:
    """Everything that one patient's plan is made from."""

    plan: QuestionnairePlan
    rules: tuple[Rule, ...]
    occasions: tuple[Occasion, ...]
    planned: tuple[DueAssessment, ...]  # by a plan, whatever became of them
    taken: frozenset[tuple[str, date]]  # what stands for a day by other ways

    @property
    def usual(self) -> Usual:
        return usual()


def grounds(plans: Collection[QuestionnairePlan], at: datetime) -> list[PlanGround]:
    """What each plan is made from. As many questions to the database for a thousand plans as for one."""
    patient_ids = [plan.patient_id for plan in plans]
    occasions: dict[UUID, list[PlanOccasion]] = defaultdict(list)
    for each in PlanOccasion.objects.filter(plan__in=plans, stands=True):
        occasions[each.plan_id].append(each)
    dues: dict[UUID, list[DueAssessment]] = defaultdict(list)
    for due in DueAssessment.objects.filter(patient_id__in=patient_ids):
        dues[due.patient_id].append(due)
    rules = _added_rules(plans)
    stops = set(
        RuleStop.objects.filter(patient_id__in=patient_ids, ended_at=None).values_list(
            "patient_id", "rule_id"
        )
    )
    clocks = _booked_clocks(plans, at)
    return [
        PlanGround(
            plan,
            tuple(each for each in _rules(plan, rules) if (plan.patient_id, each.id) not in stops),
            tuple(_occasions(plan, occasions[plan.pk], clocks)),
            tuple(each for each in dues[plan.patient_id] if each.plan_key is not None),
            frozenset(
                (each.instrument_id, each.due_on)
                for each in dues[plan.patient_id]
                if each.plan_key is None and each.status != DueStatus.CANCELLED
            ),
        )
        for plan in plans
    ]


def _added_rules(plans: Collection[QuestionnairePlan]) -> dict[UUID | None, list[AddedRule]]:
    """What staff added: for one patient by the patient's id, for a whole clinic by the clinic's."""
    found: dict[UUID | None, list[AddedRule]] = defaultdict(list)
    clinic_ids = {plan.patient.clinic_id for plan in plans}
    for each in AddedRule.objects.filter(clinic_id__in=clinic_ids, stopped_at=None):
        found[each.patient_id or each.clinic_id].append(each)
    return found


def rule_of(added: AddedRule) -> Rule:
    """The rule that staff added, by the version that they chose."""
    chosen = schedule(added.schedule_id, added.schedule_version)
    return chosen.rule(str(added.pk), added.instrument_id, every_days=added.every_days)


def _rules(plan: QuestionnairePlan, added: dict[UUID | None, list[AddedRule]]) -> Iterable[Rule]:
    if plan.protocol_id:
        yield from rules_of(plan.protocol_id, plan.protocol_version)
        yield from (rule_of(each) for each in added.get(plan.patient.clinic_id, []))
    yield from (rule_of(each) for each in added.get(plan.patient_id, []))


def _occasions(
    plan: QuestionnairePlan,
    kept: Iterable[PlanOccasion],
    clocks: dict[tuple[UUID, date], time],
) -> Iterable[Occasion]:
    yield Occasion(str(plan.pk), OccasionKind.START, plan.start_on)
    for each in kept:
        kind = OccasionKind(each.kind)
        clock = clocks.get((plan.patient_id, each.on)) if kind is OccasionKind.DOSE else None
        yield Occasion(str(each.source_id), kind, each.on, clock, each.phase_id, each.given_at)


def _booked_clocks(
    plans: Collection[QuestionnairePlan], at: datetime
) -> dict[tuple[UUID, date], time]:
    """At what time, where the patient is, a dosing day is booked that lies ahead."""
    zones = {plan.patient_id: zone_of(plan.patient) for plan in plans}
    booked = Appointment.objects.filter(
        patient_id__in=list(zones), kind=VisitKind.DOSING.value, start_at__gte=at - BOOKED,
        status__in=[status.value for status in LIVE],
    ).values_list("patient_id", "start_at")  # fmt: skip
    here = ((each, start_at.astimezone(zones[each])) for each, start_at in booked)
    return {(each, start.date()): start.time().replace(second=0) for each, start in here}
