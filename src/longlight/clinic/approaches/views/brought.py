"""A summary of the aid as the clinic reads it: what matters to the person, their leaning, their questions, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from longlight.clinic.approaches.models import BroughtChoice
from longlight.clinic.approaches.queries.kept import cautions
from longlight.clinic.approaches.queries.sure import SureScore, sure_score
from longlight.clinic.approaches.queries.together import Brought, brought_by
from longlight.clinic.approaches.rules.choosing import by_weight
from longlight.clinic.approaches.views.choose_pages import (
    ClinicAsked,
    clinics_asked,
    pack_for,
    step_words,
    sure_words,
)
from longlight.science.evidence import decision_aid


@dataclass(frozen=True)
class Told:
    """What a summary says, in the person's own order and words."""

    brought: Brought
    matters: tuple[tuple[str, str], ...]
    silent: tuple[str, ...]
    own_words: tuple[tuple[str, str], ...]
    doctor_first: tuple[str, ...]
    sure: tuple[tuple[str, str, str], ...]
    sure_score: SureScore | None
    clinics: tuple[ClinicAsked, ...]


def told_of(row: BroughtChoice | None) -> Told | None:
    brought = brought_by(row)
    return None if brought is None else told(brought)


def told(brought: Brought) -> Told:
    aid, answers = decision_aid(), brought.answers
    by_id = {question.id: question for question in aid.questions.values}
    ordered = by_weight(answers.values, tuple(by_id))
    own = (
        (_("Leans towards"), answers.leaning),
        (_("Worries"), answers.worries),
        (_("Wants to ask"), answers.questions),
        (_("What a clinic answered"), answers.clinic_answers),
    )
    return Told(
        brought=brought,
        matters=tuple(
            (by_id[key].title, step_words(aid, by_id[key])[answers.values[key]]) for key in ordered
        ),
        silent=tuple(by_id[key].title for key in by_id if key not in ordered),
        own_words=tuple((label, text) for label, text in own if text),
        doctor_first=tuple(text for key, text in cautions().items() if key in answers.cautions),
        sure=tuple(sure_words(aid, answers, pack_for(answers))),
        sure_score=sure_score(answers),
        clinics=tuple(clinics_asked(aid, answers)),
    )
