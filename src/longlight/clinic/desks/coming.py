"""What the patient's Today says of doses: the last one, the next one, and what holds on the day itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.courses.rules import SessionStatus
from longlight.clinic.dosing.rules import ENDED, SessionState
from longlight.clinic.people.models import Patient
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.rules import LIVE, Kind
from longlight.science import protocols
from longlight.science.protocols import Protocol, VisitKind
from longlight.science.protocols.on_the_day import Advice, Moment, day_of
from longlight.ui.parts import Fact

# A course may be planned for months; a dose within this many days is worth a place on the page.
NEAR_DAYS = 60
NOT_GIVEN = frozenset({SessionState.CANCELLED, SessionState.NO_SHOW, SessionState.LEFT_EARLY})


@dataclass(frozen=True)
class ComingDose:
    """The next dosing visit: when, how long, and what to see to before it."""

    title: str
    on: date
    starts_at: datetime | None
    length: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class DosesSoFar:
    """Where the person stands: today's dosing day, what comes, and what was last."""

    moment: str  # before, here, after, or empty when no dose is today
    place: str
    coming: ComingDose | None
    advice: tuple[Advice, ...]


def doses_so_far(patient: Patient, *, here: datetime) -> DosesSoFar:
    """Read once for the patient's Today: `here` is the patient's own clock."""
    planned = list(
        PlannedSession.objects.filter(
            course__patient=patient,
            kind=VisitKind.DOSING.value,
            on__lte=here.date() + timedelta(days=NEAR_DAYS),
        )
        .exclude(status__in=[SessionStatus.CANCELLED.value, SessionStatus.MISSED.value])
        .select_related("course", "dosing_session")
        .order_by("on")
    )
    todays = next((each for each in planned if each.on == here.date()), None)
    coming = next((each for each in planned if each.on >= here.date() and not _begun(each)), None)
    moment = _moment(todays)
    return DosesSoFar(
        moment,
        _place(planned, here.date()),
        _coming(patient, coming, here) if coming else None,
        _advice(moment),
    )


def _state(planned: PlannedSession) -> SessionState | None:
    session = getattr(planned, "dosing_session", None)
    return SessionState(session.state) if session else None


def _begun(planned: PlannedSession) -> bool:
    return _state(planned) is not None or planned.status == SessionStatus.DONE.value


def _moment(todays: PlannedSession | None) -> str:
    if todays is None:
        return ""
    state = _state(todays)
    if state is None:
        return "before" if todays.status == SessionStatus.PLANNED.value else ""
    if state in NOT_GIVEN:
        return ""
    return "after" if state in ENDED else "here"


def _place(planned: list[PlannedSession], today: date) -> str:
    """Day 3 after Treatment 2; empty before the first."""
    done = [each for each in planned if each.status == SessionStatus.DONE.value and each.on < today]
    if not done:
        return ""
    last = done[-1]
    return _("Day %(n)s after %(what)s") % {"n": (today - last.on).days, "what": last.title}


def _advice(moment: str) -> tuple[Advice, ...]:
    known = {"before": Moment.BEFORE, "after": Moment.AFTER}
    return day_of().at(known[moment]) if moment in known else ()


def _coming(patient: Patient, planned: PlannedSession, here: datetime) -> ComingDose:
    protocol = protocols.get(planned.course.protocol_id, planned.course.protocol_version)
    starts_at = _starts_at(patient, planned, here)
    hours = float(protocol.chair_time.value) / 60
    return ComingDose(
        planned.title,
        planned.on,
        starts_at,
        _("Plan on about %(n)s hours.") % {"n": f"{hours:g}"},
        (_food(protocol, starts_at), *(_fact(each) for each in _told_before())),
    )


def _told_before() -> tuple[Advice, ...]:
    """What the card says: the ride, and that one may not drive."""
    known = day_of()
    return tuple(each for each in known.advice if each.id in {"ride", "driving"})


def _fact(advice: Advice) -> Fact:
    return Fact(advice.title, advice.text, advice.source)


def _starts_at(patient: Patient, planned: PlannedSession, here: datetime) -> datetime | None:
    zone = here.tzinfo
    assert isinstance(zone, ZoneInfo)
    midnight = datetime(planned.on.year, planned.on.month, planned.on.day, tzinfo=zone)
    booked = (
        Appointment.objects.filter(
            patient=patient,
            kind=Kind.DOSING.value,
            status__in=[status.value for status in LIVE],
            start_at__gte=midnight,
            start_at__lt=midnight + timedelta(days=1),
        )
        .order_by("start_at")
        .first()
    )
    return booked.start_at.astimezone(zone) if booked else None


def _food(protocol: Protocol, starts_at: datetime | None) -> Fact:
    """By the clock where the time is known; where no source gives hours, the clinic says."""
    rule = day_of().fasting_for(protocol.dose.route)
    if rule is None:
        return Fact(_("Food"), _("Ask the clinic what you may eat and drink before."))
    hours = (rule.no_food.value, rule.no_drink.value)
    if starts_at is None:
        text = _("Nothing to eat for %(food)s hours before, nothing to drink for %(drink)s.") % {
            "food": f"{hours[0].normalize():f}",
            "drink": f"{hours[1].normalize():f}",
        }
    else:
        eat, drink = (_before(starts_at, float(each)) for each in hours)
        text = _("Nothing to eat from %(eat)s. Clear drinks until %(drink)s.") % {
            "eat": eat,
            "drink": drink,
        }
    return Fact(_("Food"), text, rule.no_food.source)


def _before(starts_at: datetime, hours: float) -> str:
    """A clock time; with its day when that is the day before."""
    moment = starts_at - timedelta(hours=hours)
    clock = time_format(moment, "H:i")
    if moment.date() == starts_at.date():
        return clock
    return f"{clock} {date_format(moment, 'l')}"
