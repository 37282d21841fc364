"""Severity bands: which step of grey-blue each gets, and a place for its name where no data lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from longlight.science.trajectory import Scale
from longlight.ui.figures.theme import BAND_STEPS, Size

# About how wide a letter of the page's font is, as a share of its height.
LETTER_SHARE = 0.53


@dataclass(frozen=True)
class Box:
    """A stretch of the plot, in pixels from its top left."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    @classmethod
    def along(cls, start: tuple[float, float], end: tuple[float, float]) -> Iterator[Box]:
        """Small boxes along a line, so that a steep line takes no more room than it covers."""
        length = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1.0)
        count = int(length / 6) + 1
        for n in range(count + 1):
            x = start[0] + (end[0] - start[0]) * n / count
            y = start[1] + (end[1] - start[1]) * n / count
            yield cls(x - 4, y - 4, x + 4, y + 4)


def band_steps(scale: Scale) -> list[int]:
    """A step from 1 (lightest) to 5 for each band, the worst one darkest whichever way the scale runs."""
    count = len(scale.bands)
    if count == 1:
        return [1]
    steps = [1 + round(n * (BAND_STEPS - 1) / (count - 1)) for n in range(count)]
    return steps if scale.lower_is_better is not False else steps[::-1]


@dataclass(frozen=True)
class Place:
    """Where a name stands: its edge, and which edge that is."""

    x_px: float
    align: Literal["left", "right"]


def place_name(name: str, middle_px: float, size: Size, taken: Sequence[Box]) -> Place:
    """Where a band's name touches the least data: at the right edge first, then left, then between."""
    width = len(name) * size.text_px * LETTER_SHARE
    room = size.plot_width_px - width - 16
    half = size.text_px * 0.6

    def touched(share: float) -> int:
        left = 8 + room * share
        place = Box(left - 3, middle_px - half, left + width + 3, middle_px + half)
        return sum(place.touches(box) for box in taken)

    share = min([1, 0, 0.25, 0.5, 0.75, 0.375, 0.625, 0.125, 0.875], key=touched)
    if share == 1:
        return Place(size.plot_width_px - 8, "right")
    return Place(round(8 + room * share, 2), "left")
