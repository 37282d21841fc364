"""The day's visits for the board: where each person is, what is missing, what is due next, what to press.

Query counts do not grow with the visits: sessions, appointments, answers and readings are each read once for the day.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from longlight.clinic.approaches.rules.together import DueChoice
from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.courses.rules import SessionStatus
from longlight.clinic.desks.choices import due_choices, due_words
from longlight.clinic.dosing.actions.locking import AT_THE_CHAIR
from longlight.clinic.dosing.models import CheckAnswer, Dose, DoseOrder, Reading
from longlight.clinic.dosing.queries import DayLine, dosing_on
from longlight.clinic.dosing.rules import ENDED, SessionState, signs_due_at
from longlight.clinic.people.rules import CHART_ROLES, Viewer
from longlight.clinic.schedule.models import Appointment
from longlight.clinic.schedule.rules import Kind, ResourceKind, Status, day_span
from longlight.clinic.screening.models import Consent
from longlight.science import protocols
from longlight.science.protocols import Protocol, VisitKind
from longlight.science.protocols.consents import wording_for
from longlight.ui.parts import Chip, ChipState

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
class BoardRow:
    """One visit: plain values, by which a row can be told from what it was."""

    line: DayLine
    approach_title: str
    starts: str
    ends: str
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
    def step(self) -> int:
        state = self.line.state
        return LIGHT_LINE.index(state) if state in LIGHT_LINE else len(LIGHT_LINE) - 1

    @property
    def has_ended(self) -> bool:
        return self.line.state in ENDED


@dataclass(frozen=True)
class _Booked:
    """When a visit is booked for, and what is held for it by name."""

    start_at: datetime
    end_at: datetime
    held: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def names(self, kind: ResourceKind) -> str:
        return ", ".join(sorted(self.held[kind.value]))


@dataclass(frozen=True)
class _Kept:
    """What was read for the whole day, by patient or session."""

    booked: dict[UUID, _Booked]
    consents: set[tuple[UUID, str]]
    answers: dict[UUID, dict[str, bool]]
    taken_at: dict[UUID, datetime]  # of each session's latest signs
    started_at: dict[UUID, datetime]  # of each session's dose
    ordered_by: dict[UUID, UUID]  # of a session whose dose waits for its second check
    choices: dict[UUID, DueChoice]


def rows_of(*, day: date, viewer: Viewer, zone: str, at: datetime) -> list[BoardRow]:
    """The day's dosing visits, by the time they are booked for."""
    lines = dosing_on(day=day, viewer=viewer)
    kept = _read(lines, day, zone)
    rows = [_row(line, kept, viewer, zone, at) for line in lines]
    return sorted(rows, key=lambda row: (row.starts or "99", row.line.patient_name))


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
    """Only the columns that a row shows: the board is asked for all day, by everybody."""
    patients = [line.patient_id for line in lines]
    sessions = [line.session_id for line in lines if line.session_id]
    consents = (
        Consent.objects.standing()
        .filter(patient_id__in=patients, withdrawal=None)
        .values_list("patient_id", "wording_hash")
    )
    answers: dict[UUID, dict[str, bool]] = defaultdict(dict)
    said = CheckAnswer.objects.standing().filter(session_id__in=sessions).order_by("pk")
    for session_id, check_id, holds in said.values_list("session_id", "check_id", "holds"):
        answers[session_id][check_id] = holds
    readings = Reading.objects.standing().filter(session_id__in=sessions).order_by()
    doses = Dose.objects.standing().filter(session_id__in=sessions)
    unchecked = DoseOrder.objects.standing().filter(session_id__in=sessions, checked_at=None)
    return _Kept(
        _booked(patients, day, zone),
        set(consents),
        answers,
        dict(readings.values_list("session_id").annotate(Max("observed_at"))),
        dict(doses.values_list("session_id", "started_at")),
        dict(unchecked.values_list("session_id", "ordered_by_id")),
        due_choices(patients, day),
    )


def _booked(patients: list[UUID], day: date, zone: str) -> dict[UUID, _Booked]:
    """The last dosing appointment of the day of each patient, with its chair and its staff."""
    span = day_span(day, zone)
    rows = (
        Appointment.objects.filter(
            patient_id__in=patients, kind=Kind.DOSING.value, start_at__gte=span.start_at,
            start_at__lt=span.end_at,
        )
        .exclude(status__in=[Status.CANCELLED.value, Status.MOVED.value])
        .order_by("start_at", "pk")
        .values_list("patient_id", "pk", "start_at", "end_at", "holds__resource__kind", "holds__resource__name")
    )  # fmt: skip
    found: dict[UUID, tuple[UUID, _Booked]] = {}
    for patient_id, appointment_id, start_at, end_at, kind, name in rows:
        if patient_id not in found or found[patient_id][0] != appointment_id:
            found[patient_id] = (appointment_id, _Booked(start_at, end_at))
        if kind is not None:
            found[patient_id][1].held[kind].append(name)
    return {patient_id: booked for patient_id, (_id, booked) in found.items()}


def _row(line: DayLine, kept: _Kept, viewer: Viewer, zone: str, at: datetime) -> BoardRow:
    protocol = protocols.get(line.protocol_id, line.protocol_version)
    booked = kept.booked.get(line.patient_id)
    due_at = _signs_due_at(line, protocol, kept)
    late = int((at - due_at).total_seconds() // 60) if due_at else 0
    action, url, is_post = _action(line, kept, viewer, late > 0)
    return BoardRow(
        line=line,
        approach_title=protocols.approach(protocol.approach).title,
        starts=_clock(booked.start_at, zone) if booked else "",
        ends=_clock(booked.end_at, zone) if booked else "",
        chair=booked.names(ResourceKind.CHAIR) if booked else "",
        nurse=booked.names(ResourceKind.STAFF) if booked else "",
        chips=_chips(line, protocol, kept) if viewer.role in CHART_ROLES else (),
        due=_due_words(due_at, late),
        due_note=_clock(due_at, zone) if due_at else "",
        minutes_late=max(late, 0),
        action=action,
        action_url=url,
        is_post=is_post,
    )


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def _chips(line: DayLine, protocol: Protocol, kept: _Kept) -> tuple[Chip, ...]:
    """What is ready, quiet where it is, and what is missing, filled in."""
    again = due_words(kept.choices.get(line.patient_id))
    first = (Chip(ChipState.MISSING, again),) if again else ()
    has_consent = (line.patient_id, wording_for(protocol).hash) in kept.consents
    if line.session_id is None:
        return first + _chips_before_arrival(has_consent, get_language())
    said = kept.answers.get(line.session_id, {})
    return first + _chips_since_arrival(
        has_consent,
        tuple(said.get(check_id) is True for check_id in SHOWN_CHECKS),
        line.session_id in kept.taken_at,
        line.state is SessionState.ARRIVED and line.session_id in kept.ordered_by,
        get_language(),
    )


# Sixty rows say the same few things; their words are looked up once.
@lru_cache
def _chips_before_arrival(has_consent: bool, language: str | None) -> tuple[Chip, ...]:
    return (_consent_chip(has_consent), Chip(ChipState.QUIET, _("Rest on arrival")))


@lru_cache
def _chips_since_arrival(
    has_consent: bool, checks: tuple[bool, ...], has_signs: bool, waits: bool, language: str | None
) -> tuple[Chip, ...]:
    chips = [_consent_chip(has_consent)]
    for label, holds in zip(SHOWN_CHECKS.values(), checks, strict=True):
        if holds:
            chips.append(Chip(ChipState.DONE, str(label)))
        else:
            chips.append(Chip(ChipState.MISSING, _("%(what)s not recorded") % {"what": label}))
    if has_signs:
        chips.append(Chip(ChipState.DONE, _("Signs")))
    else:
        chips.append(Chip(ChipState.MISSING, _("Signs today not taken")))
    if waits:
        chips.append(Chip(ChipState.MISSING, _("Second check waits")))
    return tuple(chips)


def _consent_chip(has_consent: bool) -> Chip:
    if has_consent:
        return Chip(ChipState.DONE, _("Consent"))
    return Chip(ChipState.MISSING, _("Consent not signed"))


def _signs_due_at(line: DayLine, protocol: Protocol, kept: _Kept) -> datetime | None:
    """When the next signs are due by the protocol's watch, as the monitor reckons it."""
    if line.session_id is None:
        return None
    return signs_due_at(
        protocol.monitoring,
        line.state,
        started_at=kept.started_at.get(line.session_id),
        taken_at=kept.taken_at.get(line.session_id),
    )


def _due_words(due_at: datetime | None, late: int) -> str:
    if due_at is None:
        return ""
    if late > 0:
        return _("Signs %(n)s min late") % {"n": late}
    return _("Signs in %(n)s min") % {"n": -late}


def _action(line: DayLine, kept: _Kept, viewer: Viewer, is_late: bool) -> tuple[str, str, bool]:
    """The one next step: its word, where it leads, and whether pressing it already does it."""
    if line.session_id is None:
        return _("Mark arrived"), reverse("dosing-arrive", args=[line.planned_id]), True
    if viewer.role not in CHART_ROLES:
        return "", "", False
    ordered_by = kept.ordered_by.get(line.session_id)
    may_check = viewer.role in AT_THE_CHAIR and ordered_by not in {None, viewer.account_id}
    if line.state is SessionState.ARRIVED and may_check:
        return _("Check the dose"), reverse("dosing-second", args=[line.session_id]), False
    if is_late and line.state in {SessionState.IN_PROGRESS, SessionState.RECOVERY}:
        words = _("Record signs")
    else:
        words = str(_NEXT_STEPS.get(line.state, _NEXT_STEPS[SessionState.IN_PROGRESS]))
    return words, reverse("dosing-session", args=[line.session_id]), False


_NEXT_STEPS = {
    SessionState.ARRIVED: gettext_lazy("Check readiness"),
    SessionState.CLEARED: gettext_lazy("Start"),
    SessionState.IN_PROGRESS: gettext_lazy("Open"),
    SessionState.READY_TO_LEAVE: gettext_lazy("Finish"),
}
