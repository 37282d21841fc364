"""What is known of a dosing day: its facts for the gates, its readings, its log; and the day's sessions."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Max

from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.courses.rules import SessionStatus
from longlight.clinic.dosing.models import (
    CheckAnswer,
    Dose,
    DoseOrder,
    DosingSession,
    Happening,
    Reading,
)
from longlight.clinic.dosing.rules import (
    OF_THE_PUMP,
    HappeningKind,
    PumpStep,
    SessionState,
    signs_due_at,
    steps_after,
)
from longlight.clinic.people.access import require_chart
from longlight.clinic.people.rules import Viewer
from longlight.clinic.schedule.models import Hold
from longlight.clinic.schedule.rules import Kind, ResourceKind, Status, day_span
from longlight.clinic.screening.queries import newest_decision, standing_consent
from longlight.science import protocols
from longlight.science.protocols import Outcome, Protocol, Reason, VisitKind
from longlight.science.protocols.consents import wording_for
from longlight.science.protocols.gates import Check, Gate
from longlight.science.protocols.gates import Fact as GateFact

# Checks whose answer is kept elsewhere, or follows from the clock; nobody ticks them.
DERIVED = frozenset(
    {
        "consent-current", "screening-fit", "weight-today", "dose-double-checked", "systolic",
        "diastolic", "heart-rate", "oxygen-saturation", "minutes-since", "escort-present",
    }
)  # fmt: skip


@dataclass(frozen=True)
class AskedCheck:
    """A check that a person answers, and the newest answer."""

    check: Check
    answer: CheckAnswer | None


class DosingDay:
    """One session with everything that was kept of it, each read once."""

    def __init__(self, session: DosingSession, at: datetime) -> None:
        self.session = session
        self.at = at
        course = session.planned.course
        self.protocol: Protocol = protocols.get(course.protocol_id, course.protocol_version)

    # Each is read when it is first asked for: to store a row of signs asks for none of them.

    @cached_property
    def readings(self) -> list[Reading]:
        return list(self.session.readings.order_by("observed_at", "pk"))

    @cached_property
    def answers(self) -> dict[tuple[str, str], CheckAnswer]:
        rows = CheckAnswer.objects.standing().filter(session=self.session).order_by("at", "pk")
        return {(answer.gate_id, answer.check_id): answer for answer in rows}

    @property
    def state(self) -> SessionState:
        return SessionState(self.session.state)

    def state_at(self, moment: datetime) -> SessionState:
        """The state at a moment, for what was noted then and arrives only now."""
        dose, ended_at = self.dose, self.session.ended_at
        if dose and dose.ended_at and dose.started_at <= moment < dose.ended_at:
            return SessionState.IN_PROGRESS
        if ended_at is not None and moment <= ended_at:
            return SessionState.RECOVERY
        return self.state

    @cached_property
    def order(self) -> DoseOrder | None:
        return (
            DoseOrder.objects.standing()
            .filter(session=self.session)
            .order_by("-ordered_at")
            .first()
        )

    @cached_property
    def dose(self) -> Dose | None:
        return Dose.objects.standing().filter(session=self.session).order_by("-started_at").first()

    @cached_property
    def happenings(self) -> list[Happening]:
        return list(self.session.happenings.order_by("observed_at", "pk"))

    @property
    def standing_happenings(self) -> list[Happening]:
        return [happening for happening in self.happenings if happening.stands]

    @property
    def planned_rate_mg_per_min(self) -> Decimal | None:
        """The rate that gives the ordered dose in the protocol's time; None where no pump gives it."""
        duration = self.protocol.dose.duration
        if self.order is None or duration is None:
            return None
        return (self.order.dose_mg / duration.value).quantize(Decimal("0.001"))

    @cached_property
    def pump_steps(self) -> list[PumpStep]:
        """From when the pump ran at which rate, as it was noted; empty where no pump gives the dose."""
        if self.dose is None or self.planned_rate_mg_per_min is None:
            return []
        steps = [PumpStep(self.dose.started_at, self.planned_rate_mg_per_min)]
        for happening in self.standing_happenings:
            kind = HappeningKind(happening.kind)
            if kind in OF_THE_PUMP:
                steps = steps_after(steps, kind, happening.observed_at, happening.rate_mg_per_min)
        return steps

    @property
    def signs_due_at(self) -> datetime | None:
        """When the protocol's watch asks for signs next."""
        taken = [r.observed_at for r in self.standing_readings if r.has_signs]
        return signs_due_at(
            self.protocol.monitoring,
            self.state,
            started_at=self.dose.started_at if self.dose else None,
            taken_at=max(taken, default=None),
        )

    @property
    def standing_readings(self) -> list[Reading]:
        return [reading for reading in self.readings if reading.stands]

    def latest(self, sign: str) -> int | Decimal | None:
        """The newest value of a sign, such as `systolic_mmhg`."""
        for reading in reversed(self.standing_readings):
            value: int | Decimal | None = getattr(reading, sign)
            if value is not None:
                return value
        return None

    @property
    def weight_kg(self) -> Decimal | None:
        weight = self.latest("weight_kg")
        return None if weight is None else Decimal(weight)

    @property
    def minutes_since_dose(self) -> Decimal | None:
        """Minutes since the time from which the protocol counts the stay."""
        if self.dose is None:
            return None
        counted_from = (
            self.dose.ended_at
            if self.protocol.monitoring.minimum_stay_from == "end of dose"
            else self.dose.started_at
        )
        if counted_from is None:
            return None
        # Of a day that lies behind, up to when the person left.
        until = self.session.ended_at or self.at
        return Decimal(int((until - counted_from).total_seconds() // 60))

    def _fact(self, gate: Gate, check: Check) -> GateFact:
        derived = self._derived.get(check.id)
        if check.id in DERIVED and (derived is not None or check.is_measured):
            return derived
        answer = self.answers.get((gate.id, check.id))
        return None if answer is None else answer.holds

    @cached_property
    def _derived(self) -> dict[str, GateFact]:
        patient_id = self.session.patient_id
        decision = newest_decision(patient_id, self.protocol.approach)
        signs = {
            "systolic": "systolic_mmhg",
            "diastolic": "diastolic_mmhg",
            "heart-rate": "heart_rate_bpm",
            "oxygen-saturation": "oxygen_saturation_percent",
        }
        measured = {check: self.latest(sign) for check, sign in signs.items()}
        return {
            "consent-current": standing_consent(patient_id, wording_for(self.protocol)) is not None,
            "screening-fit": decision is not None and decision.outcome == Outcome.FIT.value,
            "weight-today": self.weight_kg is not None,
            "dose-double-checked": self.order is not None and self.order.checked_at is not None,
            "minutes-since": self.minutes_since_dose,
            **{check: None if v is None else Decimal(v) for check, v in measured.items()},
            "escort-present": bool(self.session.escort_name) or None,
        }

    def facts(self, gate: Gate) -> dict[str, GateFact]:
        return {check.id: self._fact(gate, check) for check in gate.checks}

    @property
    def readiness(self) -> Gate:
        return protocols.gate(self.protocol.readiness_gate)

    @property
    def discharge(self) -> Gate:
        return protocols.gate(self.protocol.discharge_gate)

    def reasons_not_to_start(self) -> tuple[Reason, ...]:
        return protocols.reasons_not_to_start(self.protocol, self.facts(self.readiness))

    def reasons_not_to_leave(self) -> tuple[Reason, ...]:
        return protocols.reasons_not_to_leave(self.protocol, self.facts(self.discharge))

    def asked(self, gate: Gate) -> tuple[AskedCheck, ...]:
        """The checks of a gate that a person answers."""
        return tuple(
            AskedCheck(check, self.answers.get((gate.id, check.id)))
            for check in gate.checks
            if check.id not in DERIVED and not check.is_measured
        )


def dosing_day(*, session_id: UUID, viewer: Viewer, at: datetime) -> DosingDay:
    """A session of the viewer's clinic. Raises `DosingSession.DoesNotExist`, `Refused`."""
    session = DosingSession.objects.select_related("patient__clinic", "planned__course").get(
        pk=session_id, clinic_id=viewer.clinic_id
    )
    require_chart(viewer, session.patient_id, at)
    return DosingDay(session, at)


def chair_of(day: DosingDay) -> str:
    """The chair that the day's visit holds, by its name; empty where none is booked."""
    clinic_zone = day.session.patient.clinic.time_zone
    span = day_span(day.session.planned.on, clinic_zone)
    held = Hold.objects.filter(
        appointment__patient_id=day.session.patient_id,
        appointment__kind=Kind.DOSING.value,
        appointment__start_at__gte=span.start_at,
        appointment__start_at__lt=span.end_at,
        resource__kind=ResourceKind.CHAIR.value,
    ).exclude(appointment__status__in=[Status.CANCELLED.value, Status.MOVED.value])
    return held.values_list("resource__name", flat=True).first() or ""


def live_tag(*, session_id: UUID, viewer: Viewer, at: datetime) -> str:
    """Changes whenever what the monitor shows may have: by the minute, and with each write. Cheap to ask.

    Raises `DosingSession.DoesNotExist`, `Refused`.
    """
    session = DosingSession.objects.only("version", "patient_id").get(
        pk=session_id, clinic_id=viewer.clinic_id
    )
    require_chart(viewer, session.patient_id, at)
    kept = [
        kind.objects.filter(session_id=session_id).aggregate(
            newest=Max("pk"), corrected=Count("corrected_at")
        )
        for kind in (Reading, Happening, CheckAnswer)
    ]
    seen = "-".join(f"{each['newest'] or 0}.{each['corrected']}" for each in kept)
    return f"{session.version}-{seen}-{int(at.timestamp()) // 60}"


@dataclass(frozen=True)
class DayLine:
    """A dosing visit of a day: whose, by which protocol, and the session once somebody arrived. Only what lists show."""

    planned_id: UUID
    title: str
    patient_id: UUID
    patient_name: str
    patient_number: str
    birth_date: date
    protocol_id: str
    protocol_version: str
    session_id: UUID | None
    session_state: str | None
    arrived_at: datetime | None

    @property
    def state(self) -> SessionState:
        return SessionState(self.session_state) if self.session_state else SessionState.BOOKED


_LINE_COLUMNS = (
    "pk", "title", "course__patient_id", "course__patient__name", "course__patient__number",
    "course__patient__birth_date", "course__protocol_id", "course__protocol_version", "dosing_session__pk",
    "dosing_session__state", "dosing_session__arrived_at",
)  # fmt: skip


def dosing_on(*, day: date, viewer: Viewer) -> tuple[DayLine, ...]:
    """The dosing visits of a day at the viewer's clinic."""
    planned = (
        PlannedSession.objects.filter(
            course__patient__clinic_id=viewer.clinic_id, on=day, kind=VisitKind.DOSING.value
        )
        .exclude(status__in=[SessionStatus.CANCELLED.value])
        .order_by("course__patient__name", "pk")
        .values_list(*_LINE_COLUMNS)
    )
    return tuple(DayLine(*each) for each in planned)
