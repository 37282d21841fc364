"""The demo's chairs, appointments of the day, and requests that wait."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from longlight.clinic.demo.people import CLINICS, DemoClinic, demo_id
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.referrals import actions as referrals
from longlight.clinic.referrals.models import Referral, RequestDesk
from longlight.clinic.referrals.rules import (
    Asked,
    Concern,
    ContactMethod,
    Interest,
    LeaveMessage,
    Reached,
)
from longlight.clinic.schedule import actions as schedule
from longlight.clinic.schedule.models import Appointment, OpeningHours, Resource
from longlight.clinic.schedule.rules import Booking, Hours, Kind, ResourceKind, usual_lengths

CHAIRS = ("Chair 1", "Chair 2", "Chair 3", "Chair 4")
ROOMS = ("Talk room", "Quiet room")
CARERS = (Role.NURSE, Role.PRESCRIBER, Role.THERAPIST)
# Hour of the day, kind, and which of the clinic's patients. Dosing visits are booked by `house`, from the plans.
DAY = (
    (14.5, Kind.REVIEW, 1),
    (11.0, Kind.REVIEW, 0),
    (16.0, Kind.THERAPY, 2),
)


@dataclass(frozen=True)
class DemoRequest:
    name: str
    hours_ago: int
    concern: Concern
    method: ContactMethod
    value: str
    interest: Interest | None = None
    note: str = ""
    is_tried: bool = False


REQUESTS = (
    DemoRequest(
        "Sol Marten", 30, Concern.CARE, ContactMethod.PHONE, "215 555 0134", Interest.NOT_SURE,
        "I would like to understand what a first talk is like.",
    ),
    DemoRequest(
        "Bartholomew Featherstonehaugh-Cholmondeley", 20, Concern.CARE_FOR_OTHER,
        ContactMethod.EMAIL, "bart@demo.example", is_tried=True,
    ),
    DemoRequest("דנה לוי", 5, Concern.CARE, ContactMethod.NONE, "", Interest.THERAPY),
    DemoRequest("Robin", 2, Concern.WORK, ContactMethod.TEXT, "215 555 0178"),
)  # fmt: skip


def build_arrivals(today: date, at: datetime) -> None:
    """What can be booked, what is booked today, and who asks; what an earlier build left stays."""
    for clinic in CLINICS:
        _keep_house(clinic, at)
        _keep_day(clinic, today)
        _keep_requests(clinic, today)


def _viewer(clinic: DemoClinic, role: Role) -> Viewer:
    name = next(name for own, name in clinic.staff if own is role)
    return Viewer(demo_id("account", clinic.slug, role), name, role, clinic.id)


def _director(clinic: DemoClinic) -> Viewer:
    return _viewer(clinic, next(role for role, _ in clinic.staff if role is Role.DIRECTOR))


def _keep_house(clinic: DemoClinic, at: datetime) -> None:
    director = _director(clinic)
    carers = [name for role, name in clinic.staff if role in CARERS]
    wanted = (
        [(ResourceKind.CHAIR, name) for name in CHAIRS]
        + [(ResourceKind.ROOM, name) for name in ROOMS]
        + [(ResourceKind.STAFF, name) for name in carers]
    )
    there = set(Resource.objects.filter(clinic_id=clinic.id).values_list("kind", "name"))
    for kind, name in wanted:
        if (kind.value, name) not in there:
            schedule.add_resource(viewer=director, at=at, kind=kind, name=name)
    if not OpeningHours.objects.filter(clinic_id=clinic.id).exists():
        week = [Hours(weekday, time(8), time(18)) for weekday in range(7)]
        schedule.set_opening_hours(viewer=director, at=at, hours=week)
    if not RequestDesk.objects.filter(clinic_id=clinic.id).exists():
        staff = Resource.objects.filter(clinic_id=clinic.id, kind=ResourceKind.STAFF.value)
        referrals.arrange_desk(
            viewer=director, at=at, takes_requests=True, target_h=24,
            readers="Two people at the front desk", hours="every day from 9 to 5",
            first_talks_with=list(staff.values_list("pk", flat=True)[:2]),
        )  # fmt: skip


def _keep_day(clinic: DemoClinic, today: date) -> None:
    """Today's appointments, booked a week ago."""
    midnight = datetime.combine(today, time(0), ZoneInfo(clinic.time_zone))
    staff = list(Resource.objects.filter(clinic_id=clinic.id, kind="staff").order_by("name"))
    for number, (hour, kind, who) in enumerate(DAY):
        made = demo_id("appointment", clinic.slug, today.isoformat(), str(number))
        if who >= len(clinic.patients) or Appointment.objects.filter(pk=made).exists():
            continue
        held = {staff[number % len(staff)].pk}
        schedule.book(
            viewer=_director(clinic),
            at=(midnight - timedelta(days=7)).astimezone(UTC),
            booking=Booking(
                made,
                kind,
                (midnight + timedelta(hours=hour)).astimezone(UTC),
                usual_lengths()[kind].length,
                frozenset(held),
                demo_id("patient", clinic.slug, clinic.patients[who].number),
            ),
        )


def _keep_requests(clinic: DemoClinic, today: date) -> None:
    noon = datetime.combine(today, time(12), ZoneInfo(clinic.time_zone)).astimezone(UTC)
    director = _director(clinic)
    for wanted in REQUESTS:
        made = demo_id("referral", clinic.slug, wanted.name)
        if Referral.objects.filter(pk=made).exists():
            continue
        received_at = noon - timedelta(hours=wanted.hours_ago)
        asked = Asked(
            id=made, clinic_id=clinic.id, concern=wanted.concern, name=wanted.name,
            contact_method=wanted.method, contact_value=wanted.value,
            leave_message=LeaveMessage.NO, interest=wanted.interest, note=wanted.note,
        )  # fmt: skip
        referral = referrals.ask(at=received_at, asked=asked, address_hash=str(made))
        if wanted.is_tried:
            step = referrals.Step(
                director, received_at + timedelta(hours=3), referral.pk, referral.version
            )
            referrals.log_contact(
                step=step, attempt_id=demo_id("attempt", str(made)),
                method=wanted.method, outcome=Reached.NO_ANSWER,
            )  # fmt: skip
