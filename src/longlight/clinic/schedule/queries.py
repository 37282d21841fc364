"""What is known of the schedule: a day by chair, one appointment, the next free times."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.people.queries import clinic_of
from longlight.clinic.people.rules import Viewer
from longlight.clinic.schedule.models import Appointment, Hold, OpeningHours, Resource
from longlight.clinic.schedule.rules import (
    LIVE,
    Hours,
    ResourceKind,
    Span,
    day_span,
    open_spans,
    openings,
)

SEARCH_DAYS = 28


@dataclass(frozen=True)
class Block:
    """A stretch of a lane: an appointment, or free time (`appointment` is None)."""

    start_at: datetime  # in the clinic's zone
    end_at: datetime
    appointment: Appointment | None = None


@dataclass(frozen=True)
class Lane:
    """One chair, room or person through a day."""

    resource: Resource
    blocks: tuple[Block, ...]

    @property
    def booked(self) -> int:
        return sum(block.appointment is not None for block in self.blocks)


@dataclass(frozen=True)
class DayPlan:
    """A day at a clinic, lane by lane, and what was booked for it and then given up."""

    clinic: Clinic
    day: date
    is_open: bool
    lanes: tuple[Lane, ...]
    ended: tuple[Appointment, ...]

    @property
    def zone_name(self) -> str:
        """The zone's short name on this day, such as EST."""
        noon = datetime.combine(self.day, time(12), ZoneInfo(self.clinic.time_zone))
        return noon.tzname() or ""


def resources(viewer: Viewer) -> QuerySet[Resource]:
    """The chairs, rooms and staff that can be booked at the viewer's clinic, chairs first."""
    return Resource.objects.filter(clinic_id=viewer.clinic_id, is_active=True).order_by(
        "kind", "name"
    )


def patient_by_number(viewer: Viewer, number: str) -> Patient | None:
    """The patient of the viewer's clinic who has this number, in whatever case it is written."""
    return Patient.objects.filter(clinic_id=viewer.clinic_id, number__iexact=number).first()


def appointments(viewer: Viewer) -> QuerySet[Appointment]:
    """The appointments of the viewer's clinic; a patient's own, when a patient looks."""
    found = Appointment.objects.filter(clinic_id=viewer.clinic_id).select_related("patient")
    return found if viewer.patient_id is None else found.filter(patient_id=viewer.patient_id)


def appointment(viewer: Viewer, appointment_id: UUID) -> Appointment | None:
    return (
        appointments(viewer)
        .select_related("clinic", "moved_from")
        .prefetch_related("holds__resource")
        .filter(pk=appointment_id)
        .first()
    )


def booked_of_clinic(clinic: Clinic, first: date, days: int) -> QuerySet[Appointment]:
    """What stands booked on so many days from the first, by the clinic's calendar, in order."""
    begin = day_span(first, clinic.time_zone).start_at
    end = day_span(first + timedelta(days=days), clinic.time_zone).start_at
    return (
        Appointment.objects.filter(clinic=clinic, start_at__gte=begin, start_at__lt=end)
        .filter(status__in=[status.value for status in LIVE])
        .select_related("patient")
        .prefetch_related("holds__resource")
        .order_by("start_at", "pk")
    )


def times_of_plans(clinic_id: UUID, plan_ids: Collection[UUID]) -> dict[UUID, Appointment]:
    """The appointment that stands for each planned visit that has one."""
    found = Appointment.objects.filter(
        clinic_id=clinic_id, plan_id__in=plan_ids, status__in=[status.value for status in LIVE]
    ).prefetch_related("holds__resource")
    return {one.plan_id: one for one in found if one.plan_id is not None}


def successor(viewer: Viewer, appointment_id: UUID) -> Appointment | None:
    """What an appointment was moved to."""
    return appointments(viewer).filter(moved_from_id=appointment_id).first()


def current(appointment: Appointment) -> Appointment:
    """The appointment that stands: itself, or what it was moved to in the end."""
    while True:
        moved_to = Appointment.objects.filter(moved_from=appointment).first()
        if moved_to is None:
            return appointment
        appointment = moved_to


def opening_hours(clinic_id: UUID) -> list[Hours]:
    rows = OpeningHours.objects.filter(clinic_id=clinic_id)
    return [Hours(row.weekday, row.opens_at, row.closes_at) for row in rows]


def day_plan(viewer: Viewer, day: date) -> DayPlan:
    """One day, by chair, room and person."""
    clinic = clinic_of(viewer)
    zone = ZoneInfo(clinic.time_zone)
    whole = day_span(day, clinic.time_zone)
    opened = list(open_spans(opening_hours(clinic.pk), clinic.time_zone, day, 1))
    held: dict[int, list[Hold]] = {}
    for hold in (
        Hold.objects.filter(
            resource__clinic_id=viewer.clinic_id,
            is_released=False,
            start_at__lt=whole.end_at,
            end_at__gt=whole.start_at,
        )
        .select_related("appointment__patient")
        .order_by("start_at")
    ):
        held.setdefault(hold.resource_id, []).append(hold)
    lanes = tuple(
        Lane(resource, tuple(_blocks(held.get(resource.pk, []), opened, zone)))
        for resource in resources(viewer)
    )
    ended = (
        appointments(viewer)
        .filter(start_at__gte=whole.start_at, start_at__lt=whole.end_at)
        .exclude(status__in=[status.value for status in LIVE])
        .order_by("start_at")
    )
    return DayPlan(clinic, day, bool(opened), lanes, tuple(ended))


def _blocks(held: list[Hold], opened: list[Span], zone: ZoneInfo) -> list[Block]:
    """The lane's appointments, and between them the free stretches of the opening hours."""
    blocks = [
        Block(hold.start_at.astimezone(zone), hold.end_at.astimezone(zone), hold.appointment)
        for hold in held
    ]
    for span in opened:
        start = span.start_at
        for hold in held:
            if start < hold.start_at < span.end_at:
                blocks.append(Block(start.astimezone(zone), hold.start_at.astimezone(zone)))
            start = max(start, hold.end_at)
        if start < span.end_at:
            blocks.append(Block(start.astimezone(zone), span.end_at.astimezone(zone)))
    return sorted(blocks, key=lambda block: block.start_at)


def clashes(
    resource_ids: Collection[int], patient_id: UUID | None, span: Span, *, besides: UUID | None
) -> list[str]:
    """A sentence for each thing that is taken in a stretch of time. Called with the resources locked."""
    found = [
        _("{name} is taken from {start} to {end}.").format(
            name=hold.resource.name, **_clocks(hold, hold.resource.clinic.time_zone)
        )
        for hold in _holds_in(resource_ids, span, besides).select_related("resource__clinic")
    ]
    if patient_id is not None:
        same = Appointment.objects.filter(
            patient_id=patient_id,
            status__in=[status.value for status in LIVE],
            start_at__lt=span.end_at,
            end_at__gt=span.start_at,
        ).select_related("clinic")
        found += [
            _("The patient already has an appointment from {start} to {end}.").format(
                **_clocks(one, one.clinic.time_zone)
            )
            for one in same
            if one.pk != besides
        ]
    return found


def _holds_in(resource_ids: Collection[int], span: Span, besides: UUID | None) -> QuerySet[Hold]:
    held = Hold.objects.filter(
        resource_id__in=resource_ids,
        is_released=False,
        start_at__lt=span.end_at,
        end_at__gt=span.start_at,
    ).order_by("resource__name", "start_at")
    return held if besides is None else held.exclude(appointment_id=besides)


def _clocks(row: Hold | Appointment, zone: str) -> dict[str, str]:
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (row.start_at, row.end_at))
    return {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}


def next_openings(
    *,
    clinic: Clinic,
    resource_ids: Collection[int],
    length: timedelta,
    after: datetime,
    count: int = 3,
) -> list[datetime]:
    """The next times, in the clinic's zone, at which all of these are free together."""
    zone = ZoneInfo(clinic.time_zone)
    first = after.astimezone(zone).date()
    until = day_span(first + timedelta(days=SEARCH_DAYS), clinic.time_zone).end_at
    opened = open_spans(opening_hours(clinic.pk), clinic.time_zone, first, SEARCH_DAYS)
    busy: Iterable[Span] = [
        Span(hold.start_at, hold.end_at)
        for hold in _holds_in(resource_ids, Span(after, until), None)
    ]
    return [
        moment.astimezone(zone) for moment in islice(openings(opened, busy, length, after), count)
    ]


@dataclass
class FreeTimes:
    """What is free in a stretch of days: read once, then asked day by day. `take` keeps a time that is wished."""

    zone: str
    opened: dict[date, list[Span]]
    busy: dict[int, list[Span]]
    patient: list[Span]
    after: datetime

    def on(self, day: date, resource_ids: Iterable[int], length: timedelta) -> list[datetime]:
        """The quarter hours of a day, by the clinic's clock, at which all of these and the patient are free."""
        taken = [*self.patient, *(span for one in resource_ids for span in self.busy.get(one, []))]
        found = openings(self.opened.get(day, []), taken, length, self.after)
        return [moment.astimezone(ZoneInfo(self.zone)) for moment in found]

    def take(self, start: datetime, length: timedelta, resource_ids: Iterable[int]) -> None:
        span = Span(start, start + length)
        self.patient.append(span)
        for one in resource_ids:
            self.busy.setdefault(one, []).append(span)


def free_times(
    *,
    clinic: Clinic,
    resource_ids: Collection[int],
    patient_id: UUID,
    first: date,
    last: date,
    after: datetime,
) -> FreeTimes:
    """What is free of these resources and this patient from one day to another."""
    zone = clinic.time_zone
    whole = Span(day_span(first, zone).start_at, day_span(last, zone).end_at)
    opened: dict[date, list[Span]] = {}
    for span in open_spans(opening_hours(clinic.pk), zone, first, (last - first).days + 1):
        opened.setdefault(span.start_at.astimezone(ZoneInfo(zone)).date(), []).append(span)
    busy: dict[int, list[Span]] = {}
    for hold in _holds_in(resource_ids, whole, None):
        busy.setdefault(hold.resource_id, []).append(Span(hold.start_at, hold.end_at))
    mine = Appointment.objects.filter(
        patient_id=patient_id,
        status__in=[status.value for status in LIVE],
        start_at__lt=whole.end_at,
        end_at__gt=whole.start_at,
    )
    patient = [Span(one.start_at, one.end_at) for one in mine]
    return FreeTimes(zone, opened, busy, patient, after)


def first_free_of_kind(
    viewer: Viewer, kind: ResourceKind, span: Span, *, prefer: UUID | None = None
) -> Resource | None:
    """A chair, room or person that is free for a stretch; the preferred account's when it is."""
    free = [
        resource
        for resource in resources(viewer).filter(kind=kind.value)
        if not _holds_in([resource.pk], span, None).exists()
    ]
    return next((one for one in free if one.account_id == prefer), free[0] if free else None)
