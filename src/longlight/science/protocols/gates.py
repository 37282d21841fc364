"""The two gates of a dosing day: may it start, may the person leave? Each answer lists every reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from longlight.science.marks import Mark
from longlight.science.protocols.loading import PACKAGE
from longlight.science.protocols.model import Protocol, Sourced
from longlight.science.sentences import Sentence
from longlight.science.sentences import Sentence as _
from longlight.science.tables import build, read_toml, toml_files

# A check that is a yes or no, or a measured value. What is absent was not recorded.
Fact = bool | Decimal | None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. A check with limits is a measurement; one without is a yes or no.

    `stop_…` limits close the gate, `ask_…` limits ask the prescriber. `{value}` and `{limit}` stand in the sentences.
    """

    id: str
    ask: str
    reason: str
    source: str
    mark: Mark
    ask_reason: str | None = None
    may_be_overridden: bool = False
    stop_from: Sourced | None = None
    stop_below: Sourced | None = None
    at_least: Sourced | None = None
    ask_from: Sourced | None = None
    ask_above: Sourced | None = None
    ask_below: Sourced | None = None

    @property
    def is_measured(self) -> bool:
        limits = (self.stop_from, self.stop_below, self.at_least, self.ask_from, self.ask_above)
        return any(limit is not None for limit in (*limits, self.ask_below))


@dataclass(frozen=True, slots=True)
class Gate:
    """A version of a list of checks. All must hold."""

    id: str
    version: str
    title: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a gate is closed: a sentence, what it rests on, and whether a prescriber may open it with a reason."""

    check_id: str
    sentence: Sentence
    source: str
    mark: Mark
    may_be_overridden: bool
    is_unknown: bool = False


class UnknownCheck(LookupError):
    """A fact names a check that the gate does not have, or a measurement is not a number."""


@cache
def gates() -> tuple[Gate, ...]:
    """Every gate, in its newest version."""
    found = [build(Gate, read_toml(path), path.name) for path in toml_files(PACKAGE, "checks")]
    return tuple({gate.id: gate for gate in found}.values())


def gate(gate_id: str) -> Gate:
    for known in gates():
        if known.id == gate_id:
            return known
    raise UnknownCheck(f"There is no gate '{gate_id}'.")


def reasons_not_to_begin(facts: Mapping[str, Fact]) -> tuple[Reason, ...]:
    """Every reason why the work-up before a course's first dose is not complete."""
    return reasons_closed(gate("work-up"), facts)


def reasons_not_to_start(protocol: Protocol, facts: Mapping[str, Fact]) -> tuple[Reason, ...]:
    """Every reason why this dose may not start; none means that it may."""
    return reasons_closed(gate(protocol.readiness_gate), facts)


def reasons_not_to_leave(protocol: Protocol, facts: Mapping[str, Fact]) -> tuple[Reason, ...]:
    """Every reason why the person may not leave yet; none means that they may."""
    return reasons_closed(gate(protocol.discharge_gate), facts)


def reasons_closed(closed: Gate, facts: Mapping[str, Fact]) -> tuple[Reason, ...]:
    """Every reason why a gate is closed, in the order of its checks. Not recorded is a reason."""
    if strangers := sorted(set(facts) - {check.id for check in closed.checks}):
        raise UnknownCheck(f"'{closed.id}' has no check called {', '.join(strangers)}.")
    return tuple(r for check in closed.checks for r in _reasons(check, facts.get(check.id)))


def _reasons(check: Check, fact: Fact) -> Iterator[Reason]:
    if fact is None:
        asked = check.ask[0].lower() + check.ask[1:]
        sentence = _("Not recorded: {asked}.", asked=asked)
        yield _reason(check, sentence, may_be_overridden=False, is_unknown=True)
    elif isinstance(fact, bool):
        if check.is_measured:
            raise UnknownCheck(f"'{check.id}' is measured: give a number.")
        if not fact:
            yield _reason(check, Sentence(check.reason), check.may_be_overridden)
    elif not check.is_measured:
        raise UnknownCheck(f"'{check.id}' is answered yes or no.")
    elif not _is_reading(fact):
        raise UnknownCheck(f"'{fact}' cannot be a reading of '{check.id}'.")
    else:
        yield from _beyond_limits(check, fact)


def _is_reading(fact: object) -> bool:
    return isinstance(fact, Decimal) and fact.is_finite() and fact >= 0


def _beyond_limits(check: Check, value: Decimal) -> Iterator[Reason]:
    """The gravest limit that is passed; a milder one adds nothing to it."""
    if limit := _passed(value, (check.stop_from,), (), (check.stop_below, check.at_least)):
        yield _reason(
            check, Sentence(check.reason, value=value, limit=limit.value), False, limit=limit
        )
    elif limit := _passed(value, (check.ask_from,), (check.ask_above,), (check.ask_below,)):
        sentence = Sentence(check.ask_reason or check.reason, value=value, limit=limit.value)
        yield _reason(check, sentence, may_be_overridden=True, limit=limit)


def _passed(
    value: Decimal,
    reached: tuple[Sourced | None, ...],
    above: tuple[Sourced | None, ...],
    below: tuple[Sourced | None, ...],
) -> Sourced | None:
    for limit in reached:
        if limit is not None and value >= limit.value:
            return limit
    for limit in above:
        if limit is not None and value > limit.value:
            return limit
    for limit in below:
        if limit is not None and value < limit.value:
            return limit
    return None


def _reason(
    check: Check,
    sentence: Sentence,
    may_be_overridden: bool,
    is_unknown: bool = False,
    limit: Sourced | None = None,
) -> Reason:
    rests_on = limit or check
    return Reason(
        check_id=check.id,
        sentence=sentence,
        source=rests_on.source,
        mark=rests_on.mark,
        may_be_overridden=may_be_overridden,
        is_unknown=is_unknown,
    )
