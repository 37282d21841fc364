"""What a patient brought of the aid, and what was chosen together."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404

from longlight.clinic.approaches.models import BroughtChoice, SharedChoice
from longlight.clinic.approaches.queries.kept import asked_by
from longlight.clinic.approaches.rules.choosing import Answers, read_answers
from longlight.clinic.approaches.rules.together import Occasion
from longlight.clinic.people.access import require_chart
from longlight.clinic.people.rules import Viewer
from longlight.clinic.record.prepared import Prepared
from longlight.science.evidence import decision_aid


@dataclass(frozen=True)
class Brought:
    """A summary as somebody gave it to the clinic, with the version of the aid that they saw."""

    answers: Answers
    aid_version: str
    evidence_read_until: date
    brought_at: datetime


def brought_by(row: BroughtChoice | None) -> Brought | None:
    """The summary in a row; what a newer aid does not ask any more is left out."""
    if row is None:
        return None
    answers = read_answers(row.answers, asked_by(decision_aid()))
    return Brought(answers, row.aid_version, row.evidence_read_until, row.brought_at)


def brought_of(*, patient_id: UUID, viewer: Viewer, at: datetime) -> Brought | None:
    """The newest summary that a patient brought."""
    patient = require_chart(viewer, patient_id, at)
    return brought_by(_BROUGHT.first(patient_id=patient.pk))


_BROUGHT = Prepared(
    lambda patient_id: BroughtChoice.objects.filter(patient_id=patient_id).order_by("-brought_at")[
        :1
    ],
    patient_id=UUID,
)


def choices_of(*, patient_id: UUID, viewer: Viewer, at: datetime) -> list[SharedChoice]:
    """Everything that was chosen together, newest first, corrected ones too."""
    patient = require_chart(viewer, patient_id, at)
    return _CHOICES(patient_id=patient.pk)


_CHOICES = Prepared(
    lambda patient_id: (
        SharedChoice.objects.filter(patient_id=patient_id)
        .select_related("successor")
        .order_by("-recorded_at")
    ),
    patient_id=UUID,
)


def shared_choice(*, choice_id: UUID, viewer: Viewer, at: datetime) -> SharedChoice:
    found: SharedChoice | None = (
        SharedChoice.objects.select_related("patient").filter(pk=choice_id).first()
    )
    if found is None:
        raise Http404
    require_chart(viewer, found.patient_id, at)
    return found


def looked_at(patient_ids: Collection[UUID]) -> dict[UUID, set[tuple[Occasion, UUID | None]]]:
    """For each of these patients, on which occasions the choice was looked at."""
    found: dict[UUID, set[tuple[Occasion, UUID | None]]] = {each: set() for each in patient_ids}
    rows = SharedChoice.objects.standing().filter(patient_id__in=list(patient_ids))
    for patient_id, occasion, course_id in rows.values_list("patient_id", "occasion", "course_id"):
        found[patient_id].add((Occasion(occasion), course_id))
    return found
