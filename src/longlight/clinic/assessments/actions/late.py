"""An answer that comes when its check-in takes none: kept as what it is, told to safety, and seen by a named person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from longlight.clinic.assessments.access import require_check_in
from longlight.clinic.assessments.actions.scores import today_of
from longlight.clinic.assessments.actions.telling import note, tell_safety
from longlight.clinic.assessments.models import DueAssessment, LateAnswer
from longlight.clinic.assessments.queries import answered_text_of, newest_answers, window_of
from longlight.clinic.assessments.questions import Question, Questions
from longlight.clinic.assessments.rules import DueStatus, WhyLate
from longlight.clinic.people.access import require_role
from longlight.clinic.people.rules import CHART_ROLES, Viewer
from longlight.clinic.record.actions import Pen, writing


@dataclass(frozen=True)
class Chosen:
    """A choice as a page sent it."""

    code: str
    value: float | None
    key: UUID
    at: datetime | None  # where a device says so


def is_early(due: DueAssessment, at: datetime) -> bool:
    """Whether a check-in is not open yet: an answer to it cannot be late."""
    if due.status != DueStatus.DUE:
        return False
    window = window_of(due, at)
    return at < window.opens_at if window else today_of(due.patient, at) < due.due_on


def keep_late(
    pen: Pen,
    due: DueAssessment,
    questions: Questions,
    question: Question,
    chosen: Chosen,
    *,
    is_link_over: bool,
) -> LateAnswer:
    """Keep it apart from the answers of the check-in, inside the caller's write. The same one again is the same."""
    late, is_new = LateAnswer.objects.get_or_create(
        due=due, item_id=question.id, key=chosen.key, code=chosen.code,
        defaults={
            "instrument_version": questions.instrument.version, "value_points": chosen.value,
            "chosen_at": chosen.at or pen.at, "came_at": pen.at,
            "why": _why(due, is_link_over=is_link_over).value,
            "site_text_id": answered_text_of(questions.instrument)[1],
        },
    )  # fmt: skip
    note(pen, "answer-came-late" if is_new else "answer-repeated", due)
    if not is_new:
        return late
    holds = newest_answers(due).get(question.id)
    if holds is not None and holds.code == late.code:
        return late
    tell_safety(pen, due, questions, question, late.value_points, late.code, late.chosen_at)
    if holds is not None and holds.counts_from > late.chosen_at:
        # What was chosen later came in before: it holds, and is said last.
        tell_safety(pen, due, questions, question, holds.value_points, holds.code, holds.chosen_at)
    return late


def _why(due: DueAssessment, *, is_link_over: bool) -> WhyLate:
    if is_link_over:
        return WhyLate.LINK_OVER
    ended = {DueStatus.DONE: WhyLate.SENT, DueStatus.CANCELLED: WhyLate.TAKEN_BACK}
    return ended.get(DueStatus(due.status), WhyLate.CLOSED)


def see_late_answers(
    *, due_id: UUID, late_ids: Collection[UUID], viewer: Viewer, at: datetime
) -> int:
    """Somebody has looked at these, which came late to a check-in; one that came since they looked stays unseen.

    Tells how many were new to the clinic; twice is once.
    """
    require_role(viewer, *CHART_ROLES)
    with writing(by=viewer.actor, at=at) as pen:
        due = require_check_in(viewer, due_id, at)
        unseen = LateAnswer.objects.filter(due=due, pk__in=late_ids, seen_at=None)
        seen: int = unseen.update(
            seen_at=at, seen_by_id=viewer.account_id, seen_by_name=viewer.name[:200]
        )
        note(pen, "late-answers-seen", due, answers=seen)
    return seen
