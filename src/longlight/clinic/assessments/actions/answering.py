"""A patient answers a check-in: each answer is kept as it is chosen, and all of them are sent once."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from longlight.clinic.assessments.access import Answerer, is_over, require_own_check_in
from longlight.clinic.assessments.actions.late import Chosen, is_early, keep_late
from longlight.clinic.assessments.actions.scores import FilledIn, keep_filled_in, today_of
from longlight.clinic.assessments.actions.telling import note, tell_safety
from longlight.clinic.assessments.models import (
    Assessment,
    DueAssessment,
    KeptAnswer,
    LateAnswer,
)
from longlight.clinic.assessments.queries import (
    answered_text_of,
    asked_of,
    newest_answers,
    questions_answered,
    questions_of,
    window_of,
)
from longlight.clinic.assessments.questions import Question, Questions
from longlight.clinic.assessments.rules import (
    CannotAnswer,
    DueStatus,
    Source,
    reasons_not_to_answer,
)
from longlight.clinic.people.actions import finish_links
from longlight.clinic.people.rules import LinkPurpose
from longlight.clinic.record.actions import Pen, writing

SKIPPED = ""


def keep_answer(
    *,
    due_id: UUID,
    item_id: str,
    code: str,
    key: UUID,
    by: Answerer,
    at: datetime,
    chosen_at: datetime | None = None,
) -> KeptAnswer | LateAnswer:
    """Keep one answer as it was chosen, `SKIPPED` for none; what a safety rule says of it happens in the same write.

    The same key with the same choice again is the same answer, also when the check-in has been sent since.
    `chosen_at` is when a device says that it was chosen, where it had to wait. One that comes when its check-in takes
    none any more is kept apart, as late; safety is told of it all the same. Raises `CannotAnswer`.
    """
    with writing(by=by.actor, at=at) as pen:
        due = require_own_check_in(by, due_id, locked=True, hands_in=True)
        sent: KeptAnswer | None = due.kept_answers.filter(item_id=item_id, key=key).last()
        if sent is not None and sent.code == code:
            note(pen, "answer-repeated", due, sequence=sent.sequence)
            return sent
        questions = _there(questions_answered(due))
        question = _question(questions, item_id)
        value = _value(question, code)
        moment = None if chosen_at is None else min(chosen_at, at)
        chosen = Chosen(code, value, key, moment)
        reasons = _reasons(due, at)
        if is_over(by) or (reasons and not is_early(due, at)):
            return keep_late(pen, due, questions, question, chosen, is_link_over=not reasons)
        if reasons:
            raise CannotAnswer(" ".join(reasons))
        return _keep(pen, due, questions, question, chosen, sent)


def _keep(
    pen: Pen,
    due: DueAssessment,
    questions: Questions,
    question: Question,
    chosen: Chosen,
    sent: KeptAnswer | None,
) -> KeptAnswer:
    """`sent` is what the same page sent before with its key."""
    last: KeptAnswer | None = due.kept_answers.last()
    before = newest_answers(due).get(question.id)
    kept: KeptAnswer = KeptAnswer.objects.create(
        due=due, sequence=last.sequence + 1 if last else 1, item_id=question.id, code=chosen.code,
        instrument_version=questions.instrument.version, value_points=chosen.value, key=chosen.key,
        key_use=sent.key_use + 1 if sent else 0, kept_at=pen.at,
        chosen_at=chosen.at, site_text_id=answered_text_of(questions.instrument)[1],
    )  # fmt: skip
    note(pen, "answer-kept", due, sequence=kept.sequence)
    if due.started_at is None:
        due.started_at = pen.at
        due.save(update_fields=["started_at"])
    if before is None or before.code != kept.code:
        tell_safety(pen, due, questions, question, kept.value_points, kept.code, kept.chosen_at)
    if before is not None and before.counts_from > kept.counts_from and before.code != kept.code:
        # It had to wait on a device while a later choice came in: the later one holds, and is said last.
        tell_safety(
            pen, due, questions, question, before.value_points, before.code, before.chosen_at
        )
    return kept


def finish_check_in(*, due_id: UUID, by: Answerer, at: datetime) -> Assessment:
    """Send the newest answers: they become the assessment and its score, and the check-in is done. Twice is once.

    The assessment bears the id of its check-in, so that an alert raised by an answer is the assessment's alert.
    Raises `CannotAnswer`.
    """
    with writing(by=by.actor, at=at) as pen:
        due = require_own_check_in(by, due_id, locked=True)
        if due.assessment is not None:
            note(pen, "check-in-sent-again", due)
            return due.assessment
        reasons = _reasons(due, at)
        if reasons:
            raise CannotAnswer(" ".join(reasons))
        questions, newest = _there(questions_of(due)), newest_answers(due)
        asked = [each for each in asked_of(questions, newest) if each.id in newest]
        if all(newest[each.id].is_skipped for each in asked):
            raise CannotAnswer(_("No question is answered yet: answer one, or stop for now."))
        here = at.astimezone(ZoneInfo(due.patient.time_zone or due.patient.clinic.time_zone))
        filled_in = FilledIn(
            due.id, due.instrument_id, here.date(), Source.PHONE, here.time().replace(microsecond=0),
            {each.id: newest[each.id].value_points for each in asked if each.item is not None},
            version=questions.instrument.version,
            context=questions.context({each.id: newest[each.id].code for each in asked}),
        )  # fmt: skip
        due.assessment = keep_filled_in(pen, due.patient, filled_in, raises_alerts=False)
        due.status, due.answered_at, due.act_at = DueStatus.DONE.value, at, None
        due.save(update_fields=["assessment", "status", "answered_at", "act_at"])
        note(pen, "check-in-sent", due)
        finish_links(
            patient=due.patient, purpose=LinkPurpose.QUESTIONNAIRE, object_id=due.id,
            by=by.actor, at=at,
        )  # fmt: skip
        return due.assessment


def _reasons(due: DueAssessment, at: datetime) -> list[str]:
    return reasons_not_to_answer(
        DueStatus(due.status), due_on=due.due_on, closes_on=due.closes_on,
        today=today_of(due.patient, at), window=window_of(due, at),
    )  # fmt: skip


def _there(questions: Questions | None) -> Questions:
    if questions is None:
        raise CannotAnswer(
            _("These questions cannot be shown here: the clinic asks them at a visit.")
        )
    return questions


def _question(questions: Questions, item_id: str) -> Question:
    for question in questions.each:
        if question.id == item_id:
            return question
    raise CannotAnswer(_("That question is not one of these: go back and open it again."))


def _value(question: Question, code: str) -> float | None:
    if code == SKIPPED:
        return None
    value = question.value(code)
    if value is not None:
        return value
    if question.is_number:
        raise CannotAnswer(_("That is not a number that can be: give a whole one, or skip."))
    raise CannotAnswer(_("That is not one of the answers: choose one of those shown, or skip."))
