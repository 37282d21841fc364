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
from django.db.models import QuerySet
from django.urls import reverse

from longlight.clinic.assessments.actions.planning import plan_now, write_alike
from longlight.clinic.assessments.models import DueAssessment, QuestionnairePlan
from longlight.clinic.assessments.queries import answerable
from longlight.clinic.assessments.queries.planning import zone_of
from longlight.clinic.assessments.rules import DueStatus
from longlight.clinic.contact.actions import Worded, queue_messages
from longlight.clinic.contact.models import ContactPreference
from longlight.clinic.contact.rules import Channel, MessageKind, PreferredChannel, reach
from longlight.clinic.people.actions import LinkTo, make_links
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import LinkPurpose, system_actor
from longlight.clinic.record.actions import Pen, door, patient_chain
from longlight.science.schedules import Rung, Wall, next_reminder, usual

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
        _act(dues, pen_of)


def _act(dues: list[DueAssessment], pen_of: Callable[[UUID], Pen]) -> None:
    preferences = {
        each.patient_id: each
        for each in ContactPreference.objects.filter(
            patient_id__in={due.patient_id for due in dues}
        )
    }
    to_remind: dict[UUID, dict[UUID, list[DueAssessment]]] = defaultdict(lambda: defaultdict(list))
    for due in dues:
        clinic_id = due.patient.clinic_id
        if _move_on(pen_of(clinic_id), due, preferences.get(due.patient_id)):
            to_remind[clinic_id][due.patient_id].append(due)
    for clinic_id, found in to_remind.items():
        _remind(pen_of(clinic_id), list(found.values()), preferences)
    write_alike(dues, MOVED_ON)


def _move_on(pen: Pen, due: DueAssessment, preference: ContactPreference | None) -> bool:
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
    due.act_at = due.closes_at
    if not answerable(due.instrument_id):
        return False  # staff go through it with the patient
    if _reach(due.patient, preference) is None:
        due.unreachable_at = due.unreachable_at or pen.at
        return False
    due.unreachable_at = None
    return _is_time(due, pen.at, preference)


def _is_time(due: DueAssessment, at: datetime, preference: ContactPreference | None) -> bool:
    assert due.opens_at is not None
    assert due.closes_at is not None
    rung = Rung(due.opens_at, due.closes_at, due.sent_count or 0, due.sent_at, due.snoozed_until)
    when = next_reminder(rung, at, wall_of(due.patient, preference), usual())
    if when is not None and when > at:
        due.act_at = min(when, due.closes_at)
    return when is not None and when <= at


def wall_of(patient: Patient, preference: ContactPreference | None) -> Wall:
    """Where the patient is, and when it is quiet there."""
    custom = usual()
    if preference is None:
        return Wall(zone_of(patient), custom.quiet_from, custom.quiet_until)
    return Wall(zone_of(patient), preference.quiet_from, preference.quiet_until)


def _reach(patient: Patient, preference: ContactPreference | None) -> tuple[Channel, str] | None:
    preferred = PreferredChannel(preference.channel) if preference else None
    return reach(preferred, patient.email, patient.phone)


def _remind(
    pen: Pen, waiting: list[list[DueAssessment]], preferences: Mapping[UUID, ContactPreference]
) -> None:
    """One message to each patient, however many questionnaires wait; its link opens the first of them."""
    tokens = make_links([_link_to(dues[0]) for dues in waiting], by=pen.by, at=pen.at)
    messages = []
    for dues, token in zip(waiting, tokens, strict=True):
        first, preference = dues[0], preferences.get(dues[0].patient_id)
        found = _reach(first.patient, preference)
        assert found is not None
        channel, to = found
        link = f"{settings.SITE_ADDRESS}{reverse('people-link', args=[token])}"
        chain = patient_chain(first.patient_id)
        messages.append(Worded(channel, to, link, message_key(first), chain, first.patient_id))
        for due in dues:
            due.sent_at, due.sent_count = pen.at, (due.sent_count or 0) + 1
            due.act_at = due.closes_at
            _is_time(due, pen.at, preference)
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
