"""What scoring gives back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from longlight.science.instruments.definition import Points, SafetyFlag, Sourced


@dataclass(frozen=True)
class ThresholdMet:
    """One published cut, named with the context it is for, and whether this score reaches it."""

    id: str
    meaning: str
    of: str
    at_least: Points | None
    at_most: Points | None
    context: Mapping[str, str]
    met: bool | None
    evidence: Sourced

    def to_json(self) -> dict[str, Any]:
        limit = "at_least" if self.at_least is not None else "at_most"
        return {
            "id": self.id,
            "meaning": self.meaning,
            "of": self.of,
            limit: getattr(self, limit),
            "context": dict(self.context),
            "met": self.met,
            **asdict(self.evidence),
        }


@dataclass(frozen=True)
class Score:
    """A number computed from answers, with everything that a reader must know to trust it.

    `total` is the instrument's headline number, in the units of its definition (WHO-5: 0 to 100; EDE-Q: global mean;
    MEQ30: share of the maximum); None where the missing rule forbids one. `missing` and `not_asked` hold item ids.
    """

    instrument: str
    version: str
    definition_hash: str
    total: Points | None
    band: str | None
    subscales: Mapping[str, Points | None]
    missing: tuple[str, ...]
    not_asked: tuple[str, ...]
    prorated: bool
    flags: tuple[str, ...]
    thresholds: tuple[ThresholdMet, ...]
    safety: tuple[SafetyFlag, ...]
    notes: tuple[str, ...]
    # How far the rules behind this score were checked: scoring, missing, and band where there is one.
    evidence: Mapping[str, Sourced]

    def __repr__(self) -> str:
        said = [] if self.total is None else [f"{self.total:g}"]
        said += [self.band] if self.band else []
        said += [f"{len(self.missing)} missing"] if self.missing else []
        return f"<Score {self.instrument} v{self.version}: {', '.join(said) or 'no total'}>"

    def to_json(self) -> dict[str, Any]:
        """What `longlight score --json` prints."""
        return {
            "instrument": self.instrument,
            "version": self.version,
            "total": self.total,
            "band": self.band,
            "subscales": dict(self.subscales),
            "missing": list(self.missing),
            "not_asked": list(self.not_asked),
            "prorated": self.prorated,
            "flags": list(self.flags),
            "thresholds": [threshold.to_json() for threshold in self.thresholds],
            "notes": list(self.notes),
            "evidence": {key: asdict(each) for key, each in self.evidence.items()},
            "definition_hash": self.definition_hash,
        }
