"""Which columns a file must have, and which ones scoring adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from longlight.science.instruments import Instrument, InstrumentError

CLOSING = ("missing", "prorated", "flags")


class CsvRefused(InstrumentError):
    """A file that cannot be scored at all, with what to do about it."""


@dataclass(frozen=True)
class Layout:
    """A file's header, where the items stand in it, and the names of the columns added."""

    instrument: Instrument
    context: Mapping[str, str]
    header: tuple[str, ...]
    positions: tuple[int, ...]
    added: tuple[str, ...]


def make_layout(
    instrument: Instrument,
    context: Mapping[str, str],
    header: Sequence[str],
    columns: Sequence[str] | None,
    name: str,
) -> Layout:
    wanted = _wanted(instrument, columns)
    lacking = [column for column in wanted if column not in header]
    if lacking:
        raise CsvRefused(_lacking_sentence(instrument, header, lacking, name))
    for column in wanted:
        if list(header).count(column) > 1:
            raise CsvRefused(f"{name} has more than one column {column}: rename all but one.")
    positions = tuple(list(header).index(column) for column in wanted)
    added = _added(instrument, header, name)
    return Layout(instrument, context, tuple(header), positions, added)


def _wanted(instrument: Instrument, columns: Sequence[str] | None) -> list[str]:
    if columns is None:
        return [item.id for item in instrument.items]
    if len(columns) != len(instrument.items) or len(set(columns)) != len(columns):
        raise CsvRefused(
            f"{instrument.id} needs {len(instrument.items)} different columns in item order and "
            f"--columns names {len(set(columns))}: name one for each item."
        )
    return list(columns)


def _lacking_sentence(
    instrument: Instrument, header: Sequence[str], lacking: Sequence[str], name: str
) -> str:
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        return f"{name} is not separated by commas: save it as CSV with commas, then try again."
    shown = ", ".join(header[:12]) + (", …" if len(header) > 12 else "")
    return (
        f"{name} lacks the columns {', '.join(lacking)} of {instrument.id}: rename its columns, or "
        f"name them in item order with --columns. It has {shown or 'none'}."
    )


def _added(instrument: Instrument, header: Sequence[str], name: str) -> tuple[str, ...]:
    """`total, band, …`; with the instrument's prefix when the file has one of these already."""
    plain = ("total", "band", *(part.id for part in instrument.subscales), *CLOSING)
    if not set(plain) & set(header):
        return plain
    prefixed = tuple(f"{instrument.prefix}_{column}" for column in plain)
    taken = [column for column in prefixed if column in header]
    if taken:
        raise CsvRefused(
            f"{name} has a column {taken[0]} already: rename it, or score the file without it."
        )
    return prefixed
