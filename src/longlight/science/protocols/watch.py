"""What is watched while a dose acts, and what calls someone afterwards. Limits are data; a clinic adopts a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from longlight.science.marks import Mark
from longlight.science.protocols.loading import PACKAGE
from longlight.science.protocols.model import Sourced
from longlight.science.sentences import Sentence
from longlight.science.sentences import Sentence as _
from longlight.science.tables import build, read_toml


class AlertLevel(StrEnum):
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Sign:
    """A measured sign with the limits that call someone."""

    id: str
    label: str
    amber_action: str
    red_action: str
    source: str
    mark: Mark
    amber_from: Sourced | None = None
    amber_above: Sourced | None = None
    amber_below: Sourced | None = None
    amber_rise: Sourced | None = None
    red_below: Sourced | None = None
    is_red_when_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Signal:
    """Something seen or told that calls for action whatever is measured."""

    id: str
    label: str
    action: str
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class WatchRules:
    """A version of what is watched while a dose acts."""

    id: str
    version: str
    signs: tuple[Sign, ...]
    signals: tuple[Signal, ...]
    notes: tuple[str, ...] = ()

    def sign(self, sign_id: str) -> Sign:
        for sign in self.signs:
            if sign.id == sign_id:
                return sign
        raise LookupError(f"'{sign_id}' is not watched: {', '.join(s.id for s in self.signs)} are.")


@dataclass(frozen=True, slots=True)
class Plausible:
    """Between what a typed value is likely to be: outside it is asked about once, and then kept as it is."""

    id: str
    label: str
    low: Sourced
    high: Sourced

    def question(self, value: Decimal) -> str:
        """What to ask about a value; empty where it is plausible."""
        if self.low.value <= value <= self.high.value:
            return ""
        return f"{self.label} {value}: is that right? Most lie between {self.low.value} and {self.high.value}."


@dataclass(frozen=True, slots=True)
class PlausibleValues:
    version: str
    values: tuple[Plausible, ...]


@dataclass(frozen=True, slots=True)
class Escalation:
    """A rule for the time after a dose: what happened, who acts, by when."""

    id: str
    trigger: str
    action: str
    source: str
    mark: Mark
    within_h: Sourced | None = None
    holds_dosing: bool = False


@dataclass(frozen=True, slots=True)
class EscalationRules:
    version: str
    escalations: tuple[Escalation, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """A reading that calls someone, why, and what to do."""

    sign_id: str
    level: AlertLevel
    sentence: Sentence
    action: str
    source: str
    mark: Mark


@cache
def watch_rules() -> WatchRules:
    return build(WatchRules, read_toml(files(PACKAGE) / "limits" / "during-dose-v1.toml"))


@cache
def plausible_values() -> Mapping[str, Plausible]:
    """What is asked about when it is typed, by the id of the sign."""
    read = build(PlausibleValues, read_toml(files(PACKAGE) / "limits" / "plausible-v1.toml"))
    return MappingProxyType({each.id: each for each in read.values})


@cache
def escalations() -> tuple[Escalation, ...]:
    rules = build(EscalationRules, read_toml(files(PACKAGE) / "limits" / "escalation-v1.toml"))
    return rules.escalations


def alert_for(
    sign: Sign,
    value: Decimal,
    *,
    baseline: Decimal | None = None,
    previous: Decimal | None = None,
) -> Alert | None:
    """The alert that a reading raises, the gravest first; none means that it is within the limits.

    `baseline` is the reading before the dose, `previous` the one just before this.
    """
    if not value.is_finite() or value < 0:
        raise ValueError(f"'{value}' cannot be a reading of {sign.label.lower()}.")
    if sign.red_below is not None and value < sign.red_below.value:
        return _alert(
            sign,
            AlertLevel.RED,
            value,
            _("under {limit}", limit=sign.red_below.value),
            sign.red_below,
        )
    limit, words = _amber(sign, value)
    if limit is not None:
        is_repeated = previous is not None and _amber(sign, previous)[0] is not None
        if sign.is_red_when_repeated and is_repeated:
            return _alert(
                sign, AlertLevel.RED, value, _("{words}, on two readings", words=words), limit
            )
        return _alert(sign, AlertLevel.AMBER, value, words, limit)
    if baseline and sign.amber_rise is not None:
        rise = (100 * (value - baseline) / baseline).quantize(Decimal(1), ROUND_HALF_UP)
        if 100 * (value - baseline) >= sign.amber_rise.value * baseline:
            words = _("{rise} % above the reading before the dose", rise=rise)
            return _alert(sign, AlertLevel.AMBER, value, words, sign.amber_rise)
    return None


def _amber(sign: Sign, value: Decimal) -> tuple[Sourced | None, Sentence]:
    if sign.amber_from is not None and value >= sign.amber_from.value:
        return sign.amber_from, _("at or over {limit}", limit=sign.amber_from.value)
    if sign.amber_above is not None and value > sign.amber_above.value:
        return sign.amber_above, _("over {limit}", limit=sign.amber_above.value)
    if sign.amber_below is not None and value < sign.amber_below.value:
        return sign.amber_below, _("under {limit}", limit=sign.amber_below.value)
    return None, Sentence("")


def _alert(sign: Sign, level: AlertLevel, value: Decimal, words: Sentence, limit: Sourced) -> Alert:
    action = sign.red_action if level is AlertLevel.RED else sign.amber_action
    sentence = _("{sign} {value}: {words}.", sign=sign.label, value=value, words=words)
    return Alert(sign.id, level, sentence, action, limit.source, limit.mark)
