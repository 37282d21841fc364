"""How each clinic reminds, and how each patient is reached: read for many patients at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from longlight.clinic.assessments.models import ReminderLadder
from longlight.clinic.assessments.queries.planning import zone_of
from longlight.clinic.contact.models import ContactPreference, Message
from longlight.clinic.contact.queries import refusing_addresses
from longlight.clinic.contact.rules import Channel, MessageKind, PreferredChannel, reach
from longlight.clinic.people.models import Patient
from longlight.science.schedules import Usual, Wall, usual

A_WEEK = timedelta(days=7)
EVERY_CHANNEL = frozenset(Channel)


@dataclass(frozen=True)
class Reminding:
    """A clinic's ladder: the usual one, or its own; by which ways, and how many in a week."""

    usual: Usual
    channels: frozenset[Channel] = EVERY_CHANNEL
    most_in_a_week: int | None = None
    own: ReminderLadder | None = None  # none: as is usual

    @property
    def hours(self) -> list[int]:
        return [int(each / timedelta(hours=1)) for each in self.usual.reminders]


def reminding_of(clinic_ids: Collection[UUID]) -> dict[UUID, Reminding]:
    """How each of these clinics reminds."""
    newest: dict[UUID, ReminderLadder] = {}
    for each in ReminderLadder.objects.filter(clinic_id__in=clinic_ids).order_by("set_at", "pk"):
        newest[each.clinic_id] = each
    return {each: _reminding(newest.get(each)) for each in clinic_ids}


def _reminding(ladder: ReminderLadder | None) -> Reminding:
    if ladder is None or not ladder.reminders_h:
        return Reminding(usual())
    hours = tuple(timedelta(hours=each) for each in ladder.reminders_h)
    channels = frozenset(Channel(each) for each in ladder.channels)
    own = replace(usual(), reminders=hours)
    return Reminding(own, channels, ladder.most_in_a_week, ladder)


@dataclass
class Way:
    """How one patient is reached, when not, and what went out lately."""

    wall: Wall
    reminding: Reminding
    reach: tuple[Channel, str] | None  # none: somebody telephones
    sent: list[datetime]  # in the last week; asked for only where the clinic has a limit


def ways_to(patients: Collection[Patient], at: datetime) -> dict[UUID, Way]:
    """How each of these patients is reached now. Their clinics must be loaded."""
    ids = {each.pk for each in patients}
    preferences = {
        each.patient_id: each for each in ContactPreference.objects.filter(patient_id__in=ids)
    }
    reminding = reminding_of({each.clinic_id for each in patients})
    refusing = refusing_addresses(ids)
    limited = {each.pk for each in patients if reminding[each.clinic_id].most_in_a_week}
    sent = _sent_lately(limited, at)
    found = {}
    for each in patients:
        preference, own = preferences.get(each.pk), reminding[each.clinic_id]
        reached = _reach(each, preference)
        if reached and (reached[0] not in own.channels or (each.pk, reached[1]) in refusing):
            reached = None
        found[each.pk] = Way(wall_of(each, preference), own, reached, sent[each.pk])
    return found


def _sent_lately(patient_ids: Collection[UUID], at: datetime) -> dict[UUID, list[datetime]]:
    found: dict[UUID, list[datetime]] = defaultdict(list)
    if patient_ids:
        about = Message.objects.filter(
            kind=MessageKind.QUESTIONS_WAITING.value, patient_id__in=patient_ids,
            queued_at__gt=at - A_WEEK,
        )  # fmt: skip
        for patient_id, queued_at in about.values_list("patient_id", "queued_at"):
            if patient_id is not None:
                found[patient_id].append(queued_at)
    return found


def wall_of(patient: Patient, preference: ContactPreference | None) -> Wall:
    """Where the patient is, and when it is quiet there."""
    custom = usual()
    if preference is None:
        return Wall(zone_of(patient), custom.quiet_from, custom.quiet_until)
    return Wall(zone_of(patient), preference.quiet_from, preference.quiet_until)


def _reach(patient: Patient, preference: ContactPreference | None) -> tuple[Channel, str] | None:
    preferred = PreferredChannel(preference.channel) if preference else None
    return reach(preferred, patient.email, patient.phone)
