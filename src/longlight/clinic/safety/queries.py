"""What is known of alerts: the inbox of a clinic, and one alert with what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, IntegerField, Min, QuerySet, Value, When

from longlight.clinic.contact.models import GivenUp
from longlight.clinic.contact.queries import dead_letters, open_undelivered
from longlight.clinic.contact.rules import SEND
from longlight.clinic.people.access import Refused, require_chart
from longlight.clinic.people.models import Account, Clinic
from longlight.clinic.people.rules import LinkBearer, Viewer
from longlight.clinic.record.prepared import Prepared
from longlight.clinic.safety.access import (
    WORKS_ON_ALERTS,
    may_work_on_alerts,
    require_writes_plans,
)
from longlight.clinic.safety.models import Alert, AlertEvent, DutyHours, SafetyPlan, SafetyPolicy
from longlight.clinic.safety.rules import (
    ESCALATE,
    TELL,
    AlertStatus,
    PlanLine,
    PlanStep,
    Priority,
    Shift,
    claim_due_at,
    on_duty,
    plan_lines,
    read_by,
)

ORDER_OF_PRIORITY = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}
RECENTLY_CLOSED = 5
EARLIER = 5


@dataclass(frozen=True)
class AlertLine:
    """One line of the inbox."""

    alert: Alert
    due_at: datetime | None

    def is_late(self, at: datetime) -> bool:
        return (
            self.alert.status == AlertStatus.NEW.value
            and self.due_at is not None
            and at > self.due_at
        )


@dataclass(frozen=True)
class Inbox:
    """Open alerts, gravest and oldest first; the last closed; the clinic's own times."""

    open: tuple[AlertLine, ...]
    closed: tuple[AlertLine, ...]
    policy: SafetyPolicy | None

    @property
    def pressing(self) -> tuple[AlertLine, ...]:
        return tuple(line for line in self.open if line.alert.priority != Priority.LOW.value)

    @property
    def can_wait(self) -> tuple[AlertLine, ...]:
        """Low priority, shown apart so that it hides nothing."""
        return tuple(line for line in self.open if line.alert.priority == Priority.LOW.value)


def inbox(*, viewer: Viewer) -> Inbox:
    """The safety inbox of the viewer's clinic; empty for who may not work on alerts."""
    if not may_work_on_alerts(viewer):
        return Inbox((), (), None)
    policy = (
        SafetyPolicy.objects.filter(clinic_id=viewer.clinic_id).select_related("backup").first()
    )
    alerts = Alert.objects.filter(clinic_id=viewer.clinic_id).select_related(
        "patient", "claimed_by"
    )
    rank = Case(
        *(When(priority=p.value, then=Value(n)) for p, n in ORDER_OF_PRIORITY.items()),
        output_field=IntegerField(),
    )
    still_open = alerts.exclude(status=AlertStatus.CLOSED.value).order_by(rank, "raised_at")
    closed = alerts.filter(status=AlertStatus.CLOSED.value).order_by("-closed_at")[:RECENTLY_CLOSED]
    return Inbox(
        tuple(_line(alert, policy) for alert in still_open),
        tuple(_line(alert, policy) for alert in closed),
        policy,
    )


@dataclass(frozen=True)
class NotArrived:
    """What did not arrive: what bears on an open alert, each with it; how much else; jobs that were given up."""

    about_alerts: tuple[
        tuple[GivenUp | None, Alert], ...
    ] = ()  # none: the job that tells the backup
    others: int = 0
    jobs: int = 0


def not_arrived(*, viewer: Viewer) -> NotArrived:
    """The messages of the viewer's clinic that did not arrive, told apart by whether an open alert waits for them.

    They bear on an alert while nobody has claimed the one that they told of, or while one of their patient is open.
    """
    if not may_work_on_alerts(viewer):
        return NotArrived()
    dead = dead_letters(viewer=viewer)  # a message that nobody has settled is among them
    if not dead:
        return NotArrived()
    letters = list(open_undelivered(viewer=viewer).select_related("job", "message", "patient"))
    jobs = [each for each in dead if each.name != SEND]
    alerts = Alert.objects.filter(clinic_id=viewer.clinic_id).exclude(priority=Priority.LOW.value)
    still_open = {
        each.pk: each
        for each in alerts.exclude(status=AlertStatus.CLOSED.value).select_related("patient")
    }
    of_patient = {each.patient_id: each for each in still_open.values()}
    found: list[tuple[GivenUp | None, Alert]] = []
    for letter in letters:
        told_of = _told_of(still_open, letter.job.key)
        if told_of is not None and told_of.status == AlertStatus.NEW.value:
            found.append((letter, told_of))
        elif letter.patient_id in of_patient:
            found.append((letter, of_patient[letter.patient_id]))
    untold = [_told_of(still_open, each.key) for each in jobs]
    unclaimed = [each for each in untold if each and each.status == AlertStatus.NEW.value]
    return NotArrived(
        (*found, *((None, each) for each in unclaimed)), len(letters) - len(found),
        len(jobs) - len(unclaimed),
    )  # fmt: skip


def _told_of(alerts: Mapping[UUID, Alert], key: str) -> Alert | None:
    """Of which of these alerts a job tells, by its key; None where it is about something else."""
    for name in (TELL, ESCALATE):
        _before, told, rest = key.partition(f"{name}:")
        if told:
            return alerts.get(UUID(rest.partition(":")[0]))
    return None


def undelivered_to(*, viewer: Viewer, patient_id: UUID) -> GivenUp | None:
    """The newest message to a patient that did not arrive and that nobody has settled."""
    return open_undelivered(viewer=viewer).filter(patient_id=patient_id).first()


def open_alerts(*, viewer: Viewer) -> tuple[int, datetime | None]:
    """How many alerts are open, and since when the oldest of them."""
    if not may_work_on_alerts(viewer):
        return 0, None
    found = (
        Alert.objects.filter(clinic_id=viewer.clinic_id)
        .exclude(status=AlertStatus.CLOSED.value)
        .exclude(priority=Priority.LOW.value)
        .aggregate(count=Count("pk"), oldest=Min("raised_at"))
    )
    return found["count"], found["oldest"]


def unclaimed_alerts(*, viewer: Viewer) -> int:
    """How many alerts that cannot wait nobody has claimed."""
    if not may_work_on_alerts(viewer):
        return 0
    found = Alert.objects.filter(clinic_id=viewer.clinic_id, status=AlertStatus.NEW.value)
    return found.exclude(priority=Priority.LOW.value).count()


def open_alerts_of(*, viewer: Viewer, patient_id: UUID) -> int:
    """How many alerts of one patient are open, for who works on them."""
    if not may_work_on_alerts(viewer):
        return 0
    found = Alert.objects.filter(clinic_id=viewer.clinic_id, patient_id=patient_id)
    return found.exclude(status=AlertStatus.CLOSED.value).count()


def alert_with_events(
    *, alert_id: UUID, viewer: Viewer
) -> tuple[AlertLine, tuple[AlertEvent, ...]] | None:
    """One alert and its events in order; None where the viewer's clinic has no such alert."""
    if not may_work_on_alerts(viewer):
        return None
    alert = (
        Alert.objects.filter(id=alert_id, clinic_id=viewer.clinic_id)
        .select_related("patient", "claimed_by")
        .first()
    )
    if alert is None:
        return None
    policy = SafetyPolicy.objects.filter(clinic_id=viewer.clinic_id).first()
    return _line(alert, policy), tuple(alert.events.all())


def shifts_of(clinic_id: UUID) -> list[Shift]:
    """The stretches that are staffed: by somebody who still works on alerts there."""
    rows = DutyHours.objects.filter(clinic_id=clinic_id, ended_at=None)
    still_there = set(_working(clinic_id).values_list("pk", flat=True))
    return [
        Shift(row.weekday, row.begins_at, row.ends_at, row.account_id)
        for row in rows
        if row.account_id in still_there
    ]


def duty_hours(viewer: Viewer) -> list[DutyHours]:
    """The rota of the viewer's clinic as it stands."""
    if not may_work_on_alerts(viewer):
        return []
    rows = DutyHours.objects.filter(clinic_id=viewer.clinic_id, ended_at=None)
    return list(rows.select_related("account"))


def who_can_be_told(viewer: Viewer) -> QuerySet[Account]:
    """Those who work on alerts at the viewer's clinic, by name."""
    return _working(viewer.clinic_id).order_by("name")


def _working(clinic_id: UUID) -> QuerySet[Account]:
    roles = [role.value for role in WORKS_ON_ALERTS]
    return Account.objects.filter(
        is_active=True, memberships__clinic_id=clinic_id, memberships__is_active=True,
        memberships__role__in=roles,
    ).distinct()  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """Who reads what a patient sends to a clinic, and when: what may be promised, and no more."""

    shifts: tuple[Shift, ...]
    is_somebody_on_duty: bool
    by: datetime | None  # by when a high alert that comes now is read; None: nothing is promised
    out_of_hours: str


def reading_at(*, clinic: Clinic, at: datetime) -> Reading:
    """What is true of the clinic's reading at this moment."""
    policy = SafetyPolicy.objects.filter(clinic=clinic).first()
    shifts = shifts_of(clinic.pk)
    here = at.astimezone(ZoneInfo(clinic.time_zone))
    by = read_by(shifts, here, policy.claim_high_min) if policy else None
    said = policy.out_of_hours if policy else ""
    return Reading(tuple(shifts), bool(on_duty(shifts, here)), by, said)


def told_at_once(*, clinic: Clinic, at: datetime) -> list[Account]:
    """Who is written to when a high alert comes now: those on duty; out of hours who is on call."""
    here = at.astimezone(ZoneInfo(clinic.time_zone))
    told = set(on_duty(shifts_of(clinic.pk), here))
    if not told:
        on_call = SafetyPolicy.objects.filter(clinic=clinic).values_list("on_call_id", flat=True)
        told = {each for each in on_call if each}
    return list(_working(clinic.pk).filter(pk__in=told).order_by("name"))


def alerts_by_source(alert: Alert) -> dict[UUID, UUID]:
    """The alerts of the same rule and person, by what they were raised from."""
    alike = Alert.objects.filter(patient_id=alert.patient_id, rule_id=alert.rule_id)
    return dict(alike.values_list("source_id", "pk"))


@dataclass(frozen=True)
class EarlierFlag:
    """An earlier alert on the same item of the same person, and the answer that stands in it."""

    alert: Alert
    answer: str


def earlier_flags(alert: Alert) -> tuple[EarlierFlag, ...]:
    """The last alerts on the same item before this one, newest first. Answers that raised none are not kept here."""
    before = (
        Alert.objects.filter(
            patient_id=alert.patient_id, rule_id=alert.rule_id, raised_at__lt=alert.raised_at
        )
        .prefetch_related("events")
        .order_by("-raised_at")[:EARLIER]
    )
    return tuple(EarlierFlag(each, latest_answer(tuple(each.events.all()))) for each in before)


def latest_answer(events: tuple[AlertEvent, ...]) -> str:
    return next((event.answer for event in reversed(events) if event.answer), "")


def claim_target_min(alert: Alert) -> int | None:
    """Within how many minutes the clinic wants such an alert claimed; None where it has not said."""
    return _target_min(alert, SafetyPolicy.objects.filter(clinic_id=alert.clinic_id).first())


def _target_min(alert: Alert, policy: SafetyPolicy | None) -> int | None:
    if policy is None:
        return None
    return {
        Priority.HIGH: policy.claim_high_min,
        Priority.MEDIUM: policy.claim_medium_min,
        Priority.LOW: policy.claim_low_min,
    }[Priority(alert.priority)]


def _line(alert: Alert, policy: SafetyPolicy | None) -> AlertLine:
    return AlertLine(alert, claim_due_at(alert.raised_at, _target_min(alert, policy)))


@dataclass(frozen=True)
class ReadablePlan:
    """A version of a safety plan, step by step, and when it was last gone through with a clinician."""

    plan: SafetyPlan
    steps: tuple[tuple[PlanStep, tuple[PlanLine, ...]], ...]
    is_newest: bool
    reviewed_at: datetime | None
    reviewed_by: str


def plan_of(*, patient_id: UUID, viewer: Viewer, at: datetime) -> ReadablePlan | None:
    """The plan that holds, for its owner and for who may open the chart; None where there is none yet."""
    versions = plan_versions(patient_id=patient_id, viewer=viewer, at=at)
    return readable_plan(versions[0], is_newest=True) if versions else None


def plan_versions(*, patient_id: UUID, viewer: Viewer, at: datetime) -> list[SafetyPlan]:
    """Every version, the newest first. Raises `Refused`."""
    require_writes_plans(viewer)
    patient = require_chart(viewer, patient_id, at)
    return list(SafetyPlan.objects.filter(patient=patient).prefetch_related("reviews"))


def plan_version(*, plan_id: UUID, viewer: Viewer, at: datetime) -> ReadablePlan:
    """One version by its id. Raises `Refused`, as for one that does not exist."""
    found = SafetyPlan.objects.filter(pk=plan_id, patient__clinic_id=viewer.clinic_id).first()
    if found is None:
        raise Refused
    versions = plan_versions(patient_id=found.patient_id, viewer=viewer, at=at)
    return readable_plan(found, is_newest=versions[0].pk == found.pk)


def plan_by_link(link: LinkBearer) -> ReadablePlan | None:
    """The plan of who came by a link, where its owner lets it be read without signing in."""
    newest = SafetyPlan.objects.filter(
        patient_id=link.patient_id, patient__clinic_id=link.clinic_id
    ).first()
    if newest is None or link.is_done or not newest.opens_by_link:
        return None
    return readable_plan(newest, is_newest=True)


def readable_plan(plan: SafetyPlan, *, is_newest: bool) -> ReadablePlan:
    review = plan.reviews.first()
    return ReadablePlan(
        plan,
        tuple((step, plan_lines(step, plan.steps.get(step.value, ""))) for step in PlanStep),
        is_newest,
        review.at if review else None,
        review.by_name if review else "",
    )


def newest_plan(alert: Alert) -> ReadablePlan | None:
    """The plan of the person whom an alert is about: who works on it must know whether there is one."""
    return newest_plan_of(alert.patient_id)


def newest_plan_of(patient_id: UUID) -> ReadablePlan | None:
    """The plan that holds. The caller asked whether the viewer may open the chart."""
    newest = _NEWEST_PLANS.first(patient_id=patient_id)
    return None if newest is None else readable_plan(newest, is_newest=True)


_NEWEST_PLANS = Prepared(
    lambda patient_id: SafetyPlan.objects.filter(patient_id=patient_id).order_by("-version")[:1],
    patient_id=UUID,
)
