"""What came when its check-in took no answer any more."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from longlight.clinic.assessments.models import DueAssessment, LateAnswer
from longlight.clinic.assessments.queries import questions_of
from longlight.clinic.assessments.queries.planning import start_of, zone_of
from longlight.clinic.people.access import Refused
from longlight.clinic.people.rules import Viewer

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class LateLine:
    """One answer in its words, and whether it was chosen while its check-in was open, as its phone says."""

    late: LateAnswer
    number: int | None  # none where the wording is not here any more
    question: str
    answer: str
    was_in_window: bool


def late_lines(*, due_id: UUID, viewer: Viewer) -> tuple[DueAssessment, list[LateLine]]:
    """A check-in of the viewer's clinic and what came late to it, by when it was chosen. Raises `Refused`."""
    due: DueAssessment | None = (
        DueAssessment.objects.select_related("patient__clinic")
        .filter(pk=due_id, patient__clinic_id=viewer.clinic_id)
        .first()
    )
    if due is None:
        raise Refused
    questions = questions_of(due)
    known = {each.id: each for each in questions.each} if questions else {}
    closes_at = due.closes_at or start_of(due.closes_on + A_DAY, zone_of(due.patient))
    lines = []
    for late in due.late_answers.all():
        asked = known.get(late.item_id)
        lines.append(
            LateLine(
                late,
                asked.number if asked else None,
                asked.text if asked else late.item_id,
                asked.label(late.code) if asked else late.code,
                late.chosen_at < closes_at,
            )
        )
    return due, lines
