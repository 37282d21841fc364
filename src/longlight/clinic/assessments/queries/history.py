"""One item over time: what a patient answered to it before, whether it raised an alert or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from longlight.clinic.assessments.models import Assessment, KeptAnswer, LateAnswer
from longlight.clinic.assessments.queries.planning import zone_of
from longlight.clinic.assessments.rules import DueStatus
from longlight.clinic.people.access import may_see_chart
from longlight.clinic.people.models import Patient
from longlight.clinic.people.rules import Viewer
from longlight.science import instruments
from longlight.science.instruments import Instrument

NEWEST = 12


@dataclass(frozen=True)
class ItemAnswer:
    """One answer to the item, in its words where they may be shown."""

    on: date
    words: str  # empty: not answered
    source_id: UUID  # what an alert of it names
    is_sent: bool  # else it stands in a check-in that was not sent
    is_late: bool = False  # it came when its check-in took no answer any more


def answers_to_item(
    *, viewer: Viewer, patient: Patient, instrument_id: str, item_number: int, at: datetime
) -> list[ItemAnswer]:
    """The newest answers to one item, newest first; none for who may not open the chart."""
    if not may_see_chart(viewer, patient, at):
        return []
    instrument = instruments.get(instrument_id)
    item_id = next((each.id for each in instrument.items if each.number == item_number), "")
    found = [
        *_sent(patient, instrument, item_id, item_number),
        *_left(patient, instrument, item_id, item_number),
        *_late(patient, instrument, item_id, item_number),
    ]
    return sorted(found, key=lambda each: each.on, reverse=True)[:NEWEST]


def _sent(
    patient: Patient, instrument: Instrument, item_id: str, number: int
) -> Iterator[ItemAnswer]:
    kept = Assessment.objects.standing().filter(
        patient=patient, instrument_id=instrument.id, answers__isnull=False
    )
    for each in kept.select_related("due").order_by("-on", "-entered_at")[:NEWEST]:
        if item_id in (each.answers or {}):
            due = getattr(each, "due", None)
            source_id = due.pk if due is not None else each.pk
            value = (each.answers or {})[item_id]
            yield ItemAnswer(each.on, _words(instrument, number, value), source_id, True)


def _left(
    patient: Patient, instrument: Instrument, item_id: str, number: int
) -> Iterator[ItemAnswer]:
    """What was chosen in check-ins that nobody sent: the newest choice of each."""
    newest: dict[UUID, KeptAnswer] = {}
    chosen = KeptAnswer.objects.filter(
        due__patient=patient, due__instrument_id=instrument.id, item_id=item_id
    ).exclude(due__status=DueStatus.DONE.value)
    for each in chosen.order_by("sequence"):
        newest[each.due_id] = each
    zone = zone_of(patient)
    for each in newest.values():
        on = each.counts_from.astimezone(zone).date()
        yield ItemAnswer(on, _words(instrument, number, each.value_points), each.due_id, False)


def _late(
    patient: Patient, instrument: Instrument, item_id: str, number: int
) -> Iterator[ItemAnswer]:
    zone = zone_of(patient)
    chosen = LateAnswer.objects.filter(
        due__patient=patient, due__instrument_id=instrument.id, item_id=item_id
    )
    for each in chosen.order_by("-chosen_at")[:NEWEST]:
        on = each.chosen_at.astimezone(zone).date()
        words = _words(instrument, number, each.value_points)
        yield ItemAnswer(on, words, each.due_id, False, is_late=True)


def _words(instrument: Instrument, number: int, value: float | None) -> str:
    if value is None:
        return ""
    text = instrument.text("en")
    return (text.label_of(number, value) if text else "") or f"{value:g}"
