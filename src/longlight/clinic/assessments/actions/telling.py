"""What is told of an answer as it is kept: to safety, and to the audit trail."""

from datetime import datetime

from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.assessments.questions import Question, Questions
from longlight.clinic.record.actions import Pen, patient_chain
from longlight.clinic.safety.actions import note_changed_answer, raise_alert
from longlight.clinic.safety.rules import Finding, Priority

LONGEST_LABEL = 120


def tell_safety(
    pen: Pen,
    due: DueAssessment,
    questions: Questions,
    question: Question,
    value: float | None,
    code: str,
    chosen_at: datetime | None,
) -> None:
    """Raise what this raw answer raises; say so on an alert whose answer has changed. None is ever withdrawn."""
    instrument, item = questions.instrument, question.item
    if item is None:
        return
    fired = {flag.rule_id: flag for flag in instrument.safety_flags(item.id, value)}
    answer = question.label(code)[:LONGEST_LABEL]
    for rule in instrument.safety_rules:
        if rule.item != item.number:
            continue
        flag = fired.get(rule.id)
        if flag is None:
            note_changed_answer(
                rule_id=rule.id, source_id=due.id, answer=answer, by=pen.by, at=pen.at,
                chosen_at=chosen_at,
            )  # fmt: skip
            continue
        priority = Priority.HIGH if flag.urgency == "urgent" else Priority.MEDIUM
        finding = Finding(
            rule.id, priority, instrument.id, item.number, answer, due.id, chosen_at=chosen_at
        )
        raise_alert(patient=due.patient, finding=finding, by=pen.by, at=pen.at)


def note(pen: Pen, verb: str, due: DueAssessment, **details: object) -> None:
    pen.note(
        verb, chain=patient_chain(due.patient_id), object_kind="due-assessment", object_id=due.id,
        **details,
    )  # fmt: skip
