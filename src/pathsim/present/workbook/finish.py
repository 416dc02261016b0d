"""What XlsxWriter does not write: the language of the document."""

from __future__ import annotations

import io
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

_PROPERTIES: Final = "docProps/core.xml"
_END: Final = b"</cp:coreProperties>"


def with_language(file: bytes, language: str) -> bytes:
    """Return a workbook (.xlsx) whose properties name its language, such as en-GB."""
    said = f"<dc:language>{language}</dc:language>".encode()
    found = io.BytesIO()
    with ZipFile(io.BytesIO(file)) as old, ZipFile(found, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            held = old.read(part)
            if part.filename == _PROPERTIES:
                held = held.replace(_END, said + _END)
            new.writestr(part, held, compress_type=ZIP_DEFLATED)
    return found.getvalue()
