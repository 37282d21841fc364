"""Which instruments there are. Definition files are package data, read when asked for, and kept."""

import difflib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from longlight.science.instruments.definition import Criterion
from longlight.science.instruments.errors import UnknownInstrument
from longlight.science.instruments.instrument import Instrument
from longlight.science.instruments.reading import read_definition


def ids() -> tuple[str, ...]:
    """The id of every instrument, in alphabetical order."""
    return tuple(_files())


def get(instrument_id: str, version: str | None = None) -> Instrument:
    """An instrument by its id; without a version, the one to use for new assessments."""
    names = _files().get(instrument_id)
    if names is None:
        raise UnknownInstrument(_unknown(instrument_id))
    versions = [_read(name) for name in names]
    for instrument in versions:
        if instrument.version == version or (version is None and instrument.default):
            return instrument
    known = ", ".join(instrument.version for instrument in versions)
    raise UnknownInstrument(f"{instrument_id} has no version {version!r}: it has {known}.")


def versions(instrument_id: str) -> tuple[Instrument, ...]:
    """Every version of an instrument, the one for new assessments first."""
    default = get(instrument_id)
    rest = [_read(name) for name in _files()[instrument_id]]
    return (default, *[each for each in rest if each.version != default.version])


def criteria(instrument_id: str) -> tuple[Criterion, ...]:
    """The named rules for response, remission, deterioration and change, with their sources."""
    return get(instrument_id).criteria


def _folder() -> Traversable:
    return resources.files("longlight.science.instruments") / "definitions"


@cache
def _files() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(entry.name for entry in _folder().iterdir()):
        if name.endswith(".toml"):
            instrument_id = name.removesuffix(".toml").split("@")[0]
            found[instrument_id] = (*found.get(instrument_id, ()), name)
    return dict(sorted(found.items()))


@cache
def _read(name: str) -> Instrument:
    return read_definition((_folder() / name).read_bytes(), name)


def _unknown(instrument_id: str) -> str:
    close = difflib.get_close_matches(str(instrument_id).lower(), _files(), 3, 0.5)
    if close:
        return f"There is no instrument {instrument_id!r}: did you mean {' or '.join(close)}?"
    return (
        f"There is no instrument {instrument_id!r}: `longlight instruments` lists those there are."
    )
