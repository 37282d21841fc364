"""Draws the figure of `longlight pk --plot`: a curve with its band, or several models compared."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from longlight import pk
from longlight.cli.main import Refusal
from longlight.cli.whole_files import write_whole

SUFFIXES = (".svg", ".png")


def check_path(out: Path) -> None:
    """Refuse before any work where the ending says no format."""
    if out.suffix.lower() not in SUFFIXES:
        raise Refusal(f"'{out}' ends in neither .svg nor .png: name it so.")


def draw(
    models: Sequence[pk.Model], doses: Sequence[pk.Dose], scenario: Mapping[str, Any], out: Path
) -> None:
    """The figure of the first model with its band, or of several models, whole or not at all."""
    times = pk.times_to_draw(doses)
    curves = [model.curve(doses, at_min=times, **scenario) for model in models]
    band = None
    if len(models) == 1 and models[0].published.variability:
        band = models[0].band(doses, at_min=times, **scenario)
    if out.suffix.lower() == ".svg":
        write_whole(out, pk.to_svg(*curves, band=band).encode())
    else:
        write_whole(out, pk.to_png(*curves, band=band))
