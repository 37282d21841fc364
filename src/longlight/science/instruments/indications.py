"""The eight conditions of the article: the instruments for each, and what is still missing."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Indication:
    """One condition: the ids of its instruments, which to begin with, and what the set cannot tell."""

    id: str
    title: str
    instruments: tuple[str, ...]
    first_choice: str
    # Sentences: what this set cannot tell, so that nobody takes it for complete.
    missing: tuple[str, ...]


@cache
def indications() -> tuple[Indication, ...]:
    """The eight conditions of the article, each with its set of instruments."""
    return tuple(
        Indication(
            entry["id"],
            entry["title"],
            tuple(entry["instruments"]),
            entry["first_choice"],
            tuple(entry["missing"]),
        )
        for entry in _table()["indications"]
    )


@cache
def sets_for_every_course() -> Mapping[str, tuple[str, ...]]:
    """Sets that do not depend on the condition: every course, dosing day, experience, and so on."""
    groups = _table()["every_course"]
    return MappingProxyType({key: tuple(value) for key, value in groups.items()})


@cache
def _table() -> dict[str, Any]:
    file = resources.files("longlight.science.instruments") / "indications.toml"
    return tomllib.loads(file.read_text("utf-8"))
