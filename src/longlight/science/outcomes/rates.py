"""A share of people, with its interval."""

from dataclasses import dataclass

from longlight.science.evidence import Interval
from longlight.science.evidence.queries import wilson_interval


@dataclass(frozen=True)
class Rate:
    """So many of so many. Without anybody there is no interval."""

    count: int
    of: int
    interval: Interval | None

    @property
    def percent(self) -> float | None:
        return 100 * self.count / self.of if self.of else None


def rate_of(count: int, of: int) -> Rate:
    """A rate with Wilson's 95 % interval."""
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share: count cannot exceed the people counted.")
    return Rate(count, of, wilson_interval(count / of, of) if of else None)
