"""Turns the text of a definition file into an `Instrument`. The file is TOML; its bytes are hashed."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from longlight.science.instruments.definition import (
    Band,
    Condition,
    Criterion,
    Finding,
    Gate,
    Item,
    Level,
    Licence,
    Option,
    Part,
    Points,
    SafetyRule,
    Scoring,
    Sourced,
    Threshold,
    Window,
)
from longlight.science.instruments.errors import DefinitionBroken
from longlight.science.instruments.instrument import Instrument
from longlight.science.marks import Mark

Table = Mapping[str, Any]


def read_definition(raw: bytes, name: str) -> Instrument:
    """One definition from its bytes; `name` is only for the message when the file is broken."""
    try:
        return _instrument(tomllib.loads(raw.decode()), hashlib.sha256(raw).hexdigest())
    except (KeyError, TypeError, ValueError) as error:
        raise DefinitionBroken(f"The definition {name} cannot be used: {error!r}.") from error


def _instrument(table: Table, digest: str) -> Instrument:
    items = tuple(sorted(_items(table), key=lambda item: item.number))
    subscales = tuple(_part(entry) for entry in table.get("subscales", ()))
    total_range = table.get("total_range")
    return Instrument(
        id=table["id"],
        version=table["version"],
        default=table.get("default", True),
        title=table["title"],
        short_title=table["short_title"],
        edition=table.get("edition", ""),
        prefix=table["prefix"],
        completed_by=table["completed_by"],
        direction=table["direction"],
        window=Window(**table["window"]),
        items=items,
        scoring=_scoring(table["scoring"], items, subscales),
        subscales=subscales,
        total_range=None if total_range is None else (total_range[0], total_range[1]),
        total_step=table.get("total_step"),
        bands=tuple(_band(entry) for entry in table.get("bands", ())),
        levels=tuple(_level(entry) for entry in table.get("levels", ())),
        thresholds=tuple(_threshold(entry) for entry in table.get("thresholds", ())),
        findings=tuple(_finding(entry) for entry in table.get("findings", ())),
        safety_rules=tuple(_safety_rule(entry) for entry in table.get("safety_rules", ())),
        criteria=tuple(_criterion(entry) for entry in table.get("criteria", ())),
        gate=_gate(table.get("gate")),
        licence=_licence(table["licence"]),
        citation=table["citation"],
        loinc=dict(table.get("loinc", {})),
        notes=tuple(table.get("notes", ())),
        hash=digest,
    )


def _sourced(entry: Table) -> Sourced:
    if not entry["source"]:
        raise ValueError(f"no source of {dict(entry)}")
    return Sourced(entry["source"], Mark(entry["mark"]))


def _items(table: Table) -> Iterable[Item]:
    for group in table["items"]:
        names = group.get("names", [str(number) for number in group["numbers"]])
        for number, name in zip(group["numbers"], names, strict=True):
            yield _item(group, number, f"{table['prefix']}_{name}")


def _item(group: Table, number: int, item_id: str) -> Item:
    not_assessed = frozenset(group.get("not_assessed", ()))
    options = tuple(_options(group, not_assessed))
    values = [option.value for option in options if not option.not_assessed]
    return Item(
        id=item_id,
        number=number,
        minimum=min(values) if values else group["minimum"],
        maximum=max(values) if values else group["maximum"],
        options=options,
        required=group.get("required", True),
        reverse=number in group.get("reverse", ()),
        counts_as={int(stored): counted for stored, counted in group.get("counts_as", {}).items()},
        not_assessed=not_assessed,
        asked_if=_numbers(group.get("asked_if", ())),
    )


def _numbers(entry: int | Iterable[int]) -> tuple[int, ...]:
    return (entry,) if isinstance(entry, int) else tuple(entry)


def _options(group: Table, not_assessed: frozenset[Points]) -> Iterable[Option]:
    if "values" in group:
        for value in group["values"]:
            yield Option(str(value), value, value in not_assessed)
    for code, value in group.get("coded_values", {}).items():
        yield Option(code, value, value in not_assessed)


def _part(entry: Table) -> Part:
    return Part(
        id=entry["id"],
        title=entry["title"],
        items=tuple(entry["items"]),
        combine=entry.get("combine", "sum"),
        may_miss=entry.get("may_miss", 0),
        divide_by=entry.get("divide_by", 1),
        evidence=_sourced(entry),
    )


def _scoring(entry: Table, items: tuple[Item, ...], subscales: tuple[Part, ...]) -> Scoring:
    return Scoring(
        combine=entry["combine"],
        parts=_total_parts(entry, items, subscales),
        multiply_by=entry.get("multiply_by", 1),
        divide_by=entry.get("divide_by", 1),
        whole_when_prorated=entry.get("whole_when_prorated", False),
        evidence=_sourced(entry),
        missing_rule=entry["missing"]["rule"],
        missing_evidence=_sourced(entry["missing"]),
    )


def _total_parts(
    entry: Table, items: tuple[Item, ...], subscales: tuple[Part, ...]
) -> tuple[Part, ...]:
    if entry["combine"] == "none":
        return ()
    if entry["of"] == "subscales":
        return subscales
    if entry["of"] == "domains":
        return tuple(
            Part(f"domain-{i}", "", tuple(numbers), "max", len(numbers) - 1)
            for i, numbers in enumerate(entry["domains"], 1)
        )
    numbers = tuple(item.number for item in items)
    may_miss = entry.get("may_miss", 0)
    if entry["combine"] == "mean":
        return (Part("total", "", numbers, "mean", may_miss),)
    return (Part("total", "", numbers, "sum", may_miss),)


def _band(entry: Table) -> Band:
    return Band(
        entry["name"], entry["low"], entry["high"], _sourced(entry), entry.get("context", {})
    )


def _condition(entry: Table) -> Condition:
    return Condition(**{**entry, "items": tuple(entry.get("items", ()))})


def _level(entry: Table) -> Level:
    conditions = tuple(_condition(each) for each in entry.get("all", ()))
    return Level(entry["name"], conditions, _sourced(entry))


def _threshold(entry: Table) -> Threshold:
    return Threshold(
        id=entry["id"],
        meaning=entry["meaning"],
        of=entry.get("of", "total"),
        at_least=entry.get("at_least"),
        at_most=entry.get("at_most"),
        evidence=_sourced(entry),
        context=entry.get("context", {}),
        items=tuple(entry.get("items", ())),
    )


def _finding(entry: Table) -> Finding:
    conditions = tuple(_condition(each) for each in entry["all"])
    return Finding(entry["id"], entry["meaning"], conditions, _sourced(entry))


def _safety_rule(entry: Table) -> SafetyRule:
    return SafetyRule(
        id=entry["id"],
        item=entry["item"],
        at_least=entry["at_least"],
        urgency=entry["urgency"],
        sentence=entry["sentence"],
        evidence=_sourced(entry),
    )


def _criterion(entry: Table) -> Criterion:
    rest = {key: value for key, value in entry.items() if key not in {"source", "mark"}}
    limits = set(rest) - {"id", "kind", "meaning"}
    if len(limits) != 1:
        raise ValueError(f"criterion {entry['id']} needs exactly one limit")
    return Criterion(evidence=_sourced(entry), **rest)


def _gate(entry: Table | None) -> Gate | None:
    if entry is None:
        return None
    return Gate(entry["context"], entry["answer"], entry["total"], _sourced(entry))


def _licence(entry: Table) -> Licence:
    return Licence(
        entry["class"], entry["line"], entry["text"], entry.get("notice", ""), _sourced(entry)
    )
