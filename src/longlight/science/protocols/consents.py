"""What a person agrees to: wordings as versioned, hashed data. Once signed, a version never changes."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache, lru_cache

from longlight.science.marks import Mark
from longlight.science.protocols.loading import PACKAGE
from longlight.science.protocols.model import Protocol
from longlight.science.tables import build, read_toml, toml_files


@dataclass(frozen=True, slots=True)
class ConsentParagraph:
    id: str
    title: str
    text: str
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class ConsentWording:
    """One version of what is agreed to, for some approaches and drugs."""

    id: str
    version: str
    language: str
    title: str
    approaches: tuple[str, ...]
    drugs: tuple[str, ...]
    statement: str
    paragraphs: tuple[ConsentParagraph, ...]

    @property
    def hash(self) -> str:
        """SHA-256 of everything it says: a signature names it, so that a changed wording no longer fits."""
        return _hash_of(self)

    def covers(self, protocol: Protocol) -> bool:
        return protocol.approach in self.approaches and protocol.dose.drug in self.drugs


@lru_cache(maxsize=64)
def _hash_of(wording: ConsentWording) -> str:
    return hashlib.sha256(json.dumps(asdict(wording), sort_keys=True).encode()).hexdigest()


class UnknownWording(LookupError):
    """There is no such wording. Carries a sentence for people."""


@cache
def consent_wordings() -> tuple[ConsentWording, ...]:
    """Every version of every wording, oldest first."""
    return tuple(build(ConsentWording, read_toml(file)) for file in toml_files(PACKAGE, "consents"))


def consent_wording(wording_id: str, version: str) -> ConsentWording:
    for wording in consent_wordings():
        if (wording.id, wording.version) == (wording_id, version):
            return wording
    raise UnknownWording(f"There is no consent wording {wording_id}, version {version}.")


def wording_for(protocol: Protocol) -> ConsentWording:
    """The newest wording that covers a protocol's drug and approach."""
    covering = [wording for wording in consent_wordings() if wording.covers(protocol)]
    if not covering:
        raise UnknownWording(f"No consent wording covers the protocol {protocol.id}.")
    return covering[-1]
