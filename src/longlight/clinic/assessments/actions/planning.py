"""Plans follow what they count from: a course is made, a dose is moved, given or cancelled, staff add or stop a rule.

The later steps call this inside their own write, so that what is due is never older than what it hangs on.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from longlight.clinic.assessments.models import DueAssessment, PlanOccasion, QuestionnairePlan
from longlight.clinic.assessments.queries.planning import PlanGround, grounds, zone_of
from longlight.clinic.assessments.rules import DueStatus
from longlight.clinic.people.models import Patient
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.clinic.record.rules import Actor
from longlight.science.schedules import (
    Calendar,
    Kept,
    OccasionKind,
    Occurrence,
    Standing,
    changes,
    day_of,
    instant,
    occurrences,
    usual,
)

LOOK_AGAIN = timedelta(hours=12)  # well inside what is planned ahead
A_MOMENT = timedelta(microseconds=1)
WRITTEN = (
    "status", "due_on", "closes_on", "opens_at", "closes_at", "planned_at", "opened_at",
    "sent_count", "snoozed_until", "unreachable_at", "dropped_at", "act_at",
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """A session of a course that questionnaires are counted from."""

    source_id: UUID
    kind: OccasionKind
    on: date
    phase_id: str
    stands: bool  # neither cancelled nor missed
    is_done: bool


@dataclass(frozen=True)
class FollowedCourse:
    """A course as its questionnaires follow it. One that does not go on was cancelled before it began."""

    id: UUID
    patient_id: UUID
    protocol_id: str
    protocol_version: str
    start_on: date
    goes_on: bool
    moments: tuple[Moment, ...]


def follow_course(*, course: FollowedCourse, by: Actor, at: datetime) -> None:
    """Plan the questionnaires of a course as it stands now. Safe to repeat."""
    with writing(by=by, at=at) as pen:
        patient = _locked(course.patient_id)
        plan = QuestionnairePlan.objects.filter(course_id=course.id).first()
        if plan is None:
            end_plans(pen, patient)
            plan = QuestionnairePlan.objects.create(
                patient=patient, course_id=course.id, protocol_id=course.protocol_id,
                protocol_version=course.protocol_version, start_on=course.start_on, made_at=at,
            )  # fmt: skip
        plan.patient = patient
        _keep_moments(plan, course.moments)
        note_plan(pen, patient, "questionnaires-follow-course")
        if not course.goes_on:
            end_plans(pen, patient)
        elif plan.is_running:
            plan_now(pen, [plan])


def note_dose_given(*, source_id: UUID, given_at: datetime, by: Actor, at: datetime) -> None:
    """A dose begins: what is counted from the newest dose starts anew, what waited for it closes."""
    found = (
        PlanOccasion.objects.filter(
            source_id=source_id, plan__is_running=True, plan__patient__clinic=by.clinic_id
        )
        .select_related("plan__patient__clinic")
        .first()
    )
    if found is None:
        return
    with writing(by=by, at=at) as pen:
        found.plan.patient = _locked(found.plan.patient_id)
        found.given_at, found.stands = given_at, True
        found.on = day_of(given_at, zone_of(found.plan.patient))
        found.save(update_fields=["given_at", "stands", "on"])
        note_plan(pen, found.plan.patient, "questionnaires-count-from-dose")
        plan_now(pen, [found.plan])


def _locked(patient_id: UUID) -> Patient:
    return (
        Patient.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=patient_id)
    )


def _keep_moments(plan: QuestionnairePlan, moments: Collection[Moment]) -> None:
    known = {each.source_id: each for each in plan.occasions.all()}
    zone, clock = zone_of(plan.patient), usual().clock
    new: list[PlanOccasion] = []
    changed: list[PlanOccasion] = []
    for moment in moments:
        kept = known.get(moment.source_id)
        is_new = kept is None
        kept = kept or PlanOccasion(plan=plan, source_id=moment.source_id, kind=moment.kind.value)
        given_at = kept.given_at
        if moment.is_done and given_at is None and moment.kind is OccasionKind.DOSE:
            given_at = instant(moment.on, clock, zone)  # its hour was not told
        said = (moment.on, moment.phase_id, moment.stands, given_at)
        if is_new or said != (kept.on, kept.phase_id, kept.stands, kept.given_at):
            kept.on, kept.phase_id, kept.stands, kept.given_at = said
            (new if is_new else changed).append(kept)
    PlanOccasion.objects.bulk_create(new)
    PlanOccasion.objects.bulk_update(changed, ["on", "phase_id", "stands", "given_at"])


def end_plans(pen: Pen, patient: Patient) -> None:
    """The running plan ends: what nobody has begun is taken out."""
    for plan in QuestionnairePlan.objects.filter(patient=patient, is_running=True):
        plan.is_running, plan.look_at = False, None
        plan.save(update_fields=["is_running", "look_at"])
        untouched = DueAssessment.objects.filter(
            patient=patient, status=DueStatus.DUE.value, plan_key__isnull=False, started_at=None
        )
        untouched.update(status=DueStatus.CANCELLED.value, dropped_at=pen.at, act_at=None)
        note_plan(pen, patient, "questionnaires-ended")


@dataclass
class _Batch:
    """What a pass over many plans changes, written together."""

    added: list[DueAssessment] = field(default_factory=list)
    freed: list[UUID] = field(default_factory=list)
    written: list[DueAssessment] = field(default_factory=list)


def plan_now(pen: Pen, plans: Collection[QuestionnairePlan]) -> None:
    """Bring what is due to its plans, inside the caller's write. Their patients (with clinics) must be loaded."""
    batch = _Batch()
    for ground in grounds(plans, pen.at):
        if _plan_one(batch, ground, pen.at):
            note_plan(pen, ground.plan.patient, "questionnaires-planned")
        ground.plan.look_at = pen.at + LOOK_AGAIN
    # What moves leaves its day first: of two that change places neither then stands in the other's way.
    DueAssessment.objects.filter(pk__in=batch.freed).update(status=DueStatus.CANCELLED.value)
    write_alike(batch.written, WRITTEN)
    DueAssessment.objects.bulk_create(batch.added, batch_size=200)
    QuestionnairePlan.objects.filter(pk__in=[plan.pk for plan in plans]).update(
        look_at=pen.at + LOOK_AGAIN
    )


def write_alike(dues: Sequence[DueAssessment], fields: Sequence[str]) -> None:
    """Write these fields, those that say the same together: in a round most do."""
    alike: dict[tuple[object, ...], list[UUID]] = defaultdict(list)
    for due in dues:
        alike[tuple(getattr(due, field) for field in fields)].append(due.pk)
    for said, ids in alike.items():
        DueAssessment.objects.filter(pk__in=ids).update(**dict(zip(fields, said, strict=True)))


def _plan_one(batch: _Batch, ground: PlanGround, at: datetime) -> bool:
    zone = zone_of(ground.plan.patient)
    until = at + ground.usual.planned_ahead
    wanted = occurrences(ground.rules, Calendar(ground.occasions, zone, at, until, ground.usual))
    by_key = {due.plan_key: due for due in ground.planned if due.plan_key}
    found = changes([_kept(due) for due in ground.planned], wanted, at)
    if found.is_empty:
        return False
    leaving = {key for key, _ in found.moved if by_key[key].started_at is None}
    leaving |= set(found.dropped)
    taken = set(ground.taken) | {
        (due.instrument_id, due.due_on)
        for due in ground.planned
        if due.status != DueStatus.CANCELLED and due.plan_key not in leaving
    }
    for key in found.dropped:
        _drop(batch, by_key[key], at)
    for key, occurrence in found.moved:
        due = by_key[key]
        if due.started_at is not None:
            _stay_open(batch, due, occurrence, zone)
        elif (occurrence.instrument, occurrence.due_on) in taken:
            _drop(batch, due, at)
        else:
            taken.add((occurrence.instrument, occurrence.due_on))
            batch.freed.append(due.pk)
            batch.written.append(_put(due, occurrence, zone, at))
    for occurrence in found.added:
        if (occurrence.instrument, occurrence.due_on) not in taken:
            taken.add((occurrence.instrument, occurrence.due_on))
            due = DueAssessment(
                patient=ground.plan.patient, instrument_id=occurrence.instrument,
                plan_key=occurrence.key,
            )  # fmt: skip
            batch.added.append(_put(due, occurrence, zone, at))
    return True


def _kept(due: DueAssessment) -> Kept:
    standing = Standing.SETTLED
    if due.status == DueStatus.DUE:
        standing = Standing.PLANNED if due.started_at is None else Standing.STARTED
    elif due.status == DueStatus.CANCELLED and due.dropped_at is not None:
        standing = Standing.DROPPED
    assert due.plan_key is not None
    assert due.opens_at is not None
    assert due.closes_at is not None
    return Kept(due.plan_key, standing, due.opens_at, due.closes_at)


def _put(due: DueAssessment, occurrence: Occurrence, zone: ZoneInfo, at: datetime) -> DueAssessment:
    """Give a check-in its window, as one that nobody has been asked yet."""
    due.status, due.dropped_at = DueStatus.DUE.value, None
    due.opens_at, due.closes_at = occurrence.opens_at, occurrence.closes_at
    due.due_on, due.closes_on = occurrence.due_on, last_day(occurrence.closes_at, zone)
    due.planned_at = at
    if occurrence.opens_at > at or due.opened_at is None:
        due.opened_at = due.sent_count = due.snoozed_until = due.unreachable_at = None
    due.act_at = max(occurrence.opens_at, at)
    return due


def _drop(batch: _Batch, due: DueAssessment, at: datetime) -> None:
    due.status, due.dropped_at, due.act_at = DueStatus.CANCELLED.value, at, None
    batch.freed.append(due.pk)
    batch.written.append(due)


def _stay_open(batch: _Batch, due: DueAssessment, occurrence: Occurrence, zone: ZoneInfo) -> None:
    due.closes_at, due.closes_on = occurrence.closes_at, last_day(occurrence.closes_at, zone)
    batch.written.append(due)


def last_day(closes_at: datetime, zone: ZoneInfo) -> date:
    """The last calendar day on which something is open that closes then."""
    return day_of(closes_at - A_MOMENT, zone)


def note_plan(pen: Pen, patient: Patient, verb: str, **details: object) -> None:
    pen.note(
        verb, chain=patient_chain(patient.pk), object_kind="patient", object_id=patient.pk,
        **details,
    )  # fmt: skip
