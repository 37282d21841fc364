"""Is it safe, and may it fit? Findings weighed against an approach. The decision stays with a named person."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from longlight.science.marks import Mark
from longlight.science.protocols.loading import PACKAGE, approach
from longlight.science.tables import build, read_toml, toml_files


class Answer(StrEnum):
    """What is known of a finding. Nothing said is `unknown`, never `no`."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Level(StrEnum):
    STOP = "stop"
    CAUTION = "caution"


class Outcome(StrEnum):
    """What a screening decision may say."""

    FIT = "fit"
    NOT_NOW = "not-now"
    NOT_FOR_US = "not-for-us"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact that bears on safety or fit. `plain` is how a patient reads it."""

    id: str
    level: Level
    question: str
    why: str
    source: str
    mark: Mark
    plain: str | None = None
    approaches: tuple[str, ...] = ()

    def bears_on(self, approach_id: str) -> bool:
        return not self.approaches or approach_id in self.approaches


@dataclass(frozen=True, slots=True)
class EligibilityRules:
    """A version of the findings, and what in their sources nobody has verified."""

    version: str
    findings: tuple[Finding, ...]
    not_verified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the findings allow. It concludes nothing: a person chooses among `possible_outcomes`, with reasons."""

    approach: str
    rules_version: str
    possible_outcomes: tuple[Outcome, ...]
    stops: tuple[Finding, ...]
    cautions: tuple[Finding, ...]
    unknowns: tuple[Finding, ...]

    @property
    def needs_override(self) -> bool:
        """Fit is possible, but a named prescriber must give a reason for each caution."""
        return Outcome.FIT in self.possible_outcomes and bool(self.cautions)

    @property
    def rests_on_unverified(self) -> tuple[Finding, ...]:
        """Findings in play whose rule nobody has seen in a source: told to the prescriber."""
        return tuple(f for f in (*self.stops, *self.cautions) if f.mark.needs_the_prescriber)


class UnknownFinding(LookupError):
    """An answer names a finding that is not in the rules. Carries a sentence for people."""


@cache
def eligibility_rules() -> EligibilityRules:
    """The newest version of the rules."""
    return build(EligibilityRules, read_toml(toml_files(PACKAGE, "findings")[-1]))


def findings_for(approach_id: str) -> tuple[Finding, ...]:
    """Every finding that is asked for this approach, stops first."""
    bearing = [f for f in eligibility_rules().findings if f.bears_on(approach(approach_id).id)]
    return tuple(sorted(bearing, key=lambda finding: finding.level is Level.CAUTION))


def talk_to_a_doctor_first(approach_id: str | None = None) -> tuple[str, ...]:
    """The findings in plain words, for the public page. A caution is shown whatever its mark."""
    return tuple(
        finding.plain
        for finding in eligibility_rules().findings
        if finding.plain and (approach_id is None or finding.bears_on(approach_id))
    )


def assess(answers: Mapping[str, Answer], approach_id: str) -> Assessment:
    """What these answers allow for this approach, with every stop, caution and gap.

    A stop forbids `fit`, and so does a question without an answer.
    """
    asked = findings_for(approach_id)
    _require_known(answers)
    said = {finding: _answer(finding, answers) for finding in asked}
    holds = [finding for finding, answer in said.items() if answer is Answer.YES]
    stops = tuple(finding for finding in holds if finding.level is Level.STOP)
    unknowns = tuple(finding for finding, answer in said.items() if answer is Answer.UNKNOWN)
    barred = bool(stops or unknowns)
    return Assessment(
        approach=approach_id,
        rules_version=eligibility_rules().version,
        possible_outcomes=tuple(o for o in Outcome if not (barred and o is Outcome.FIT)),
        stops=stops,
        cautions=tuple(finding for finding in holds if finding.level is Level.CAUTION),
        unknowns=unknowns,
    )


def _answer(finding: Finding, answers: Mapping[str, Answer]) -> Answer:
    """The answer as one of the three: a bare "yes" from a form must never pass as no."""
    given = answers.get(finding.id, Answer.UNKNOWN)
    try:
        return Answer(given)
    except ValueError:
        raise UnknownFinding(f"'{finding.id}' is '{given}': answer yes, no or unknown.") from None


def _require_known(answers: Mapping[str, Answer]) -> None:
    known = {finding.id for finding in eligibility_rules().findings}
    if unknown := sorted(set(answers) - known):
        raise UnknownFinding(f"There is no finding called {', '.join(unknown)}.")
