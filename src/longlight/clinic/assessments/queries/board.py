"""What staff see of many patients' questionnaires: what is open, late, missed, to be called about; and who went quiet.

Names and states, never a score. A restricted chart is listed to those alone who may open it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, DateTimeField, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from longlight.clinic.assessments.models import (
    Assessment,
    DueAssessment,
    LateAnswer,
    PatientCall,
)
from longlight.clinic.assessments.queries import filled_by_staff
from longlight.clinic.assessments.rules import DueStatus, Source
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Role, Viewer
from longlight.science.schedules import usual

LATELY = timedelta(days=14)
CALLED_LATELY = timedelta(days=7)


class Show(StrEnum):
    """What the board shows."""

    OVERDUE = "overdue"
    OPEN = "open"
    COMING = "coming"
    CALL = "call"
    STAFF = "staff"
    LATE = "late"
    MISSED = "missed"
    ANSWERED = "answered"


SHOW_LABELS = {
    Show.OVERDUE: _("Overdue"),
    Show.OPEN: _("Open"),
    Show.COMING: _("Coming"),
    Show.CALL: _("To telephone"),
    Show.STAFF: _("For staff to fill in"),
    Show.LATE: _("Came too late"),
    Show.MISSED: _("Missed"),
    Show.ANSWERED: _("Answered"),
}


def _reach(viewer: Viewer, prefix: str = "") -> Q:
    """The patients whose charts the viewer may open."""
    within = Q(**{f"{prefix}clinic_id": viewer.clinic_id})
    if viewer.role is Role.DIRECTOR:
        return within
    team = Q(**{f"{prefix}is_restricted": False}) | Q(
        **{f"{prefix}care_team__account_id": viewer.account_id}
    )
    return within & team


def _by_staff() -> Q:
    return Q(instrument_id__in=filled_by_staff())


def _shown(show: Show, at: datetime, by_staff: Q) -> Q:
    is_open = Q(status=DueStatus.DUE.value, opens_at__lte=at)
    return {
        Show.OVERDUE: is_open & ~by_staff & Q(opened_at__lte=at - usual().overdue_after),
        Show.OPEN: is_open & ~by_staff,
        Show.COMING: Q(status=DueStatus.DUE.value, opens_at__gt=at),
        Show.CALL: is_open & Q(unreachable_at__isnull=False),
        Show.STAFF: is_open & by_staff,
        Show.LATE: Q(pk__in=LateAnswer.objects.filter(seen_at=None).values("due_id")),
        Show.MISSED: Q(status=DueStatus.MISSED.value, ended_at__gt=at - LATELY),
        Show.ANSWERED: Q(status=DueStatus.DONE.value, answered_at__gt=at - LATELY),
    }[show]


def board(*, viewer: Viewer, show: Show, at: datetime) -> QuerySet[DueAssessment]:
    """The check-ins of one kind at the viewer's clinic, what is most pressing first."""
    order = {Show.MISSED: "-ended_at", Show.ANSWERED: "-answered_at", Show.COMING: "opens_at"}
    found = DueAssessment.objects.filter(_reach(viewer, "patient__"), _shown(show, at, _by_staff()))
    if show is Show.LATE:
        unseen = Q(late_answers__seen_at=None)
        found = found.annotate(
            late_count=Count("late_answers", filter=unseen, distinct=True),
            late_at=Max("late_answers__came_at", filter=unseen),
        )
    return (
        found.select_related("patient__clinic")
        .order_by(order.get(show, "closes_at"), "patient__name", "instrument_id", "pk")
        .distinct()
    )


def unseen_late(*, viewer: Viewer) -> int:
    """To how many check-ins answers came too late that nobody has looked at."""
    unseen = LateAnswer.objects.filter(_reach(viewer, "due__patient__"), seen_at=None)
    return unseen.values("due_id").distinct().count()


def board_counts(*, viewer: Viewer, at: datetime) -> dict[Show, int]:
    """How many there are of each kind, counted in one question to the database."""
    by_staff = _by_staff()
    kinds = {show.name.lower(): _shown(show, at, by_staff) for show in Show}
    counts = DueAssessment.objects.filter(_reach(viewer, "patient__")).aggregate(
        **{name: Count("pk", filter=kind, distinct=True) for name, kind in kinds.items()}
    )
    return {show: counts[show.name.lower()] for show in Show}


def gone_quiet(*, viewer: Viewer, at: datetime) -> QuerySet[Patient]:
    """Who is asked and has not answered lately, not called about it first, then the longest quiet first."""
    custom = usual()
    answered = (
        Assessment.objects.filter(patient=OuterRef("pk"), status="final")
        .exclude(source__in=[Source.IMPORT.value, Source.RATING.value])
        .order_by("-entered_at")
    )
    calls = PatientCall.objects.filter(patient=OuterRef("pk")).order_by("-at")
    asked = Q(due_assessments__opened_at__isnull=False) & ~Q(
        due_assessments__instrument_id__in=filled_by_staff()
    )
    unanswered = Q(due_assessments__status=DueStatus.MISSED.value) | Q(
        due_assessments__status=DueStatus.DUE.value,
        due_assessments__opened_at__lte=at - custom.overdue_after,
    )
    recent = Q(due_assessments__opened_at__gt=at - 4 * custom.gone_quiet_after)
    return (
        Patient.objects.filter(_reach(viewer))
        .annotate(
            last_answer_at=Subquery(
                answered.values("entered_at")[:1], output_field=DateTimeField()
            ),
            unanswered=Count("due_assessments", filter=asked & unanswered & recent, distinct=True),
            newest_asked_at=Max("due_assessments__opened_at", filter=asked),
            called_at=Subquery(calls.values("at")[:1], output_field=DateTimeField()),
        )
        .filter(unanswered__gte=custom.gone_quiet_unanswered)
        .filter(
            Q(last_answer_at__isnull=True) | Q(last_answer_at__lte=at - custom.gone_quiet_after)
        )
        .order_by("last_answer_at", "name", "number")
    )


def calls_of(patients: list[Patient]) -> dict[object, PatientCall]:
    """The newest call of each."""
    found: dict[object, PatientCall] = {}
    for call in PatientCall.objects.filter(patient__in=patients).order_by("at"):
        found[call.patient_id] = call
    return found
