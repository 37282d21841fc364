"""When the choice of a way is looked at again, across steps: the plan says at which day, what was recorded says whether."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
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
    """Of these patients, those with whom the choice is to be looked at, and why. Two queries, however many they are."""
    wanted = list(patient_ids)
    courses = _courses(wanted)
    # Who would not be due even if it had never been looked at is not asked about any further.
    maybe = [each for each in wanted if due_choice(courses.get(each), (), today)]
    kept = looked_at(maybe) if maybe else {}
    found = {each: due_choice(courses.get(each), kept[each], today) for each in maybe}
    return {each: due for each, due in found.items() if due is not None}


def _courses(patient_ids: list[UUID]) -> dict[UUID, CourseDays]:
    """The newest course of each, cancelled ones left out: they never began.

    The database finds the day of the treatment that counts: a long course would else be read whole to know one day.
    """
    at = decision_aid().asked_again_at_treatment
    doses = PlannedSession.objects.filter(course=OuterRef("pk"), kind=VisitKind.DOSING.value)
    again = doses.filter(status__in=_STANDING).order_by("on").values("on")[at - 1 : at]
    rows = (
        Course.objects.filter(Exists(doses), patient_id__in=patient_ids)
        .exclude(status=CourseStatus.CANCELLED.value)
        .order_by("made_at")
        .values_list("patient_id", "pk", Subquery(again), "status")
    )
    return {
        patient_id: CourseDays(course_id, again_on, status in _ENDED)
        for patient_id, course_id, again_on, status in rows
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
