"""What a published model is, as its file says it. Reading and checking the file is in `library`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NewType

from longlight.science.marks import Mark

# A number of a paper, whose unit stands beside it in the file.
PaperNumber = NewType("PaperNumber", float)


class SamplingSite(StrEnum):
    ARTERIAL = "arterial"
    VENOUS = "venous"
    MIXED = "mixed"


ROUTES = {
    "iv": "intravenous infusion",
    "iv-bolus": "intravenous bolus",
    "im": "intramuscular",
    "sc": "subcutaneous",
    "in": "nasal spray",
    "sl": "under the tongue",
    "po": "by mouth",
}


@dataclass(frozen=True)
class Parameter:
    value: PaperNumber
    unit: str
    mark: Mark
    source: str


@dataclass(frozen=True)
class Covariate:
    """A person's trait that a model knows. `reference` is used, and said, when it is not given."""

    name: str
    unit: str
    reference: PaperNumber
    lowest: PaperNumber | None = None
    highest: PaperNumber | None = None
    choices: tuple[PaperNumber, ...] = ()
    implies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """A first-order flow. `back` is the rate of return; `copies` drives without draining."""

    origin: str
    target: str | None
    rate: str
    back: str | None = None
    copies: bool = False


@dataclass(frozen=True)
class RouteInput:
    """Where a share of a dose enters: as the dose is given, or evenly over a time of the model."""

    into: str
    fraction: str = "1"
    over: str | None = None


@dataclass(frozen=True)
class Route:
    inputs: tuple[RouteInput, ...]
    # Names that depend on the dose's `mg` and on `earlier_mg`, given before in the same session.
    of_dose: Mapping[str, str] = field(default_factory=dict)
    session_min: float = 0.0


@dataclass(frozen=True)
class Output:
    analyte: str
    compartment: str
    volume: str


@dataclass(frozen=True)
class Variability:
    """Between-person spread: `log-normal` by log-scale variance, or `logit` by its SD."""

    kind: str
    omega2: PaperNumber


@dataclass(frozen=True)
class Residual:
    kind: str
    sd: PaperNumber


@dataclass(frozen=True, eq=False)
class PublishedModel:
    """One published model. `complete` is False where parameters could not be had: it cannot run.

    `library` reads each once, so a model is equal to itself only.
    """

    id: str
    title: str
    drug: str
    time_unit: str
    citation: str
    doi: str | None
    pmid: str | None
    mark: Mark
    sampling_site: SamplingSite
    sampling_mark: Mark
    population: str
    complete: bool
    missing: tuple[str, ...]
    note: str
    covariates: Mapping[str, Covariate]
    parameters: Mapping[str, Parameter]
    individual: Mapping[str, str]
    variability: Mapping[str, Variability]
    covariances: Mapping[tuple[str, str], PaperNumber]
    residual: Mapping[str, Residual]
    flows: tuple[Flow, ...]
    routes: Mapping[str, Route]
    plasma: Output | None
    effect_site: Output | None
    metabolites: tuple[Output, ...]

    @property
    def analytes(self) -> tuple[str, ...]:
        """The parent in plasma first, then its metabolites."""
        parent = (self.plasma.analyte,) if self.plasma else ()
        return parent + tuple(output.analyte for output in self.metabolites)

    @property
    def sampling(self) -> str:
        """The sampling site in words, with a warning where it was not checked."""
        if self.sampling_mark is Mark.RECALLED:
            return f"{self.sampling_site.value} (recalled, not checked)"
        return self.sampling_site.value

    def describe(self) -> dict[str, Any]:
        """What `longlight pk models --json` says of this model."""
        return {
            "id": self.id,
            "title": self.title,
            "drug": self.drug,
            "complete": self.complete,
            "routes": list(self.routes),
            "covariates": list(self.covariates),
            "analytes": list(self.analytes),
            "effect_site": self.effect_site is not None,
            "sampling_site": self.sampling_site.value,
            "sampling_site_mark": self.sampling_mark.value,
            "population": self.population,
            "variability": bool(self.variability),
            "mark": self.mark.value,
            "citation": self.citation,
            "doi": self.doi,
            "missing": list(self.missing),
            "note": self.note,
        }
