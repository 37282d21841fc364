"""Frozen dataclasses from TOML tables, by their annotations.

A key that no field knows, a missing one, and a value outside an enum are errors: a typo in a clinical file must not
lose a fact silently.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class MalformedTable(ValueError):
    """A data file does not fit its dataclass; the sentence says where."""


def build(kind: type[T], table: Mapping[str, Any], where: str = "") -> T:
    """An instance of the dataclass `kind` from `table`; `where` names the place in the file."""
    hints = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    place = where or kind.__name__
    if unknown := sorted(set(table) - set(known)):
        raise MalformedTable(f"{place}: no field is called {', '.join(unknown)}.")
    needed = {n for n, f in known.items() if f.default is MISSING and f.default_factory is MISSING}
    if missing := sorted(needed - set(table)):
        raise MalformedTable(f"{place}: {', '.join(missing)} missing.")
    return kind(**{k: _value(hints[k], v, f"{place}.{k}") for k, v in table.items()})


def read_toml(path: Traversable) -> dict[str, Any]:
    """The table in a file; decimals stay exact."""
    return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)


def toml_files(package: str, folder: str) -> tuple[Traversable, ...]:
    """The TOML files in a folder of a package, by name."""
    found = (p for p in (files(package) / folder).iterdir() if p.name.endswith(".toml"))
    return tuple(sorted(found, key=lambda path: path.name))


def _value(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        hint = next(option for option in get_args(hint) if option is not NoneType)
        return _value(hint, value, where)
    if origin is tuple:
        return tuple(_value(get_args(hint)[0], v, f"{where}[{i}]") for i, v in enumerate(value))
    if is_dataclass(hint) and isinstance(hint, type):
        return build(hint, value, where)
    return _scalar(hint, value, where)


def _scalar(hint: Any, value: Any, where: str) -> Any:
    try:
        if hint is Decimal or (isinstance(hint, type) and issubclass(hint, Enum)):
            return hint(value)
    except (ValueError, ArithmeticError):
        raise MalformedTable(f"{where}: '{value}' is not a {hint.__name__}.") from None
    if not isinstance(value, hint) or isinstance(value, bool) != (hint is bool):
        raise MalformedTable(f"{where}: '{value}' is not a {hint.__name__}.")
    return value
