"""Which of their measures a patient follows, and what was last said to a question of safety."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models import F

from longlight.clinic.assessments.models import Assessment, FollowedMeasures
from longlight.clinic.assessments.queries import short_title
from longlight.clinic.people.rules import Viewer
from longlight.science import instruments


def followed_of(*, patient_id: UUID) -> list[str] | None:
    """The ids that the patient chose; None before any choice. The caller asked whether the viewer may."""
    kept = FollowedMeasures.objects.filter(patient_id=patient_id).first()
    return None if kept is None else [str(each) for each in kept.instrument_ids]


@dataclass(frozen=True)
class SafetyAnswer:
    """The last answer to an item that raises an alert: of which questionnaire, when, and whether it would raise one."""

    title: str
    item_number: int
    value_points: float | None
    on: date
    is_flag: bool


@cache
def _flagged() -> dict[str, tuple[int, str]]:
    """Of the instruments that ask about self-harm: the item's number and id."""
    found = {}
    for each in map(instruments.get, instruments.ids()):
        numbers = [rule.item for rule in each.safety_rules if rule.urgency == "urgent"]
        item = next((item for item in each.items if item.number in numbers), None)
        if item is not None:
            found[each.id] = (int(item.number), item.id)
    return found


def last_safety_answer(*, viewer: Viewer, patient_id: UUID) -> SafetyAnswer | None:
    """The newest standing answer to such an item. One query; None where none was ever asked."""
    newest: Assessment | None = (
        Assessment.objects.standing()
        .filter(
            patient__clinic_id=viewer.clinic_id,
            patient_id=patient_id,
            instrument_id__in=list(_flagged()),
            answers__isnull=False,
        )
        .order_by("-on", F("clock").desc(nulls_last=True), "-entered_at")
        .first()
    )
    if newest is None:
        return None
    number, item_id = _flagged()[newest.instrument_id]
    value = (newest.answers or {}).get(item_id)
    flags = instruments.get(newest.instrument_id).safety_flags(item_id, value)
    return SafetyAnswer(short_title(newest.instrument_id), number, value, newest.on, bool(flags))
