"""What the demo's people chose together: before a course, at the treatment where it is looked at again, at its end.

Whose turn it is today is left to do. All made up.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from longlight.clinic.approaches.actions.together import record_choice
from longlight.clinic.approaches.models import SharedChoice
from longlight.clinic.approaches.rules.together import Chosen, Occasion, Written
from longlight.clinic.courses.models import Course
from longlight.clinic.courses.rules import CourseStatus, SessionStatus
from longlight.clinic.demo.people import CLINICS, DemoClinic, demo_id, not_before
from longlight.clinic.demo.staff import staff_of
from longlight.science.evidence import decision_aid
from longlight.science.protocols import VisitKind

MATTERS = {
    Occasion.FIRST: "Getting through the winter at work. As few days away as can be.",
    Occasion.AGAIN: "Mornings are lighter. Wants to go on as planned.",
    Occasion.END: "Wants to know early when it fades.",
}


def build_choices(today: date, at: datetime) -> None:
    """A record for each time that has gone by; what an earlier build left stays."""
    at = not_before(today, at)
    for clinic in CLINICS:
        courses = Course.objects.filter(patient__clinic_id=clinic.id)
        for course in courses.exclude(status=CourseStatus.CANCELLED.value).order_by("start_on"):
            for occasion, day in _looked_at(course, today):
                _keep(clinic, course, occasion, min(at, datetime.combine(day, time(13), UTC)))


def _looked_at(course: Course, today: date) -> Iterator[tuple[Occasion, date]]:
    yield Occasion.FIRST, min(course.start_on, today)
    given = course.sessions.filter(kind=VisitKind.DOSING.value, status=SessionStatus.DONE.value)
    days = list(given.order_by("on").values_list("on", flat=True))
    again = decision_aid().asked_again_at_treatment
    if len(days) >= again and days[again - 1] < today:
        yield Occasion.AGAIN, days[again - 1]
    if course.ended_at is not None:
        yield Occasion.END, min(course.ended_at.date(), today)


def _keep(clinic: DemoClinic, course: Course, occasion: Occasion, at: datetime) -> None:
    choice_id = demo_id("choice", str(course.pk), occasion.value)
    if SharedChoice.objects.filter(pk=choice_id).exists():
        return
    chosen = Chosen(course.approach_id)
    record_choice(
        patient_id=course.patient_id,
        written=Written(choice_id, occasion, chosen, chosen, course.pk, MATTERS[occasion]),
        viewer=staff_of(clinic).prescriber,
        at=at,
    )
