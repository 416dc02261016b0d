"""How large an OpenDocument table is: a few bytes of it may stand for millions of cells."""

from __future__ import annotations

import io
import zipfile
from typing import IO
from xml.etree import ElementTree as ET

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def ods_cells(data: bytes, *, most_bytes: int) -> int | None:
    """Return how many cells the filled rows of a table have, repeats included; None if damaged.

    most_bytes: a table that is larger once unpacked counts as one cell a byte.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            size = parts.getinfo("content.xml").file_size
            if size > most_bytes:
                return size
            with parts.open("content.xml") as content:
                return _count(content)
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        ET.ParseError,
        OSError,
        RuntimeError,
        NotImplementedError,
    ):
        return None


def _count(content: IO[bytes]) -> int:
    cells = width = waiting = 0
    filled = False
    for _, element in ET.iterparse(content, events=("end",)):
        if element.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            times = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
            if element.get(f"{_OFFICE}value-type") or len(element):
                width, waiting, filled = width + waiting + times, 0, True
            else:
                waiting += times  # counts only before a filled one
        elif element.tag == f"{_TABLE}table-row":
            rows = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
            cells += rows * width if filled else 0
            width, waiting, filled = 0, 0, False
            element.clear()
    return cells
