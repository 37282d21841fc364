"""A definition as plain data, for JSON output and for the generated pages."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from longlight.science.instruments.instrument import Instrument


def described(instrument: Instrument) -> dict[str, Any]:
    """Everything in the definition, and the wording where it is shipped."""
    known: dict[str, Any] = {
        field.name: plain(getattr(instrument, field.name)) for field in fields(instrument)
    }
    known["columns"] = [item.id for item in instrument.items]
    for entry, item in zip(known["items"], instrument.items, strict=True):
        entry["allowed"] = list(item.allowed)
    pack = instrument.text()
    known["text"] = None if pack is None else plain(pack)
    return known


def plain(value: Any) -> Any:
    """Dataclasses, tuples and sets as what JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        return {key: plain(each) for key, each in _shallow(value).items()}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value


def _shallow(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}
