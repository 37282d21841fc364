"""What a clinical number must carry: value, uncertainty, people, period, definition, source, and how far it was checked."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from longlight.science.marks import Mark


class ReadIn(StrEnum):
    """Where in the literature the number was seen."""

    ABSTRACT = "abstract"
    CONFERENCE_ABSTRACT = "conference-abstract"
    GRANT_ABSTRACT = "grant-abstract"
    PREPRINT_ABSTRACT = "preprint-abstract"
    PREPRINT = "preprint"
    TABLE = "table"
    FIGURE_LEGEND = "figure-legend"
    PAPER_OPENING = "paper-opening"
    REGISTRY = "registry"
    LABEL = "label"
    ARTICLE = "article"
    CLINIC_PAGE = "clinic-page"
    LATER_PAPER = "later-paper"
    REVIEW_TABLE = "review-table"
    SUMMARY = "summary"
    NEWS = "news"
    NOT_READ = "not-read"

    @property
    def is_abstract_only(self) -> bool:
        return self in (
            ReadIn.ABSTRACT,
            ReadIn.CONFERENCE_ABSTRACT,
            ReadIn.GRANT_ABSTRACT,
            ReadIn.PREPRINT_ABSTRACT,
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a record comes from, printable at every number that rests on it."""

    text: str
    label: str
    year: int | None = None
    doi: str | None = None
    doi_mark: Mark | None = None
    pmid: str | None = None
    pmcid: str | None = None

    @property
    def url(self) -> str | None:
        """The best address to follow; a DOI that nobody has seen is used last."""
        if self.doi and self.doi_mark is Mark.READ:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        if self.pmcid:
            return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmcid}/"
        return f"https://doi.org/{self.doi}" if self.doi else None


@dataclass(frozen=True, slots=True)
class Number:
    """One finding of one record. `value` is absent where only words, or only a range, were read.

    Values are decimals so that they print as their source prints them (`20.0`, not `20`).
    """

    id: str
    kind: str
    mark: Mark
    read_in: ReadIn
    value: Decimal | None = None
    unit: str | None = None
    interval: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    sd: Decimal | None = None
    se: Decimal | None = None
    p: str | None = None
    n: int | None = None
    count: int | None = None
    of: int | None = None
    count_mark: Mark | None = None
    time_days: Decimal | None = None
    clock: str | None = None
    arm: str | None = None
    measure: str | None = None
    contrast: str | None = None
    definition: str | None = None
    finding: str | None = None
    confidence: str | None = None
    note: str | None = None

    @property
    def is_from_abstract(self) -> bool:
        """Public pages then say "from the abstract" beside it."""
        return self.read_in.is_abstract_only


@dataclass(frozen=True, slots=True)
class Source:
    """A text that was opened, and which part of it was read."""

    title: str
    read: str
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """One group of people and what they were given."""

    id: str
    drug: str
    treatment_mark: Mark
    n_randomized: int | None = None
    n_analyzed: int | None = None
    n_mark: Mark | None = None
    dose: str | None = None
    route: str | None = None
    infusion_min: Decimal | None = None
    n_doses: str | None = None
    dose_days: tuple[int, ...] = ()
    dose_days_mark: Mark | None = None
    schedule: str | None = None
    adjunct: str | None = None
    dropout: str | None = None
    dropout_mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Population:
    """Who was studied. Counts other than `n_…` of a number stay here as the record gives them."""

    who: str
    mark: Mark
    setting: str | None = None
    note: str | None = None
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Design:
    """How the study was built: `type` is one word (rct, cohort, meta-analysis …), the rest as the record says it."""

    type: str
    blinding: str | None = None
    control: str | None = None
    registration: str | None = None
    funding: str | None = None
    note: str | None = None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def is_randomized(self) -> bool:
        return self.type.startswith("rct")


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """A trial, a cohort, a review, a label: everything the project knows from one publication."""

    id: str
    citation: Citation
    use: str
    drug: str
    time_zero: str
    design: Design
    population: Population
    conditions: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    arms: tuple[Arm, ...] = ()
    numbers: tuple[Number, ...] = ()
    overlaps_with: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        cited = f"{self.citation.label}, {self.design.type}"
        return f"<EvidenceRecord {self.id}: {cited}, {len(self.numbers)} numbers>"

    def number(self, number_id: str) -> Number:
        """The number of this id; `KeyError` where there is none."""
        for number in self.numbers:
            if number.id == number_id:
                return number
        raise KeyError(number_id)


def shown_to_patients(number: Number) -> bool:
    """A patient is shown as fact only what somebody has read, at first or second hand."""
    return number.mark.may_be_shown_as_fact


def shown_on_public_pages(number: Number) -> bool:
    """Public pages are stricter: only what was read in the named source itself."""
    return number.mark is Mark.READ
