"""SVG for a page: drawings we compute, and plots from `ui.figures` made fit to stand inside the page.

A plot is taken apart and built again from a short list of elements and attributes, so that nothing in it can run,
load or style anything, whatever labels a patient's data put there.
"""

import re
from functools import lru_cache
from xml.etree import ElementTree

from django.utils.safestring import SafeString

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "path",
        "line",
        "rect",
        "circle",
        "ellipse",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "defs",
        "clipPath",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "viewBox",
        "width",
        "height",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "dx",
        "dy",
        "d",
        "points",
        "transform",
        "fill",
        "stroke",
        "opacity",
        "id",
        "clip-path",
        "fill-opacity",
        "stroke-opacity",
        "stroke-width",
        "stroke-dasharray",
        "stroke-linejoin",
        "stroke-linecap",
        "stroke-miterlimit",
        "text-anchor",
        "dominant-baseline",
        "font-size",
        "font-weight",
        "font-style",
        "pointer-events",
        "class",
    ]
)
_UNSAFE_VALUE = re.compile(r"url\((?!#)|javascript:|data:", re.IGNORECASE)


class UnknownSvg(ValueError):
    """The text is not an SVG that we can show."""


class Drawing(SafeString):
    """SVG text that was built here from the short lists above, and may stand in a page as it is."""


def inline_plot(svg: str, *, name: str, title: str, description: str, css_class: str) -> Drawing:
    """The plot as an element of the page: named by its title and description, cleaned, without namespaces.

    `name` must be unlike every other on the page: ids begin with it.
    """
    attributes, text, inside = _clean_parts(svg)
    frame = ElementTree.Element("svg", dict(attributes))
    frame.set("class", css_class)
    frame.set("role", "img")
    frame.set("aria-labelledby", f"{name}-t {name}-d")
    frame.text = text
    for tag, words, suffix in (("title", title, "t"), ("desc", description, "d")):
        said = ElementTree.SubElement(frame, tag, {"id": f"{name}-{suffix}"})
        said.text = words
    framed = ElementTree.tostring(frame, encoding="unicode").removesuffix("</svg>")
    return Drawing(f"{framed}{inside.replace(_OWN_NAME, name)}</svg>")


_OWN_NAME = "plot-whose-name-comes-later"


# A chart is opened many times between two scores: what is inside its plots is cleaned once for each.
@lru_cache(maxsize=64)
def _clean_parts(svg: str) -> tuple[tuple[tuple[str, str], ...], str | None, str]:
    """The attributes and text of the outermost element, and what is inside it, ids with a name to be put in."""
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - our own SVG; Python's expat refuses entity bombs
    except ElementTree.ParseError as error:
        raise UnknownSvg(f"The plot is not SVG: {error}.") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise UnknownSvg("The plot does not begin with <svg>.")
    clean = _cleaned(root, _OWN_NAME)
    inside = "".join(ElementTree.tostring(child, encoding="unicode") for child in clean)
    return tuple(clean.attrib.items()), clean.text, inside


def _cleaned(element: ElementTree.Element, name: str) -> ElementTree.Element:
    tag = element.tag.removeprefix(f"{{{_SVG}}}")
    clean = ElementTree.Element(tag)
    for key, value in element.attrib.items():
        if key in _ATTRIBUTES and not _UNSAFE_VALUE.search(value):
            clean.set(key, _own_ids(key, value, name))
    clean.text = element.text
    clean.tail = element.tail
    for child in element:
        if isinstance(child.tag, str) and child.tag.removeprefix(f"{{{_SVG}}}") in _ELEMENTS:
            clean.append(_cleaned(child, name))
    return clean


def _own_ids(key: str, value: str, name: str) -> str:
    # Two plots on one page (phone and desk) may both define "clip0".
    if key == "id":
        return f"{name}-{value}"
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", value)


def icon_array_paths(marked: int, *, worse: bool) -> tuple[str, str]:
    """Path data of an array of 100, ten a row, the marked first from the top left: (marked, the others)."""
    if not 0 <= marked <= 100:
        raise ValueError("An icon array shows 0 to 100 of 100.")
    shape = _diamond if worse else _disc
    places = [(6 + 12 * (i % 10), 6 + 12 * (i // 10)) for i in range(100)]
    return (
        "".join(shape(x, y, 4.1) for x, y in places[:marked]),
        "".join(_disc(x, y, 3.5) for x, y in places[marked:]),
    )


def _disc(x: int, y: int, r: float) -> str:
    return f"M{x - r:g} {y}a{r} {r} 0 1 0 {2 * r:g} 0a{r} {r} 0 1 0-{2 * r:g} 0z"


def _diamond(x: int, y: int, r: float) -> str:
    r += 0.7
    return f"M{x} {y - r:g}l{r:g} {r:g}-{r:g} {r:g}-{r:g}-{r:g}z"
