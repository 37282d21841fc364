"""A patient answers a check-in: each answer is kept as it is chosen, and all of them are sent once."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from longlight.clinic.assessments.access import Answerer, require_own_check_in
from longlight.clinic.assessments.actions.scores import FilledIn, keep_filled_in, today_of
from longlight.clinic.assessments.models import Assessment, DueAssessment, KeptAnswer
from longlight.clinic.assessments.queries import Question, Questions, newest_answers, questions_of
from longlight.clinic.assessments.rules import (
    CannotAnswer,
    DueStatus,
    Source,
    reasons_not_to_answer,
)
from longlight.clinic.people.actions import finish_links
from longlight.clinic.people.rules import LinkPurpose
from longlight.clinic.record.actions import Pen, patient_chain, writing
from longlight.clinic.safety.actions import note_changed_answer, raise_alert
from longlight.clinic.safety.rules import Finding, Priority

SKIPPED = ""
LONGEST_LABEL = 120


def keep_answer(
    *, due_id: UUID, item_id: str, code: str, key: UUID, by: Answerer, at: datetime
) -> KeptAnswer:
    """Keep one answer as it was chosen, `SKIPPED` for none; what a safety rule says of it happens in the same write.

    The same key with the same choice again is the same answer, also when the check-in has been sent since.
    Raises `CannotAnswer`.
    """
    with writing(by=by.actor, at=at) as pen:
        due = require_own_check_in(by, due_id, locked=True)
        sent: KeptAnswer | None = due.kept_answers.filter(item_id=item_id, key=key).last()
        if sent is not None and sent.code == code:
            _note(pen, "answer-repeated", due, sequence=sent.sequence)
            return sent
        _refuse_unless_open(due, at)
        questions = _questions(due)
        question = _question(questions, item_id)
        value = _value(question, code)
        last: KeptAnswer | None = due.kept_answers.last()
        before = newest_answers(due).get(item_id)
        kept: KeptAnswer = KeptAnswer.objects.create(
            due=due, sequence=last.sequence + 1 if last else 1, item_id=item_id, code=code,
            instrument_version=questions.instrument.version, value_points=value, key=key,
            key_use=sent.key_use + 1 if sent else 0, kept_at=at,
        )  # fmt: skip
        _note(pen, "answer-kept", due, sequence=kept.sequence)
        if before is None or before.code != code:
            _tell_safety(pen, due, questions, question, kept)
    return kept


def finish_check_in(*, due_id: UUID, by: Answerer, at: datetime) -> Assessment:
    """Send the newest answers: they become the assessment and its score, and the check-in is done. Twice is once.

    The assessment bears the id of its check-in, so that an alert raised by an answer is the assessment's alert.
    Raises `CannotAnswer`.
    """
    with writing(by=by.actor, at=at) as pen:
        due = require_own_check_in(by, due_id, locked=True)
        if due.assessment is not None:
            _note(pen, "check-in-sent-again", due)
            return due.assessment
        _refuse_unless_open(due, at)
        answers = newest_answers(due)
        if all(answer.is_skipped for answer in answers.values()):
            raise CannotAnswer("No question is answered yet: answer one, or stop for now.")
        here = at.astimezone(ZoneInfo(due.patient.time_zone or due.patient.clinic.time_zone))
        filled_in = FilledIn(
            due.id, due.instrument_id, here.date(), Source.PHONE, here.time().replace(microsecond=0),
            {item_id: answer.value_points for item_id, answer in answers.items()},
            version=_questions(due).instrument.version,
        )  # fmt: skip
        due.assessment = keep_filled_in(pen, due.patient, filled_in, raises_alerts=False)
        due.status = DueStatus.DONE.value
        due.save(update_fields=["assessment", "status"])
        _note(pen, "check-in-sent", due)
        finish_links(
            patient=due.patient, purpose=LinkPurpose.QUESTIONNAIRE, object_id=due.id,
            by=by.actor, at=at,
        )  # fmt: skip
        return due.assessment


def _refuse_unless_open(due: DueAssessment, at: datetime) -> None:
    reasons = reasons_not_to_answer(
        DueStatus(due.status), due_on=due.due_on, closes_on=due.closes_on,
        today=today_of(due.patient, at),
    )  # fmt: skip
    if reasons:
        raise CannotAnswer(" ".join(reasons))


def _questions(due: DueAssessment) -> Questions:
    questions = questions_of(due)
    if questions is None:
        raise CannotAnswer("These questions cannot be shown here: the clinic asks them at a visit.")
    return questions


def _question(questions: Questions, item_id: str) -> Question:
    for question in questions.each:
        if question.item.id == item_id:
            return question
    raise CannotAnswer("That question is not one of these: go back and open it again.")


def _value(question: Question, code: str) -> float | None:
    if code == SKIPPED:
        return None
    for option in question.options:
        if option.code == code:
            return option.value
    raise CannotAnswer("That is not one of the answers: choose one of those shown, or skip.")


def _tell_safety(
    pen: Pen, due: DueAssessment, questions: Questions, question: Question, kept: KeptAnswer
) -> None:
    """Raise what this raw answer raises; say so on an alert whose answer has changed. None is ever withdrawn."""
    instrument, item = questions.instrument, question.item
    fired = {flag.rule_id: flag for flag in instrument.safety_flags(item.id, kept.value_points)}
    label = question.label(kept.code)[:LONGEST_LABEL]
    for rule in instrument.safety_rules:
        if rule.item != item.number:
            continue
        flag = fired.get(rule.id)
        if flag is None:
            note_changed_answer(
                rule_id=rule.id, source_id=due.id, answer=label, by=pen.by, at=pen.at
            )
            continue
        priority = Priority.HIGH if flag.urgency == "urgent" else Priority.MEDIUM
        finding = Finding(rule.id, priority, instrument.id, item.number, label, due.id)
        raise_alert(patient=due.patient, finding=finding, by=pen.by, at=pen.at)


def _note(pen: Pen, verb: str, due: DueAssessment, **details: object) -> None:
    pen.note(
        verb, chain=patient_chain(due.patient_id), object_kind="due-assessment", object_id=due.id,
        **details,
    )  # fmt: skip
