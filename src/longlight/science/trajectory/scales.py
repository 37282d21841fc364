"""What a figure and a sentence need to know of an instrument: its ends, its bands, which way is better."""

from dataclasses import dataclass
from functools import cache

from longlight.science import instruments
from longlight.science.instruments import Instrument
from longlight.science.trajectory.points import Points


@dataclass(frozen=True)
class ScaleBand:
    """A named step of severity. It begins at `low_points` and ends where the next one begins."""

    low_points: Points
    high_points: Points
    name: str


@dataclass(frozen=True)
class Scale:
    """One instrument's own axis. `lower_is_better` is None when nobody said so."""

    name: str
    low_points: Points
    high_points: Points
    lower_is_better: bool | None = None
    bands: tuple[ScaleBand, ...] = ()


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


@cache
def _by_plain_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for instrument_id in instruments.ids():
        instrument = instruments.get(instrument_id)
        for name in (instrument.id, instrument.short_title, instrument.title):
            found.setdefault(_plain(name), instrument_id)
    return found


def instrument_named(name: str) -> Instrument | None:
    """The instrument that people call `name`: by id or title, whatever its dashes and capitals."""
    instrument_id = _by_plain_name().get(_plain(name))
    return instruments.get(instrument_id) if instrument_id else None


def scale_of(instrument: Instrument) -> Scale:
    """An instrument's axis. Bands that hold for some people only are left out."""
    low, high = instrument.total_range or (0, 0)
    bands = sorted(
        (band for band in instrument.bands if not band.context), key=lambda band: band.low
    )
    edges = [band.low for band in bands[1:]] + [high]
    return Scale(
        instrument.short_title,
        low,
        high,
        instrument.direction == "higher-worse",
        tuple(
            ScaleBand(band.low, edge, band.name)
            for band, edge in zip(bands, edges, strict=True)
        ),
    )  # fmt: skip


def scale_for(name: str, values: tuple[Points, ...]) -> Scale:
    """The axis of a known instrument; for an unknown name one that holds the values, and claims nothing."""
    instrument = instrument_named(name)
    if instrument is not None and instrument.total_range is not None:
        return scale_of(instrument)
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = (high - low) * 0.1 or 1.0
    return Scale(name, min(0.0, low) if low >= 0 else low - margin, high + margin)
