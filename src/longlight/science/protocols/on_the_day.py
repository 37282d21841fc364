"""What a person is told about the day of a dose. Words and hours are data with their sources."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from longlight.science.marks import Mark
from longlight.science.protocols.loading import PACKAGE
from longlight.science.protocols.model import Route, Sourced
from longlight.science.tables import build, read_toml


class Moment(StrEnum):
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Fasting:
    """How long before a dose by these routes nothing is eaten or drunk."""

    routes: tuple[Route, ...]
    no_food: Sourced
    no_drink: Sourced


@dataclass(frozen=True, slots=True)
class Advice:
    id: str
    moment: Moment
    title: str
    text: str
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class DayOf:
    version: str
    fasting: tuple[Fasting, ...]
    advice: tuple[Advice, ...]

    def fasting_for(self, route: Route) -> Fasting | None:
        """The rule for a route; None where no source gives one: the clinic says."""
        return next((rule for rule in self.fasting if route in rule.routes), None)

    def at(self, moment: Moment) -> tuple[Advice, ...]:
        return tuple(each for each in self.advice if each.moment is moment)


@cache
def day_of() -> DayOf:
    return build(DayOf, read_toml(files(PACKAGE) / "day_of" / "day-of-v1.toml"))
