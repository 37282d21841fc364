"""What stands beside a chart's figure: where the course is, what was last said of self-harm, the safety plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from longlight.clinic.assessments.queries.following import SafetyAnswer, last_safety_answer
from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.courses.rules import SessionStatus
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.prepared import Prepared
from longlight.clinic.safety.queries import ReadablePlan, newest_plan_of
from longlight.science import protocols
from longlight.science.protocols import VisitKind
from longlight.ui.parts import Fact

WEEK_DAYS = 7


@dataclass(frozen=True)
class CoursePlace:
    """Where a running course stands: its phase and week, and what comes."""

    course: Course
    phase: str
    rule: str
    facts: tuple[Fact, ...]


def place_of(course: Course | None, today: date) -> CoursePlace | None:
    """One query. The phase is that of the next dose, else of the last one given."""
    if course is None:
        return None
    protocol = protocols.get(course.protocol_id, course.protocol_version)
    doses = [
        each
        for each in _DOSING_VISITS(course_id=course.pk)
        if each.status in {SessionStatus.PLANNED.value, SessionStatus.DONE.value}
    ]
    coming = next((each for each in doses if _is_ahead(each, today)), None)
    done = [each for each in doses if each.status == SessionStatus.DONE.value]
    here = coming or (done[-1] if done else None)
    phase = next((p for p in protocol.phases if here and p.id == here.phase_id), protocol.phases[0])
    return CoursePlace(
        course, _phase_words(phase.title, phase.id, done, today), phase.rule.text,
        tuple(_facts(protocol.title, doses, done, coming)),
    )  # fmt: skip


_DOSING_VISITS = Prepared(
    lambda course_id: PlannedSession.objects.filter(
        course_id=course_id, kind=VisitKind.DOSING.value
    ).order_by("on"),
    course_id=UUID,
)


def _is_ahead(session: PlannedSession, today: date) -> bool:
    return session.status == SessionStatus.PLANNED.value and session.on >= today


def _phase_words(title: str, phase_id: str, done: list[PlannedSession], today: date) -> str:
    begun = next((each.on for each in done if each.phase_id == phase_id), None)
    if begun is None:
        return title
    week = (today - begun).days // WEEK_DAYS + 1
    return _("%(phase)s, week %(n)s") % {"phase": title, "n": week}


def _facts(
    title: str, doses: list[PlannedSession], done: list[PlannedSession], coming: PlannedSession | None
) -> Iterable[Fact]:  # fmt: skip
    yield Fact(_("Protocol"), title)
    yield Fact(_("Doses"), _("%(done)s of %(all)s given") % {"done": len(done), "all": len(doses)})
    if coming is not None:
        yield Fact(_("Next dose"), f"{coming.title}, {date_format(coming.on, 'j M Y')}")


def safety_facts(*, viewer: Viewer, patient_id: UUID) -> list[Fact]:
    """The last answer to the item about self-harm, with its day; and how old the safety plan is."""
    last = last_safety_answer(viewer=viewer, patient_id=patient_id)
    plan = newest_plan_of(patient_id)
    return [_answer_fact(last), Fact(_("Safety plan"), _plan_words(plan))]


def _answer_fact(last: SafetyAnswer | None) -> Fact:
    if last is None:
        return Fact(_("Item 9"), _("never answered here"))
    said = _("not answered") if last.value_points is None else f"{last.value_points:g}"
    text = _("%(said)s, %(day)s") % {"said": said, "day": date_format(last.on, "j M Y")}
    return Fact(_("Item %(n)s") % {"n": last.item_number}, text, last.title, is_alert=last.is_flag)


def _plan_words(plan: ReadablePlan | None) -> str:
    if plan is None:
        return _("none yet")
    if plan.reviewed_at is None:
        return _("not gone through yet")
    return _("gone through %(day)s") % {"day": date_format(plan.reviewed_at, "j M Y")}
