"""A report read back: its elements, its marked figures, and what stands at their places."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, NamedTuple

VOID = {"meta", "img", "br", "link", "wbr", "input", "path", "use", "line", "rect", "circle"}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


class Mark(NamedTuple):
    """A figure of a page."""

    value: float
    origin: str
    text: str


class Page(HTMLParser):
    """The elements of a page, refusing one that is not well nested."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, Any]]] = []
        self.marks: list[Mark] = []
        self.said: list[tuple[str, str]] = []
        self.bare: list[str] = []
        self._mark: tuple[str, dict[str, Any]] | None = None
        self._text = ""
        self._cells: list[bool] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.found.append((tag, attributes))
        if tag == "table":
            self._cells.append(attributes.get("class") == "numbers")
        if tag == "data" or "data-said-at" in attributes:
            self._mark, self._text = (tag, attributes), ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self._mark is not None:
            self._text += data
        elif "td" in self.open and self._cells and self._cells[-1] and "data" not in self.open:
            self.bare.append(data)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self.open.pop() == tag
        if tag == "table":
            self._cells.pop()
        if self._mark is not None and self._mark[0] == tag:
            attributes, self._mark = self._mark[1], None
            if tag == "data":
                value, origin = float(attributes["value"]), attributes["data-from"]
                self.marks.append(Mark(value, origin, self._text))
            else:
                self.said.append((attributes["data-said-at"], self._text))

    def all(self, tag: str) -> list[dict[str, Any]]:
        """Return the attributes of all elements of a tag."""
        return [attributes for name, attributes in self.found if name == tag]


def at(told: Any, origin: str) -> Any:
    """Return what stands at a place of the plain data; a key may have dots of its own."""
    found, left = told, origin
    while left:
        if isinstance(found, list):
            key, _, left = left.partition(".")
            found = found[int(key)]
            continue
        fits = [key for key in found if left == key or left.startswith(f"{key}.")]
        key = max(fits, key=len)
        found, left = found[key], left[len(key) + 1 :]
    return found


def read_number(text: str) -> tuple[float, float]:
    """Return the size of the number that a text says, and half a unit of its last digit."""
    said = _NUMBER.search(text)
    assert said, text
    digits = said[0].replace(",", "")
    decimals = len(digits.partition(".")[2])
    unit = 10.0**-decimals
    if digits.endswith("000") and not decimals:
        unit = 1000.0
    elif not decimals and len(digits) > 4:
        unit = 1000.0 if digits.endswith("000") else 1.0
    scale = 1e6 if "million" in text else 0.01 if _of_a_share(text) else 1.0
    return float(digits) * scale, 0.5 * unit * scale


def _of_a_share(text: str) -> bool:
    return any(sign in text for sign in ("%", "points", "of\xa0100"))
