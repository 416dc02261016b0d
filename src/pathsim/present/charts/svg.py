"""A figure as SVG that stands in a page: text is text, and colours follow the page.

Matplotlib writes style attributes, which strict pages refuse, and names that clash where a page
has several figures. Both are rewritten here.
"""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import matplotlib as mpl

from .look import VARIABLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SVG: Final = "{http://www.w3.org/2000/svg}"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"
_NAMED: Final = re.compile(r"url\(#([^)]+)\)")
_FONT: Final = re.compile(r"(?P<more>.*?)(?P<size>[\d.]+)px\s+(?P<family>.*)")
_LONG: Final = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
"""A number with more decimals than a screen shows: a unit is about a pixel."""
_NUMBERS: Final = frozenset(("d", "x", "y", "width", "height", "points", "transform"))
_FAMILY: Final = "Arial, Helvetica, sans-serif"


def inline_svg(figure: Figure, *, name: str, title: str, words: str) -> str:
    """Return the figure as an `svg` element with role, name and description.

    name: begins every id, so that several figures stand in one page. The size is the viewBox's,
    so the page decides on the width. The same figure gives the same text.
    """
    text = StringIO()
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    root = ET.fromstring(text.getvalue())
    for part in root.findall(f"{_SVG}metadata"):
        root.remove(part)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{_SVG}defs" and child.find(f"{_SVG}style") is not None:
                parent.remove(child)
    _rename(root, name)
    for element in root.iter():
        _restyle(element)
        element.tag = element.tag.removeprefix(_SVG)
    _describe(root, name=name, title=title, words=words)
    return ET.tostring(root, encoding="unicode")


def _rename(root: ET.Element, name: str) -> None:
    """Leave out ids that nothing refers to; begin the others with the chart's name."""
    used = set()
    for element in root.iter():
        link = element.attrib.pop(_LINK, "")
        if link:
            element.set("href", f"#{name}-{link[1:]}")
            used.add(link[1:])
        for key, value in element.attrib.items():
            used.update(_NAMED.findall(value))
            element.set(key, _NAMED.sub(rf"url(#{name}-\1)", value))
    for element in root.iter():
        own = element.attrib.pop("id", "")
        if own in used:
            element.set("id", f"{name}-{own}")


def _restyle(element: ET.Element) -> None:
    """Write a style attribute as presentation attributes."""
    for each in element.attrib.pop("style", "").split(";"):
        key, _, value = (part.strip() for part in each.partition(":"))
        if key == "font":
            _set_font(element, value)
        elif key:
            element.set(key, value)
    for key in _NUMBERS & element.attrib.keys():
        element.set(key, _LONG.sub(lambda found: f"{float(found[0]):.2f}", element.get(key, "")))
    for key in ("fill", "stroke"):
        value = element.get(key, "").lower()
        if value in VARIABLES:
            variable = VARIABLES[value]
            told = variable if not variable.startswith("--") else f"var({variable}, {value})"
            element.set(key, told)


def _set_font(element: ET.Element, value: str) -> None:
    found = _FONT.match(value)
    if found is None:
        return
    element.set("font-size", found["size"])
    more = found["more"].split()
    if "bold" in more or "700" in more:
        element.set("font-weight", "bold")


def _describe(root: ET.Element, *, name: str, title: str, words: str) -> None:
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    description = ET.Element("desc", {"id": f"{name}-words"})
    description.text = words
    root.insert(0, description)
    root.attrib.update(
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "role": "img",
            "aria-label": title,
            "aria-describedby": f"{name}-words",
            "font-family": _FAMILY,
            "fill": "currentColor",
            "stroke-linejoin": "round",
            "stroke-linecap": "butt",
        }
    )
