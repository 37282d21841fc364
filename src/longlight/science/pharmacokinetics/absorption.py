"""Absorption that is not part of a model: a bioavailability and a first-order rate, always an assumption."""

from dataclasses import dataclass
from typing import Any

from longlight.science.marks import Mark


@dataclass(frozen=True)
class Absorption:
    """First-order absorption of a route onto a model of intravenous data."""

    id: str
    route: str
    bioavailability_share: float
    ka_per_min: float
    bioavailability_mark: Mark
    ka_mark: Mark
    source: str
    derived_with: str | None = None

    @classmethod
    def parse(cls, raw: dict[str, Any]) -> "Absorption":
        """From what an absorption file holds."""
        return cls(
            id=raw["id"],
            route=raw["route"],
            bioavailability_share=float(raw["bioavailability"]["value"]),
            ka_per_min=float(raw["ka"]["value"]),
            bioavailability_mark=Mark(raw["bioavailability"]["mark"]),
            ka_mark=Mark(raw["ka"]["mark"]),
            source=f"F: {raw['bioavailability']['source']}; ka: {raw['ka']['source']}",
            derived_with=raw["ka"].get("derived_with"),
        )

    def sentence(self, model_id: str) -> str:
        """What an answer that rests on this must say."""
        text = (
            f"Assumption: {self.route} absorption '{self.id}' (F {self.bioavailability_share:g}, "
            f"{self.bioavailability_mark}; ka {self.ka_per_min:g} per min, {self.ka_mark}) "
            f"is not part of {model_id}, a model of intravenous data. {self.source}."
        )
        if self.derived_with not in (None, model_id):
            text += f" Its ka was derived with {self.derived_with}, not with {model_id}."
        return text

    def describe(self) -> dict[str, Any]:
        """What `longlight pk absorptions --json` says."""
        return {
            "id": self.id,
            "route": self.route,
            "bioavailability_share": self.bioavailability_share,
            "bioavailability_mark": self.bioavailability_mark.value,
            "ka_per_min": self.ka_per_min,
            "ka_mark": self.ka_mark.value,
            "derived_with": self.derived_with,
            "source": self.source,
        }
