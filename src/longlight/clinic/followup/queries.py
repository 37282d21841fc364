"""What is known of the days after: the status of a course, the booster that comes next."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from longlight.clinic.assessments.models import Assessment, ReportedDose
from longlight.clinic.assessments.queries import short_title
from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.courses.rules import CourseStatus, SessionStatus
from longlight.clinic.followup.models import BoosterDecision
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.prepared import Prepared
from longlight.science import instruments, outcomes, protocols
from longlight.science.outcomes import DatedScore, Judged
from longlight.science.protocols import VisitKind
from longlight.science.protocols.model import BoosterReason


@dataclass(frozen=True)
class Status:
    """One instrument's status, or why there is none."""

    instrument_id: str
    title: str
    judged: Judged | None
    why_not: str = ""


@dataclass(frozen=True)
class ProposedBooster:
    """The next booster by the calendar, and what was decided on it."""

    session: PlannedSession
    rule: str
    decision: BoosterDecision | None


def statuses(*, viewer: Viewer, patient_id: UUID) -> tuple[Status, ...]:
    """The status by each instrument that has criteria. The caller asked whether the viewer may open the chart."""
    rules = outcomes.criteria()
    scores = scores_by_instrument(viewer=viewer, patient_ids=[patient_id]).get(patient_id, {})
    first_dose_on = _first_dose_on(viewer, patient_id)
    return tuple(
        _status(instrument_id, scores[instrument_id], first_dose_on)
        for instrument_id in rules.by_instrument
        if instrument_id in scores
    )


def _status(instrument_id: str, scores: list[DatedScore], first_dose_on: date | None) -> Status:
    title, rules = short_title(instrument_id), outcomes.criteria()
    if first_dose_on is None:
        return Status(instrument_id, title, None, _("No dose is known yet."))
    baseline = outcomes.baseline_of(scores, first_dose_on, rules)
    if baseline is None:
        days = rules.baseline_at_most_before.value
        why = _(
            "No score in the {days} days up to the first dose, so there is no baseline."
        ).format(days=days)
        return Status(instrument_id, title, None, why)
    later = [each for each in scores if each.on > first_dose_on]
    if not later:
        return Status(instrument_id, title, None, _("No score after the first dose yet."))
    latest = max(later, key=lambda each: each.on)
    judged = outcomes.judge_course(instruments.get(instrument_id), baseline, latest, rules)
    return Status(instrument_id, title, judged)


def scores_by_instrument(
    *, viewer: Viewer, patient_ids: list[UUID]
) -> dict[UUID, dict[str, list[DatedScore]]]:
    """The totals that stand, by patient and instrument, oldest first."""
    found: dict[UUID, dict[str, list[DatedScore]]] = {}
    rows = (
        Assessment.objects.standing()
        .filter(
            patient__clinic_id=viewer.clinic_id,
            patient_id__in=patient_ids,
            score__total_points__isnull=False,
        )
        .order_by("on", F("clock").asc(nulls_first=True), "entered_at")
        .values_list("patient_id", "instrument_id", "id", "on", "score__total_points")
    )
    for patient_id, instrument_id, score_id, on, total in rows:
        assert total is not None
        mine = found.setdefault(patient_id, {}).setdefault(instrument_id, [])
        mine.append(DatedScore(str(score_id), on, total))
    return found


def _first_dose_on(viewer: Viewer, patient_id: UUID) -> date | None:
    """The first dose of the newest course that has one; before any course here, the first dose that is reported."""
    first = _FIRST_DOSES.first(clinic_id=viewer.clinic_id, patient_id=patient_id)
    if first is not None:
        return first
    reported = ReportedDose.objects.standing().filter(
        patient_id=patient_id, patient__clinic_id=viewer.clinic_id
    )
    earliest: date | None = reported.order_by("on").values_list("on", flat=True).first()
    return earliest


# Of the newest course with a dose: its earliest. One query: newest course first, and within it by day.
_FIRST_DOSES = Prepared(
    lambda clinic_id, patient_id: (
        PlannedSession.objects.filter(
            course__patient_id=patient_id,
            course__patient__clinic_id=clinic_id,
            kind=VisitKind.DOSING.value,
            status=SessionStatus.DONE.value,
        )
        .order_by("-course__start_on", "-course__made_at", "on")
        .values_list("on", flat=True)[:1]
    ),
    clinic_id=UUID,
    patient_id=UUID,
)


def proposed_booster(*, viewer: Viewer, patient_id: UUID) -> ProposedBooster | None:
    """The next planned dose of a phase whose boosters come by the calendar, in the course that runs."""
    course = Course.objects.filter(
        patient_id=patient_id,
        patient__clinic_id=viewer.clinic_id,
        status=CourseStatus.ACTIVE.value,
    ).first()
    if course is None:
        return None
    protocol = protocols.get(course.protocol_id, course.protocol_version)
    phases = {
        phase.id: phase
        for phase in protocol.phases
        if phase.booster_reason is BoosterReason.CALENDAR
    }
    session = (
        course.sessions.filter(
            kind=VisitKind.DOSING.value,
            status=SessionStatus.PLANNED.value,
            phase_id__in=list(phases),
        )
        .order_by("on")
        .first()
    )
    if session is None:
        return None
    decision = BoosterDecision.objects.filter(planned_session=session).first()
    return ProposedBooster(session, phases[session.phase_id].rule.text, decision)
