"""What a protocol is made of. Every number in it carries its source and how far it was checked."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from longlight.science.marks import Mark


@dataclass(frozen=True, slots=True)
class Sourced:
    """A number with its unit, where it comes from, and how far that was checked."""

    value: Decimal
    unit: str
    source: str
    mark: Mark
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SourcedText:
    """A rule or a fact in words, with the same duties as a number."""

    text: str
    source: str
    mark: Mark


class Route(StrEnum):
    IV = "iv"
    IM = "im"
    SC = "sc"
    SUBLINGUAL = "sublingual"
    ORAL = "oral"
    INTRANASAL = "intranasal"


class VisitKind(StrEnum):
    """What a planned session is for."""

    PREPARATION = "preparation"
    DOSING = "dosing"
    TALK_THERAPY = "talk-therapy"
    INTEGRATION = "integration"
    CHECK_IN = "check-in"
    REVIEW = "review"


class Anchor(StrEnum):
    """What a questionnaire is counted from."""

    FIRST_DOSE = "first-dose"
    EACH_DOSE = "each-dose"
    LAST_DOSE_OF_PHASE = "last-dose-of-phase"
    PHASE_START = "phase-start"
    EACH_CHECK_IN = "each-check-in"


class BoosterReason(StrEnum):
    CALENDAR = "calendar"
    NEED = "need"


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of what an approach is: the same rows for each approach."""

    id: str
    text: str
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Approach:
    """A way to treat: drug, route, setting, accompaniment."""

    id: str
    version: str
    title: str
    idea: str
    facts: tuple[Fact, ...]

    def fact(self, fact_id: str) -> Fact:
        """The fact of this id, with its source."""
        return next(fact for fact in self.facts if fact.id == fact_id)


@dataclass(frozen=True, slots=True)
class DoseRule:
    """How much, by which route, over how long; above which dose the software asks, insists or refuses.

    `start` is the first dose, `range_low` to `range_high` what the sources or the label span. Thresholds are in the
    unit of `start`: mg/kg of today's weight, or mg.
    """

    drug: str
    route: Route
    start: Sourced
    range_low: Sourced | None = None
    range_high: Sourced | None = None
    duration: Sourced | None = None
    warn_above: Sourced | None = None
    override_from: Sourced | None = None
    override_above: Sourced | None = None
    refuse_above: Sourced | None = None
    allowed: tuple[Sourced, ...] = ()
    titration: SourcedText | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit at `offset_days` from its anchor: the phase's first dose, or each dose of the phase."""

    kind: VisitKind
    title: str
    offset_days: Sourced
    each_dose: bool = False
    length: Sourced | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """A named stretch of a protocol.

    Doses stand at `dose_days` from the phase's own first dose; or `every` so many days, `planned_doses` of them; or
    at no fixed day (`booster_reason = need`). `starts_after` is the gap from the last dose of the phase before.
    """

    id: str
    title: str
    rule: SourcedText
    dose_days: tuple[Sourced, ...] = ()
    every: Sourced | None = None
    planned_doses: Sourced | None = None
    starts_after: Sourced | None = None
    min_gap: Sourced | None = None
    max_gap: Sourced | None = None
    booster_reason: BoosterReason | None = None
    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What is watched on a dosing day, and when. Minutes since the dose began, unless `after_every` says else."""

    watched: SourcedText
    during_every: Sourced | None = None
    after_every: Sourced | None = None
    checkpoints: tuple[Sourced, ...] = ()
    minimum_stay: Sourced | None = None
    minimum_stay_from: str = "end of dose"


@dataclass(frozen=True, slots=True)
class Accompaniment:
    """Who is with the person before, during and after a dose, and what talk there is."""

    before: SourcedText
    during: SourcedText
    after: SourcedText
    staff_present: tuple[SourcedText, ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduledInstrument:
    """A questionnaire due relative to doses: `offset_h` hours from `anchor`."""

    instrument: str
    anchor: Anchor
    offset_h: Sourced
    why: str
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class CourseRule:
    """A rule on the whole course: when to review, when to stop, when a second prescriber looks."""

    id: str
    text: str
    source: str
    mark: Mark
    limit: Sourced | None = None


@dataclass(frozen=True, slots=True)
class Protocol:
    """One versioned, computable recipe within an approach. Immutable once published."""

    id: str
    version: str
    title: str
    approach: str
    summary: str
    legal_status: SourcedText
    dose: DoseRule
    phases: tuple[Phase, ...]
    monitoring: Monitoring
    accompaniment: Accompaniment
    instruments: tuple[ScheduledInstrument, ...]
    course_rules: tuple[CourseRule, ...]
    readiness_gate: str
    discharge_gate: str
    chair_time: Sourced
    evidence: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Protocol {self.id} v{self.version}: {self.title}>"

    def phase(self, phase_id: str) -> Phase:
        """The phase of this id."""
        return next(phase for phase in self.phases if phase.id == phase_id)
