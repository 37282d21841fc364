"""Questions that pages ask of the evidence."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from math import sqrt

from longlight.science.evidence import loading
from longlight.science.evidence.model import EvidenceRecord, Number, shown_on_public_pages

Z_95 = 1.959963984540054
# Kinds of 95 % interval that a record holds, and whether we computed them.
READ_INTERVALS = {"ci95": False, "ci95-derived": True}


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval in percent, and whether it was read or computed by us from the counts."""

    low: Decimal
    high: Decimal
    is_our_calculation: bool


@dataclass(frozen=True, slots=True)
class SpreadRate:
    """One rate of the spread, with the reason why it lies where it lies."""

    record: EvidenceRecord
    number: Number
    reason_id: str
    reason: str
    interval: Interval | None

    @property
    def reference(self) -> str:
        """`record-id.number-id`, as `get_number` takes it."""
        return f"{self.record.id}.{self.number.id}"


def about(
    records: Iterable[EvidenceRecord],
    *,
    condition: str | None = None,
    approach: str | None = None,
) -> tuple[EvidenceRecord, ...]:
    """The records about a condition and an approach; `None` leaves that question open."""
    return tuple(
        record
        for record in records
        if (condition is None or condition in record.conditions)
        and (approach is None or approach in record.approaches)
    )


def conditions() -> tuple[str, ...]:
    """Every condition that a record is about."""
    return tuple(sorted({c for record in loading.all() for c in record.conditions}))


def approaches() -> tuple[str, ...]:
    """Every approach that a record bears on."""
    return tuple(sorted({a for record in loading.all() for a in record.approaches}))


@cache
def response_rate_spread() -> tuple[SpreadRate, ...]:
    """Response rates for ketamine in depression from lowest to highest, each with the reason for its place.

    Only rates that may stand on a public page.
    """
    chosen = files("longlight.science.evidence") / "spread.toml"
    table = tomllib.loads(chosen.read_text("utf-8"))
    rates = [_spread_rate(row, table["why"]) for row in table["rate"]]
    shown = [rate for rate in rates if shown_on_public_pages(rate.number)]
    return tuple(sorted(shown, key=lambda rate: rate.number.value or Decimal(0)))


def _spread_rate(row: dict[str, str], reasons: dict[str, str]) -> SpreadRate:
    record, number = loading.get_number(row["number"])
    return SpreadRate(record, number, row["why"], reasons[row["why"]], interval_of(number))


def of_100(number: Number) -> int:
    """A percentage as whole people of 100, rounded half up as people do."""
    if number.unit is None or not number.unit.startswith("percent") or number.value is None:
        raise ValueError(f"'{number.id}' is not a share of people.")
    return int(number.value.quantize(Decimal(1), ROUND_HALF_UP))


def interval_of(number: Number) -> Interval | None:
    """The 95 % interval of a percentage: as read, else ours by Wilson's score, else unknown."""
    if number.low is not None and number.high is not None and number.interval in READ_INTERVALS:
        return Interval(number.low, number.high, READ_INTERVALS[number.interval])
    people = number.of or number.n
    if number.unit != "percent" or number.value is None or not people:
        return None
    counted = None if number.count is None else number.count / people
    return wilson_interval(float(number.value) / 100 if counted is None else counted, people)


def wilson_interval(counted_share: float, people: int) -> Interval:
    """Wilson's score interval at 95 % for a share counted in `people`.

    Reference: Wilson EB. J Am Stat Assoc 1927;22:209-212.
    """
    z2 = Z_95 * Z_95
    center = (counted_share + z2 / (2 * people)) / (1 + z2 / people)
    spread = counted_share * (1 - counted_share) / people + z2 / (4 * people**2)
    half = Z_95 / (1 + z2 / people) * sqrt(spread)
    low, high = max(0.0, center - half), min(1.0, center + half)
    return Interval(_percent(low), _percent(high), is_our_calculation=True)


def _percent(counted_share: float) -> Decimal:
    return Decimal(counted_share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
