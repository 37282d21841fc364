"""Reads the evidence files: one TOML file per trial, cohort, review or label, in the folder `records`."""

import difflib
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from longlight.science.evidence.model import (
    Arm,
    Citation,
    Design,
    EvidenceRecord,
    Number,
    Population,
    ReadIn,
    Source,
)
from longlight.science.marks import Mark

NUMBER_DECIMALS = ("value", "low", "high", "sd", "se", "time_days")
MARK_FIELDS = (
    "mark",
    "doi_mark",
    "count_mark",
    "n_mark",
    "treatment_mark",
    "dose_days_mark",
    "dropout_mark",
)


class UnknownEvidence(LookupError):
    """No record, or no number in it, has this id. Carries a sentence for people and the nearest ids."""

    def __init__(self, asked: str, nearest: list[str]) -> None:
        self.asked = asked
        self.nearest = nearest
        hint = f"the nearest are {', '.join(nearest)}" if nearest else "nothing is spelled like it"
        super().__init__(f"There is no evidence called '{asked}': {hint}.")


def get(record_id: str) -> EvidenceRecord:
    """The record with this id; capitals and underscores do not matter.

    >>> get("anand-2023-elektd").number("ketamine-2x-weekly-qids-sr16-response-d21").value
    Decimal('55.4')
    """
    wanted = record_id.strip().lower().replace("_", "-")
    found = _by_id().get(wanted)
    if found is None:
        raise UnknownEvidence(
            record_id, difflib.get_close_matches(wanted, list(_by_id()), n=3, cutoff=0.4)
        )
    return found


def get_number(reference: str) -> tuple[EvidenceRecord, Number]:
    """The record and the number that `record-id.number-id` names."""
    record_id, dot, number_id = reference.partition(".")
    record = get(record_id)
    for number in record.numbers:
        if dot and number.id == number_id:
            return record, number
    ids = [f"{record_id}.{n.id}" for n in record.numbers]
    raise UnknownEvidence(reference, difflib.get_close_matches(reference, ids, n=3, cutoff=0.4))


def all() -> tuple[EvidenceRecord, ...]:
    """Every record, in the order of their ids."""
    return tuple(_by_id().values())


@cache
def _by_id() -> dict[str, EvidenceRecord]:
    folder = files("longlight.science.evidence") / "records"
    paths = sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    records = (parse(tomllib.loads(p.read_text("utf-8"), parse_float=Decimal)) for p in paths)
    return {record.id: record for record in records}


def parse(table: Mapping[str, Any]) -> EvidenceRecord:
    """A record from its TOML table. A key that no field knows is an error: a typo must not lose a fact."""
    own = {k: _plain(v) for k, v in table.items() if k not in _NESTED}
    return EvidenceRecord(
        **own,
        citation=Citation(**_marked(table["citation"])),
        design=Design(**_with_facts(table["design"], Design)),
        population=Population(**_with_facts(_marked(table["population"]), Population)),
        sources=tuple(Source(**source) for source in table.get("source", [])),
        arms=tuple(_arm(arm) for arm in table.get("arm", [])),
        numbers=tuple(_number(number) for number in table.get("number", [])),
    )


_NESTED = ("citation", "design", "population", "source", "arm", "number")


def _arm(table: Mapping[str, Any]) -> Arm:
    own = {key: _plain(value) for key, value in _marked(table).items()}
    if "infusion_min" in own:
        own["infusion_min"] = Decimal(own["infusion_min"])
    return Arm(**own)


def _number(table: Mapping[str, Any]) -> Number:
    own = _marked(table)
    own["read_in"] = ReadIn(table["read_in"])
    for key in NUMBER_DECIMALS:
        if key in own:
            own[key] = Decimal(own[key])
    return Number(**own)


def _marked(table: Mapping[str, Any]) -> dict[str, Any]:
    return {k: Mark(v) if k in MARK_FIELDS else v for k, v in table.items()}


def _with_facts(table: Mapping[str, Any], kind: type) -> dict[str, Any]:
    known = kind.__dataclass_fields__  # type: ignore[attr-defined]
    facts = tuple((k, _printed(v)) for k, v in table.items() if k not in known)
    return {k: v for k, v in table.items() if k in known} | {"facts": facts}


def _printed(value: Any) -> str:
    return "-".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
