"""When the choice of a way is looked at again, across steps: the plan says at which day, what was recorded says whether."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.approaches.queries.together import looked_at
from longlight.clinic.approaches.rules.together import (
    CourseDays,
    DueChoice,
    Occasion,
    due_choice,
)
from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.courses.rules import CourseStatus, SessionStatus
from longlight.science.evidence import decision_aid
from longlight.science.protocols import VisitKind

_ENDED = {CourseStatus.COMPLETED.value, CourseStatus.STOPPED.value}
_STANDING = (SessionStatus.PLANNED.value, SessionStatus.DONE.value)


def due_choices(patient_ids: Collection[UUID], today: date) -> dict[UUID, DueChoice]:
    """Of these patients, those with whom the choice is to be looked at, and why. Three queries, however many they are."""
    wanted = list(patient_ids)
    courses = _courses(wanted)
    kept = looked_at(wanted)
    found = {each: due_choice(courses.get(each), kept[each], today) for each in wanted}
    return {each: due for each, due in found.items() if due is not None}


def _courses(patient_ids: list[UUID]) -> dict[UUID, CourseDays]:
    """The newest course of each, cancelled ones left out: they never began."""
    newest: dict[UUID, Course] = {}
    for course in Course.objects.filter(patient_id__in=patient_ids).order_by("made_at"):
        if course.status != CourseStatus.CANCELLED.value:
            newest[course.patient_id] = course
    days: dict[UUID, list[date]] = {}
    doses = PlannedSession.objects.filter(
        course__in=list(newest.values()), kind=VisitKind.DOSING.value, status__in=_STANDING
    )
    for course_id, on in doses.order_by("on").values_list("course_id", "on"):
        days.setdefault(course_id, []).append(on)
    at = decision_aid().asked_again_at_treatment
    return {
        patient_id: CourseDays(
            course.pk,
            days[course.pk][at - 1] if len(days.get(course.pk, ())) >= at else None,
            course.status in _ENDED,
        )
        for patient_id, course in newest.items()
    }


def due_words(due: DueChoice | None) -> str:
    """Why it is due, for staff."""
    if due is None:
        return ""
    if due.occasion is Occasion.AGAIN:
        return _("Look at the choice again (treatment %(n)s)") % {
            "n": decision_aid().asked_again_at_treatment
        }
    if due.occasion is Occasion.END:
        return _("Look at the choice again (end of the course)")
    return _("Choose together")
