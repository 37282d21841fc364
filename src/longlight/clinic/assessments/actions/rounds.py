"""What the worker does with what is due: plans it, opens it, reminds of it, and closes it when its window is over.

Each is safe to repeat: a check-in says by `act_at` when something is to be done with it, a plan by `look_at`, and what
is done moves these on in the same transaction. A message has one key a window and rung, so that none is queued twice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from longlight.clinic.assessments.actions.planning import LOOK_AGAIN, plan_now, write_alike
from longlight.clinic.assessments.models import DueAssessment, QuestionnairePlan
from longlight.clinic.assessments.queries import answerable
from longlight.clinic.assessments.queries.reminding import Way, ways_to
from longlight.clinic.assessments.rules import DueStatus
from longlight.clinic.contact.actions import Worded, queue_messages
from longlight.clinic.contact.rules import MessageKind
from longlight.clinic.people.actions import LinkTo, make_links
from longlight.clinic.people.rules import LinkPurpose, system_actor
from longlight.clinic.record.actions import Pen, door, patient_chain
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.rules import Kind as VisitKind
from longlight.science.schedules import Rung, next_reminder, not_too_many

WORKER = "Longlight worker"
MOVED_ON = (
    "status", "opened_at", "sent_at", "sent_count", "unreachable_at", "ended_at", "act_at",
)  # fmt: skip
ById: TypeAlias = tuple[UUID, UUID]


def waiting_patients(at: datetime) -> list[UUID]:
    """Whose plan or check-ins wait for the worker, in the order of their ids."""
    plans = _plans(at).values_list("patient_id", flat=True)
    dues = _dues(at).values_list("patient_id", flat=True)
    return sorted({*plans, *dues})


def _plans(at: datetime) -> QuerySet[QuestionnairePlan]:
    return QuestionnairePlan.objects.filter(is_running=True, look_at__lte=at)


def _dues(at: datetime) -> QuerySet[DueAssessment]:
    return DueAssessment.objects.filter(act_at__lte=at, status=DueStatus.DUE.value)


def notice_moved_visits(*, at: datetime) -> None:
    """Plan anew, in this round, whose dosing visit was booked, moved or called off since their plan was looked at."""
    since = at - LOOK_AGAIN
    changed: dict[UUID, datetime] = {}
    visits = Appointment.objects.filter(kind=VisitKind.DOSING.value, patient__isnull=False).filter(
        Q(booked_at__gt=since) | Q(ended_at__gt=since)
    )
    for patient_id, booked_at, ended_at in visits.values_list(
        "patient_id", "booked_at", "ended_at"
    ):
        newest = max(booked_at, ended_at or booked_at)
        changed[patient_id] = max(newest, changed.get(patient_id, newest))
    if not changed:
        return
    plans = QuestionnairePlan.objects.filter(
        is_running=True, patient_id__in=changed, look_at__gt=at
    )
    stale = [
        pk
        for pk, patient_id, look_at in plans.values_list("pk", "patient_id", "look_at")
        if look_at is not None and changed[patient_id] > look_at - LOOK_AGAIN
    ]
    if stale:
        with door():
            QuestionnairePlan.objects.filter(pk__in=stale).update(look_at=at)


def look_round(*, first: UUID, last: UUID, at: datetime) -> None:
    """Plan, open, remind and close for the patients from one id to another, in one transaction."""
    within = {"patient_id__gte": first, "patient_id__lte": last}
    with door() as notes:
        pens: dict[UUID, Pen] = {}

        def pen_of(clinic_id: UUID) -> Pen:
            return pens.setdefault(clinic_id, Pen(system_actor(WORKER, clinic_id), at, notes))

        plans: dict[UUID, list[QuestionnairePlan]] = defaultdict(list)
        for plan in (
            _plans(at)
            .filter(**within)
            .select_for_update(of=("self",))
            .select_related("patient__clinic")
            .order_by("patient_id")
        ):
            plans[plan.patient.clinic_id].append(plan)
        for clinic_id, found in plans.items():
            plan_now(pen_of(clinic_id), found)
        dues = list(
            _dues(at)
            .filter(**within)
            .select_for_update(of=("self",))
            .select_related("patient__clinic")
            .order_by("patient_id", "opens_at", "instrument_id")
        )
        _act(dues, pen_of, at)


def _act(dues: list[DueAssessment], pen_of: Callable[[UUID], Pen], at: datetime) -> None:
    ways = ways_to({due.patient_id: due.patient for due in dues}.values(), at)
    to_remind: dict[UUID, dict[UUID, list[DueAssessment]]] = defaultdict(lambda: defaultdict(list))
    for due in dues:
        clinic_id = due.patient.clinic_id
        if _move_on(pen_of(clinic_id), due, ways[due.patient_id]):
            to_remind[clinic_id][due.patient_id].append(due)
    for clinic_id, found in to_remind.items():
        _remind(pen_of(clinic_id), list(found.values()), ways)
    write_alike(dues, MOVED_ON)


def _move_on(pen: Pen, due: DueAssessment, way: Way) -> bool:
    """Open it, or close it, and say when to look again. True when a reminder is to go out now."""
    if due.opens_at is None or due.closes_at is None:
        due.act_at = None
        return False
    if due.closes_at <= pen.at:
        due.status, due.ended_at, due.act_at = DueStatus.MISSED.value, due.closes_at, None
        _note(pen, due, "check-in-missed")
        return False
    if due.opens_at > pen.at:
        due.act_at = due.opens_at
        return False
    if due.opened_at is None:
        due.opened_at = pen.at
        _note(pen, due, "check-in-opened")
    if not answerable(due.instrument_id):
        due.act_at = due.closes_at
        return False  # staff go through it with the patient
    if way.reach is None:
        due.unreachable_at, due.act_at = due.unreachable_at or pen.at, due.closes_at
        return False
    due.unreachable_at = None
    return _is_time(due, pen.at, way)


def _is_time(due: DueAssessment, at: datetime, way: Way) -> bool:
    """Whether its next reminder goes out now; when to look again."""
    assert due.opens_at is not None
    assert due.closes_at is not None
    rung = Rung(due.opens_at, due.closes_at, due.sent_count or 0, due.sent_at, due.snoozed_until)
    own = way.reminding
    when = next_reminder(rung, at, way.wall, own.usual)
    if when is not None and not rung.is_asked_for:
        when = not_too_many(when, way.sent, own.most_in_a_week, way.wall)
    due.act_at = due.closes_at if when is None or when <= at else min(when, due.closes_at)
    return when is not None and when <= at


def _remind(pen: Pen, waiting: list[list[DueAssessment]], ways: Mapping[UUID, Way]) -> None:
    """One message to each patient, however many questionnaires wait; its link opens the first of them."""
    tokens = make_links([_link_to(dues[0]) for dues in waiting], by=pen.by, at=pen.at)
    messages = []
    for dues, token in zip(waiting, tokens, strict=True):
        first, way = dues[0], ways[dues[0].patient_id]
        assert way.reach is not None
        channel, to = way.reach
        link = f"{settings.SITE_ADDRESS}{reverse('people-link', args=[token])}"
        chain = patient_chain(first.patient_id)
        messages.append(Worded(channel, to, link, message_key(first), chain, first.patient_id))
        way.sent.append(pen.at)
        for due in dues:
            due.sent_at, due.sent_count = pen.at, (due.sent_count or 0) + 1
            _is_time(due, pen.at, way)
    queue_messages(
        pen, MessageKind.QUESTIONS_WAITING, messages, clinic=waiting[0][0].patient.clinic
    )


def _link_to(due: DueAssessment) -> LinkTo:
    assert due.closes_at is not None
    return LinkTo(due.patient, LinkPurpose.QUESTIONNAIRE, due.pk, due.closes_at)


def message_key(due: DueAssessment) -> str:
    """The same for the same rung of the same window: a second message with it is not queued."""
    assert due.opens_at is not None
    return f"due:{due.pk}:{due.opens_at:%Y%m%d%H%M}:{due.sent_count or 0}"


def _note(pen: Pen, due: DueAssessment, verb: str) -> None:
    pen.note(
        verb, chain=patient_chain(due.patient_id), object_kind="due-assessment", object_id=due.pk
    )


def slices(patient_ids: list[UUID], size: int) -> Iterable[ById]:
    """From which id to which, so many patients at a time."""
    for start in range(0, len(patient_ids), size):
        part = patient_ids[start : start + size]
        yield part[0], part[-1]
