"""What a workbook hides: rows that a filter or a hand put out of sight, and whole sheets."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from pathsim.text import counted

if TYPE_CHECKING:
    from collections.abc import Collection

_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_HIDDEN: Final = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_NUMBER: Final = re.compile(rb"""\br=["'](\d+)["']""")
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_MOST_ROWS: Final = 3
"""Hidden rows whose numbers a note has."""


def rows_hidden(data: bytes, part: str) -> set[int]:
    """Return the numbers of the hidden rows of a sheet.

    part: of the archive, that holds the sheet. What is written without numbers is not found.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if part.lstrip("/") not in parts.namelist():
            return set()
        text = parts.read(part.lstrip("/"))
    hidden = (row[0] for row in _ROW.finditer(text) if _HIDDEN.search(row[0]))
    return {int(found[1]) for row in hidden if (found := _NUMBER.search(row))}


def note_of(hidden: Collection[int], read: Collection[int]) -> tuple[str, ...]:
    """Return a note of the hidden rows that were read; none if there are none."""
    rows = sorted(set(hidden) & set(read))
    if not rows:
        return ()
    listed = ", ".join(map(str, rows[:_MOST_ROWS])) + (", …" if len(rows) > _MOST_ROWS else "")
    return (f"{counted(len(rows), 'row is', 'rows are')} hidden in the sheet, and read: {listed}",)


def ods_hidden(data: bytes) -> tuple[set[str], dict[str, set[int]]]:
    """Return which sheets of an OpenDocument table are hidden, and the hidden rows of each."""
    unseen: set[str] = set()
    sheets: set[str] = set()
    rows: dict[str, set[int]] = {}
    style, name, line = "", "", 0
    with zipfile.ZipFile(io.BytesIO(data)) as parts, parts.open("content.xml") as content:
        for event, element in ET.iterparse(content, events=("start", "end")):
            if element.tag == f"{_STYLE}style" and event == "start":
                style = element.get(f"{_STYLE}name", "")
            elif element.tag == f"{_STYLE}table-properties" and event == "start":
                if element.get(f"{_TABLE}display") == "false":
                    unseen.add(style)
            elif element.tag == f"{_TABLE}table" and event == "start":
                name, line = element.get(f"{_TABLE}name", ""), 0
                if element.get(f"{_TABLE}style-name") in unseen:
                    sheets.add(name)
            elif element.tag == f"{_TABLE}table-row" and event == "end":
                times = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                # So many empty ones end a sheet that they are not told one by one.
                if element.get(f"{_TABLE}visibility") in ("collapse", "filter") and len(element):
                    rows.setdefault(name, set()).update(range(line + 1, line + min(times, 99) + 1))
                line += times
                element.clear()
    return sheets, rows
