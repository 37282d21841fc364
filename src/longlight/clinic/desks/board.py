"""The day's visits for the board: where each person is, what is missing, what is due next, what to press.

Query counts do not grow with the visits: sessions, appointments, answers and readings are each read once for the day.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longlight.clinic.approaches.rules.together import DueChoice
from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.courses.rules import SessionStatus
from longlight.clinic.desks.choices import due_choices, due_words
from longlight.clinic.dosing.models import CheckAnswer, Dose, DosingSession, Reading
from longlight.clinic.dosing.queries import DayLine, dosing_on
from longlight.clinic.dosing.rules import ENDED, SessionState, signs_due_at
from longlight.clinic.people.rules import CHART_ROLES, Viewer
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.rules import Kind, ResourceKind, Status, day_span
from longlight.clinic.screening.models import Consent
from longlight.science import protocols
from longlight.science.protocols import Protocol, VisitKind
from longlight.science.protocols.consents import wording_for
from longlight.ui.parts import ChipState

LIGHT_LINE = (
    SessionState.BOOKED,
    SessionState.ARRIVED,
    SessionState.CLEARED,
    SessionState.IN_PROGRESS,
    SessionState.RECOVERY,
    SessionState.READY_TO_LEAVE,
    SessionState.FINISHED,
)
# Answers of the readiness gate that the board shows, in the words of its chips.
SHOWN_CHECKS = {
    "escort-confirmed": gettext_lazy("Ride"),
    "fasting-met": gettext_lazy("Fasting"),
}


@dataclass(frozen=True)
class Chip:
    state: ChipState
    label: str


@dataclass(frozen=True)
class BoardRow:
    """One visit."""

    line: DayLine
    protocol: Protocol
    approach_title: str
    starts: str
    chair: str
    nurse: str
    chips: tuple[Chip, ...]
    due: str
    due_note: str
    minutes_late: int
    action: str
    action_url: str
    is_post: bool

    @property
    def planned(self) -> PlannedSession:
        return self.line.planned

    @property
    def step(self) -> int:
        state = self.line.state
        return LIGHT_LINE.index(state) if state in LIGHT_LINE else len(LIGHT_LINE) - 1

    @property
    def has_ended(self) -> bool:
        return self.line.state in ENDED


@dataclass(frozen=True)
class _Kept:
    """What was read for the whole day, by patient or session."""

    appointments: dict[UUID, Appointment]
    consents: set[tuple[UUID, str]]
    answers: dict[UUID, dict[str, bool]]
    readings: dict[UUID, Reading]
    doses: dict[UUID, Dose]
    choices: dict[UUID, DueChoice]


def rows_of(*, day: date, viewer: Viewer, zone: str, at: datetime) -> list[BoardRow]:
    """The day's dosing visits, by the time they are booked for."""
    lines = dosing_on(day=day, viewer=viewer)
    kept = _read(lines, day, zone)
    rows = [_row(line, kept, viewer, zone, at) for line in lines]
    return sorted(rows, key=lambda row: (row.starts or "99", row.planned.course.patient.name))


def next_dosing_day(*, after: date, viewer: Viewer) -> date | None:
    """The next day with a dosing visit, for an empty board."""
    later = PlannedSession.objects.filter(
        course__patient__clinic_id=viewer.clinic_id,
        kind=VisitKind.DOSING.value,
        status=SessionStatus.PLANNED.value,
        on__gt=after,
    )
    found: date | None = later.order_by("on").values_list("on", flat=True).first()
    return found


def _read(lines: Iterable[DayLine], day: date, zone: str) -> _Kept:
    patients = [line.planned.course.patient_id for line in lines]
    sessions = [line.session.pk for line in lines if line.session]
    span = day_span(day, zone)
    booked = (
        Appointment.objects.filter(
            patient_id__in=patients, kind=Kind.DOSING.value, start_at__gte=span.start_at,
            start_at__lt=span.end_at,
        )
        .exclude(status__in=[Status.CANCELLED.value, Status.MOVED.value])
        .prefetch_related("holds__resource")
        .order_by("start_at")
    )  # fmt: skip
    consents = (
        Consent.objects.standing()
        .filter(patient_id__in=patients, withdrawal=None)
        .values_list("patient_id", "wording_hash")
    )
    answers: dict[UUID, dict[str, bool]] = defaultdict(dict)
    for answer in CheckAnswer.objects.standing().filter(session_id__in=sessions).order_by("pk"):
        answers[answer.session_id][answer.check_id] = answer.holds
    readings = Reading.objects.standing().filter(session_id__in=sessions)
    doses = Dose.objects.standing().filter(session_id__in=sessions)
    return _Kept(
        {appointment.patient_id: appointment for appointment in booked if appointment.patient_id},
        set(consents),
        answers,
        {reading.session_id: reading for reading in readings.order_by("observed_at", "pk")},
        {dose.session_id: dose for dose in doses},
        due_choices(patients, day),
    )


def _row(line: DayLine, kept: _Kept, viewer: Viewer, zone: str, at: datetime) -> BoardRow:
    course = line.planned.course
    protocol = protocols.get(course.protocol_id, course.protocol_version)
    appointment = kept.appointments.get(course.patient_id)
    due_at = _signs_due_at(line.session, protocol, kept)
    late = int((at - due_at).total_seconds() // 60) if due_at else 0
    action, url, is_post = _action(line, viewer, late > 0)
    return BoardRow(
        line=line,
        protocol=protocol,
        approach_title=protocols.approach(protocol.approach).title,
        starts=f"{appointment.start_at.astimezone(ZoneInfo(zone)):%H:%M}" if appointment else "",
        chair=_held(appointment, ResourceKind.CHAIR),
        nurse=_held(appointment, ResourceKind.STAFF),
        chips=tuple(_chips(line, protocol, kept)) if viewer.role in CHART_ROLES else (),
        due=_due_words(due_at, late),
        due_note=f"{due_at.astimezone(ZoneInfo(zone)):%H:%M}" if due_at else "",
        minutes_late=max(late, 0),
        action=action,
        action_url=url,
        is_post=is_post,
    )


def _held(appointment: Appointment | None, kind: ResourceKind) -> str:
    if appointment is None:
        return ""
    names = [h.resource.name for h in appointment.holds.all() if h.resource.kind == kind.value]
    return ", ".join(sorted(names))


def _chips(line: DayLine, protocol: Protocol, kept: _Kept) -> Iterable[Chip]:
    """What is ready, quiet where it is, and what is missing, filled in."""
    if again := due_words(kept.choices.get(line.planned.course.patient_id)):
        yield Chip(ChipState.MISSING, again)
    has_consent = (line.planned.course.patient_id, wording_for(protocol).hash) in kept.consents
    yield (
        Chip(ChipState.DONE, _("Consent"))
        if has_consent
        else Chip(ChipState.MISSING, _("Consent not signed"))
    )
    if line.session is None:
        yield Chip(ChipState.QUIET, _("Rest on arrival"))
        return
    said = kept.answers.get(line.session.pk, {})
    for check_id, label in SHOWN_CHECKS.items():
        if said.get(check_id) is True:
            yield Chip(ChipState.DONE, str(label))
        else:
            yield Chip(ChipState.MISSING, _("%(what)s not recorded") % {"what": label})
    reading = kept.readings.get(line.session.pk)
    yield (
        Chip(ChipState.DONE, _("Signs"))
        if reading is not None
        else Chip(ChipState.MISSING, _("Signs today not taken"))
    )


def _signs_due_at(
    session: DosingSession | None, protocol: Protocol, kept: _Kept
) -> datetime | None:
    """When the next signs are due by the protocol's watch, as the monitor reckons it."""
    if session is None:
        return None
    reading, dose = kept.readings.get(session.pk), kept.doses.get(session.pk)
    return signs_due_at(
        protocol.monitoring,
        SessionState(session.state),
        started_at=dose.started_at if dose else None,
        taken_at=reading.observed_at if reading else None,
    )


def _due_words(due_at: datetime | None, late: int) -> str:
    if due_at is None:
        return ""
    if late > 0:
        return _("Signs %(n)s min late") % {"n": late}
    return _("Signs in %(n)s min") % {"n": -late}


def _action(line: DayLine, viewer: Viewer, is_late: bool) -> tuple[str, str, bool]:
    """The one next step: its word, where it leads, and whether pressing it already does it."""
    if line.session is None:
        return _("Mark arrived"), reverse("dosing-arrive", args=[line.planned.pk]), True
    if viewer.role not in CHART_ROLES:
        return "", "", False
    words = {
        SessionState.ARRIVED: _("Check readiness"),
        SessionState.CLEARED: _("Start"),
        SessionState.IN_PROGRESS: _("Record signs") if is_late else _("Open"),
        SessionState.RECOVERY: _("Record signs") if is_late else _("Open"),
        SessionState.READY_TO_LEAVE: _("Finish"),
    }.get(line.state, _("Open"))
    return words, reverse("dosing-session", args=[line.session.pk]), False
