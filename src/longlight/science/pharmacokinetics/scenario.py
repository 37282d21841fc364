"""A model, a person (or many) and a course of doses, made ready to solve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from longlight.science.pharmacokinetics.absorption import Absorption
from longlight.science.pharmacokinetics.course import Entry, check_routes, entries, events
from longlight.science.pharmacokinetics.dosing import Dose
from longlight.science.pharmacokinetics.expression import PerPerson, Values
from longlight.science.pharmacokinetics.modes import Modes, find_modes
from longlight.science.pharmacokinetics.person import Person, person_values
from longlight.science.pharmacokinetics.published import Output, PublishedModel
from longlight.science.pharmacokinetics.refusals import CannotCompute
from longlight.science.pharmacokinetics.solution import Solution, solve
from longlight.science.pharmacokinetics.system import (
    Array,
    Structure,
    flows_with,
    output_row,
    rate_matrix,
    structure,
)

MOST_SAID = 6  # doses that are named one by one


@dataclass(frozen=True)
class Scenario:
    """Which model, for whom, with which doses. Checked when it is made."""

    model: PublishedModel
    person: Person
    doses: tuple[Dose, ...]
    absorptions: tuple[Absorption, ...] = ()

    def __post_init__(self) -> None:
        check_routes(self.model, self.doses, self.absorptions)

    def __repr__(self) -> str:
        given = " + ".join(str(dose) for dose in self.doses[:MOST_SAID])
        more = f" and {len(self.doses) - MOST_SAID} more" if len(self.doses) > MOST_SAID else ""
        site = self.model.sampling_site.value
        return f"<{self.model.id}, {self.plasma.analyte} in {site} plasma, {given}{more}>"

    @property
    def plasma(self) -> Output:
        """Where the parent is seen in plasma."""
        assert self.model.plasma is not None  # a complete model has a plasma output
        return self.model.plasma

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Plasma, metabolites, and the effect site last where there is one."""
        effect = (self.model.effect_site,) if self.model.effect_site else ()
        return (self.plasma, *self.model.metabolites, *effect)

    @property
    def assumption(self) -> str | None:
        """What the absorption files assume, in words; None where there is none."""
        return " ".join(a.sentence(self.model.id) for a in self.absorptions) or None

    @property
    def notes(self) -> list[str]:
        """What whoever reads the numbers must know."""
        said = [] if self.assumption is None else [self.assumption]
        said += [text[0].upper() + text[1:] + "." for text in self.person.assumed]
        return said + ([self.model.note] if self.model.note else [])

    def structure(self, outputs: Sequence[Output]) -> Structure:
        """The compartments that these doses reach and that reach these outputs."""
        flows = flows_with(self.model, self.absorptions)
        return structure(
            self.model.id,
            flows,
            self.model.time_unit,
            frozenset(self._entered()),
            frozenset(output.compartment for output in outputs),
        )

    def _entered(self) -> list[str]:
        from_files = {a.route: a for a in self.absorptions}
        found: list[str] = []
        for dose in self.doses:
            if dose.route in from_files:
                found.append(f"depot of {from_files[dose.route].id}")
            else:
                found.extend(each.into for each in self.model.routes[dose.route].inputs)
        return found

    def values(self, deviations: Mapping[str, PerPerson] | None = None) -> Values:
        """Every number of the model for this person, with random effects (eta) where they are given."""
        return person_values(self.model, self.person, deviations)

    def entries(self, values: Values) -> list[Entry]:
        """What enters which compartment, from when to when."""
        return entries(self.model, self.doses, self.absorptions, values)


@dataclass(frozen=True)
class System:
    """A model with someone's numbers (or many people's) in it: all of an answer but the doses."""

    shape: Structure
    values: Values
    matrix: Array
    modes: Modes
    # What reads each output from amounts in mg, by analyte.
    rows: Mapping[str, Array]


@dataclass(frozen=True)
class Answer:
    """A solved scenario with the rows that read its outputs, by analyte."""

    solution: Solution
    rows: Mapping[str, Array]


def run(
    scenario: Scenario,
    outputs: Sequence[Output],
    deviations: Mapping[str, PerPerson] | None = None,
    people: int = 1,
) -> Answer:
    """Solve a scenario for one person, or for `people` whose deviations are given."""
    shape = scenario.structure(outputs)
    if deviations is None and people == 1:
        traits = tuple(scenario.person.covariates.items())
        system = _typical(scenario.model, traits, shape, tuple(outputs))
    else:
        system = _system(scenario.model, scenario.values(deviations), shape, outputs, people)
    happenings = events(shape, scenario.entries(system.values), people)
    return Answer(solve(system.modes, system.matrix, happenings), system.rows)


def _system(
    model: PublishedModel, values: Values, shape: Structure, outputs: Sequence[Output], people: int
) -> System:
    matrix = rate_matrix(shape, values, people)
    rows = {o.analyte: output_row(shape, o, values, people) for o in outputs}
    return System(shape, values, matrix, find_modes(shape, matrix), rows)


@lru_cache(maxsize=256)
def _typical(
    model: PublishedModel,
    traits: tuple[tuple[str, float], ...],
    shape: Structure,
    outputs: tuple[Output, ...],
) -> System:
    """A typical person's system, kept: on a page the doses change, the person seldom does."""
    values = person_values(model, Person(dict(traits), ()))
    return _system(model, values, shape, outputs, 1)


def times_array(at_min: Sequence[float]) -> Array:
    """Times as an array, or a sentence. A single number is one time."""
    try:
        times = np.atleast_1d(np.asarray(at_min, dtype=float))
    except (TypeError, ValueError):
        raise CannotCompute("Times must be minutes: one of them is not a number.") from None
    if times.ndim != 1:
        raise CannotCompute("Times must be a plain list of minutes, not a table of them.")
    if times.size == 0:
        raise CannotCompute("No time was given: give at least one minute to answer for.")
    if not np.all(np.isfinite(times)) or np.any(times < 0):
        raise CannotCompute(
            "Times must be minutes from 0 on: one of them is negative or not a number."
        )
    return times
