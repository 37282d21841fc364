"""What somebody kept of the decision aid, by its private link."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from longlight.clinic.approaches.models import KeptChoice
from longlight.clinic.approaches.rules.choosing import Answers, Asked, Step, read_answers
from longlight.clinic.people.queries import token_hash
from longlight.clinic.people.sealing import CannotUnseal, unseal
from longlight.science import instruments
from longlight.science.evidence import DecisionAid
from longlight.science.protocols.eligibility import eligibility_rules

PURPOSE = "kept-choice"


@dataclass(frozen=True)
class Kept:
    """What was kept, and which version of the aid it was made with."""

    answers: Answers
    step: Step
    aid_version: str
    evidence_read_until: date
    kept_at: datetime
    expires_at: datetime


def asked_by(aid: DecisionAid) -> Asked:
    """Everything that this version of the aid asks, by id."""
    questions = aid.questions
    return Asked(
        values=tuple(value.id for value in questions.values),
        knowledge=tuple(check.id for check in questions.knowledge),
        confidence=tuple(question.id for question in questions.confidence),
        cautions=tuple(cautions()),
        options=tuple(option.id for option in aid.options),
        clinic_questions=tuple(question.id for question in questions.ask_a_clinic),
        sure={
            f"sure-{item.number}": tuple(option.code for option in item.options)
            for item in instruments.get("sure").items
        },
    )


def cautions() -> dict[str, str]:
    """What to talk to a doctor about first, in plain words. Shown whatever its mark."""
    return {f.id: f.plain for f in eligibility_rules().findings if f.plain}


def kept_by_token(*, token: str, aid: DecisionAid, at: datetime) -> Kept | None:
    """What was kept under this token; None when there is nothing, its time is over, or its key is gone."""
    row = KeptChoice.objects.filter(token_hash=token_hash(token), expires_at__gt=at).first()
    if row is None:
        return None
    try:
        said = json.loads(unseal(row.sealed_body, purpose=PURPOSE))
    except CannotUnseal:
        return None
    return Kept(
        answers=read_answers(said, asked_by(aid)),
        step=Step(row.step),
        aid_version=row.aid_version,
        evidence_read_until=row.evidence_read_until,
        kept_at=row.kept_at,
        expires_at=row.expires_at,
    )
