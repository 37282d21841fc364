"""Reads approaches and protocols: one TOML file per approach, and one per version of a protocol."""

import difflib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from longlight.science.protocols.model import Approach, Protocol, Sourced
from longlight.science.tables import build, read_toml, toml_files

PACKAGE = "longlight.science.protocols"


class UnknownProtocol(LookupError):
    """No protocol, or no such version of it. Carries a sentence for people."""


@cache
def approaches() -> tuple[Approach, ...]:
    """The three approaches, in the article's order."""
    found = {a.id: a for a in (build(Approach, read_toml(p)) for p in _files("approaches"))}
    return tuple(found[approach_id] for approach_id in ("medicine", "talk-therapy", "experience"))


def approach(approach_id: str) -> Approach:
    for known in approaches():
        if known.id == approach_id:
            return known
    raise UnknownProtocol(
        f"There is no approach '{approach_id}': choose one of {', '.join(a.id for a in approaches())}."
    )


def all() -> tuple[Protocol, ...]:
    """The newest version of each protocol."""
    newest = {protocol.id: protocol for protocol in every_version()}
    return tuple(newest.values())


@cache
def every_version() -> tuple[Protocol, ...]:
    """Every version of every protocol, oldest first."""
    found = [build(Protocol, read_toml(path), path.name) for path in _files("definitions")]
    return tuple(sorted(found, key=lambda p: (p.id, [int(part) for part in p.version.split(".")])))


def get(protocol_id: str, version: str | None = None) -> Protocol:
    """A protocol in the version given, or in the newest.

    >>> get("iv-twice-weekly").dose.start.value
    Decimal('0.5')
    """
    versions = {p.version: p for p in every_version() if p.id == protocol_id}
    if not versions:
        ids = [protocol.id for protocol in all()]
        nearest = difflib.get_close_matches(protocol_id, ids, n=3, cutoff=0.4) or ids
        raise UnknownProtocol(
            f"There is no protocol '{protocol_id}': the nearest are {', '.join(nearest)}."
        )
    if version is not None and version not in versions:
        raise UnknownProtocol(
            f"'{protocol_id}' has no version {version}: there is {', '.join(versions)}."
        )
    return versions[version] if version is not None else list(versions.values())[-1]


def content_hash(protocol: Protocol) -> str:
    """SHA-256 of what the protocol says: the same for the same content, whatever the file's layout."""
    text = json.dumps(_canonical(protocol), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def published_hashes() -> dict[str, str]:
    """`id version` to hash, for every version that was published: such a version never changes again."""
    table = read_toml(files(PACKAGE) / "published.toml")
    return {f"{row['id']} {row['version']}": row["sha256"] for row in table["protocol"]}


def sourced_numbers(value: Any) -> Iterator[Sourced]:
    """Every number inside a definition."""
    if isinstance(value, Sourced):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from sourced_numbers(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from sourced_numbers(item)


def _canonical(value: Any) -> Any:
    if is_dataclass(value):
        named = {f.name: _canonical(getattr(value, f.name)) for f in fields(value)}
        return {name: item for name, item in named.items() if item not in (None, [], "")}
    if isinstance(value, tuple):
        return [_canonical(item) for item in value]
    return value if isinstance(value, bool) or value is None else str(value)


def _files(folder: str) -> tuple[Any, ...]:
    return toml_files(PACKAGE, folder)
