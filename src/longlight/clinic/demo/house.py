"""A time and a chair for each of the demo's dosing visits today, and who is told of an alert."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.demo.people import CLINICS, DemoClinic, demo_id
from longlight.clinic.demo.staff import Staff, staff_of
from longlight.clinic.dosing.queries import dosing_on
from longlight.clinic.record.actions import clinic_chain, writing
from longlight.clinic.safety.actions import add_duty
from longlight.clinic.safety.models import SafetyPolicy
from longlight.clinic.safety.rules import Shift
from longlight.clinic.schedule import actions
from longlight.clinic.schedule.models import Appointment, Resource
from longlight.clinic.schedule.rules import Booking, Kind, ResourceKind, instant, usual_lengths

FIRST_VISIT, BETWEEN_VISITS = time(8, 30), timedelta(minutes=15)
# Who stands at which chair today; each visit holds one of them.
AT_THE_CHAIRS = ("J. Oyelaran", "M. Castell", "K. Brandt", "S. Ito")
# Within how many minutes the made-up clinic wants an alert claimed: high, medium, low.
CLAIM_WITHIN_MIN = (60, 24 * 60, 72 * 60)
READS = (time(8), time(17))


def set_safety_times(today: date, at: datetime) -> None:
    """Within what time an alert is claimed at either clinic, and who is told if it is not."""
    for clinic in CLINICS:
        _set_safety_times(clinic, staff_of(clinic), at)


def _set_safety_times(clinic: DemoClinic, staff: Staff, at: datetime) -> None:
    high, medium, low = CLAIM_WITHIN_MIN
    with writing(by=staff.director.actor, at=at) as pen:
        policy, _ = SafetyPolicy.objects.get_or_create(
            clinic_id=clinic.id,
            defaults={
                "claim_high_min": high,
                "claim_medium_min": medium,
                "claim_low_min": low,
                "backup_id": staff.prescriber.account_id,
                "on_call_id": staff.prescriber.account_id,
                "out_of_hours": f"Out of hours the on-call line answers: {clinic.phone}.",
            },
        )
        pen.note(
            "safety-times-set",
            chain=clinic_chain(clinic.id),
            object_kind="safety-policy",
            object_id=policy.pk,
        )
        add_duty(
            shifts=[Shift(day, *READS, staff.nurse.account_id) for day in range(5)],
            viewer=staff.director,
            at=at,
        )


def book_today(today: date, at: datetime) -> None:
    """Give each of the day's dosing visits a time and a chair, the first arrived first."""
    for clinic in CLINICS:
        staff = staff_of(clinic)
        chairs = list(
            Resource.objects.filter(clinic_id=clinic.id, kind=ResourceKind.CHAIR.value).order_by(
                "name"
            )
        )
        nurses = [_nurse_called(clinic, staff, name, at) for name in AT_THE_CHAIRS]
        lines = sorted(
            dosing_on(day=today, viewer=staff.nurse),
            key=lambda line: (line.session_id is None, line.arrived_at),
        )
        planned = PlannedSession.objects.in_bulk([line.planned_id for line in lines])
        at_chairs = list(zip(chairs, nurses, strict=False))
        for place, line in enumerate(lines):
            _book(clinic, staff, planned[line.planned_id], at_chairs, place, today)


def _nurse_called(clinic: DemoClinic, staff: Staff, name: str, at: datetime) -> Resource:
    known = Resource.objects.filter(
        clinic_id=clinic.id, kind=ResourceKind.STAFF.value, name=name
    ).first()
    return known or actions.add_resource(
        viewer=staff.director, at=at, kind=ResourceKind.STAFF, name=name
    )


def _book(
    clinic: DemoClinic,
    staff: Staff,
    planned: PlannedSession,
    pairs: list[tuple[Resource, Resource]],
    place: int,
    today: date,
) -> None:
    booking_id = demo_id("appointment", str(planned.pk))
    if Appointment.objects.filter(pk=booking_id).exists():
        return
    length = usual_lengths()[Kind.DOSING].length
    # Once every chair is taken the next visits wait until the first have left.
    turn, chair = divmod(place, len(pairs))
    start = datetime.combine(today, FIRST_VISIT) + BETWEEN_VISITS * chair + length * turn
    zone = clinic.time_zone
    actions.book(
        viewer=staff.front_desk,
        # Booked the week before, by a clock that stands before the visit.
        at=datetime.combine(today, time(9), ZoneInfo(zone)) - timedelta(days=7),
        booking=Booking(
            id=booking_id,
            kind=Kind.DOSING,
            start_at=instant(start.date(), start.time(), zone),
            length=length,
            resource_ids=frozenset(resource.pk for resource in pairs[chair]),
            patient_id=planned.course.patient_id,
            plan_id=planned.pk,
        ),
    )
