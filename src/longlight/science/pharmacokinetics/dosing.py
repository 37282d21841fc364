"""Doses as they are given: route, milligrams of base, when, and over how long."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from tomllib import loads

from longlight.science.pharmacokinetics.published import ROUTES
from longlight.science.pharmacokinetics.refusals import CannotCompute

_DOSE = re.compile(r"^(?P<route>[a-z-]+):(?P<mg>[^@/]+)@(?P<start>[^@/]+)(/(?P<duration>[^@/]+))?$")
_LONGEST_MIN = 10 * 366 * 24 * 60.0
# Beyond these a dose is a slip of the keyboard, and arithmetic comes near its own limits.
_MOST_MG, _SHORTEST_MIN = 1e6, 1e-6


@dataclass(frozen=True)
class Dose:
    """One dose. `mg` is ketamine base of the model's drug; only an infusion lasts."""

    route: str
    mg: float
    start_min: float = 0.0
    duration_min: float = 0.0

    def __post_init__(self) -> None:
        if self.route not in ROUTES:
            raise CannotCompute(
                f"There is no route '{self.route}': choose one of {', '.join(ROUTES)}."
            )
        if not 0 < self.mg <= _MOST_MG:
            raise CannotCompute(
                f"A dose of {self.mg:g} mg cannot be: give more than 0, and at most {_MOST_MG:,.0f} mg."
            )
        if not 0 <= self.start_min <= _LONGEST_MIN:
            raise CannotCompute(
                f"A dose cannot start at {self.start_min:g} min: give 0 or later, within ten years."
            )
        self._check_duration()

    def __str__(self) -> str:
        """In the words that `parse_dose` reads, its numbers to six digits."""
        over = f"/{self.duration_min:g}" if self.duration_min else ""
        return f"{self.route}:{self.mg:g}@{self.start_min:g}{over}"

    def _check_duration(self) -> None:
        if self.route == "iv":
            if not _SHORTEST_MIN <= self.duration_min <= _LONGEST_MIN:
                raise CannotCompute(
                    f"An infusion cannot last {self.duration_min:g} min: give a duration above 0, "
                    "or use the route iv-bolus."
                )
        elif self.duration_min != 0:
            raise CannotCompute(
                f"A duration belongs to an infusion (iv), not to the route {self.route}: leave it out."
            )


def parse_dose(text: str) -> Dose:
    """A dose from `route:mg@start_min/duration_min`, as `iv:35@0/40` or `in:56@5760`."""
    match = _DOSE.match(text.strip())
    if match is None:
        raise CannotCompute(
            f"'{text}' is not a dose: write route:mg@start_min/duration_min, as iv:35@0/40 or in:56@0."
        )
    return Dose(
        match["route"],
        number(match["mg"], "a dose in mg"),
        number(match["start"], "a start in minutes"),
        number(match["duration"] or "0", "a duration in minutes"),
    )


def number(text: str, what: str) -> float:
    """A finite number from text, or a sentence."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CannotCompute(f"'{text}' is not {what}: give a number.")
    return value


def infusion(
    mg: float,
    duration_min: float,
    start_min: float = 0.0,
    *,
    pauses: Sequence[tuple[float, float]] = (),
    stop_at_min: float | None = None,
) -> list[Dose]:
    """An infusion at one rate, halted during `pauses` (start, end) and ended early at `stop_at_min`.

    A pause moves the rest later; a stop leaves the rest in the syringe. Times count from zero, as
    the dose's own start does.
    """
    whole = Dose("iv", mg, start_min, duration_min)
    rate_mg_per_min = mg / duration_min
    left_min, at_min = whole.duration_min, whole.start_min
    end_min = math.inf if stop_at_min is None else stop_at_min
    if end_min <= start_min:
        raise CannotCompute("The infusion stops before it starts: give a later stop.")
    runs: list[tuple[float, float]] = []
    for pause_min, resume_min in _checked_pauses(pauses, start_min):
        run_min = min(pause_min - at_min, left_min)
        runs.append((at_min, run_min))
        left_min -= run_min
        at_min = resume_min
    runs.append((at_min, left_min))
    return [
        Dose("iv", rate_mg_per_min * lasts, begins, lasts)
        for begins, run in runs
        if (lasts := min(run, end_min - begins)) >= _SHORTEST_MIN
    ]


def _checked_pauses(
    pauses: Iterable[tuple[float, float]], start_min: float
) -> list[tuple[float, float]]:
    ordered = sorted(pauses)
    last_min = start_min
    for pause_min, resume_min in ordered:
        if not last_min <= pause_min < resume_min:
            raise CannotCompute(
                f"A pause from {pause_min:g} to {resume_min:g} min cannot be: pauses lie after the "
                "start, end after they begin, and do not overlap."
            )
        last_min = resume_min
    return ordered


def infusion_steps(steps: Sequence[tuple[float, float]], end_min: float) -> list[Dose]:
    """An infusion whose rate changes: `steps` are (from minute, mg per minute), until `end_min`."""
    times = [at for at, _ in steps] + [end_min]
    if any(later <= earlier for earlier, later in pairwise(times)):
        raise CannotCompute("The times of rate changes must rise, and end after the last of them.")
    if any(not (math.isfinite(rate) and rate >= 0) for _, rate in steps):
        raise CannotCompute("A pump rate cannot be below 0 mg per minute.")
    return [
        Dose("iv", rate * (times[i + 1] - at), at, times[i + 1] - at)
        for i, (at, rate) in enumerate(steps)
        if rate > 0
    ]


def infusion_run(
    mg: float, steps: Sequence[tuple[float, float]], *, stop_at_min: float | None = None
) -> list[Dose]:
    """An infusion as it ran: `steps` are (from minute, mg per minute; 0 is a pause), until `mg` are given.

    The last rate goes on until then, or until `stop_at_min`; a last rate of 0 leaves the rest in the syringe.
    """
    if any(later[0] <= earlier[0] for earlier, later in pairwise(steps)):
        raise CannotCompute("The times of rate changes must rise.")
    if any(not (math.isfinite(rate) and rate >= 0) for _, rate in steps):
        raise CannotCompute("A pump rate cannot be below 0 mg per minute.")
    end_min = math.inf if stop_at_min is None else stop_at_min
    doses: list[Dose] = []
    left_mg = mg
    for place, (at_min, rate_mg_per_min) in enumerate(steps):
        until_min = min(steps[place + 1][0] if place + 1 < len(steps) else math.inf, end_min)
        if rate_mg_per_min == 0 or until_min <= at_min or left_mg <= 0:
            continue
        lasts_min = min(until_min - at_min, left_mg / rate_mg_per_min)
        if lasts_min >= _SHORTEST_MIN:  # less is what rounding left over
            doses.append(Dose("iv", rate_mg_per_min * lasts_min, at_min, lasts_min))
            left_mg -= rate_mg_per_min * lasts_min
    return doses


def given_mg(doses: Sequence[Dose], until_min: float) -> float:
    """How many mg of these doses are in at a time."""
    return sum(
        dose.mg * min(1.0, (until_min - dose.start_min) / dose.duration_min)
        if dose.duration_min
        else dose.mg
        for dose in doses
        if until_min > dose.start_min or (not dose.duration_min and until_min == dose.start_min)
    )


@cache
def base_share_of_hydrochloride() -> float:
    """How many mg of base one mg of the hydrochloride holds, by molecular weight."""
    home = files("longlight.science.pharmacokinetics")
    drug = loads((home / "drug.toml").read_text(encoding="utf-8"))
    ratio = drug["ketamine_base"]["g_per_mol"] / drug["ketamine_hydrochloride"]["g_per_mol"]
    return float(ratio)


SALTS = ("base", "hydrochloride")


def as_base_mg(mg: float, salt: str) -> float:
    """Milligrams of base in `mg` of `salt`."""
    if salt not in SALTS:
        raise CannotCompute(f"There is no salt '{salt}': choose base or hydrochloride.")
    return mg if salt == "base" else mg * base_share_of_hydrochloride()
