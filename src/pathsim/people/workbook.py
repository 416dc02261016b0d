"""Reading a workbook (.xlsx): values only, formulas are never evaluated."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from pathsim.errors import InputError, Problem, nearest
from pathsim.text import shortened

from .hidden import note_of, rows_hidden

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_UNPACKED_MB: Final = 256
"""Most that a workbook may hold once unpacked."""
MOST_COLUMNS: Final = 1000
MOST_CELLS: Final = 25_000_000
"""Of one sheet, empty ones between them included: a stray cell in its far corner makes many."""

MOST_SHEETS: Final = 5
"""Sheets that are not read and are named."""


def read_workbook(
    path: Path, data: bytes, *, sheet: str = ""
) -> tuple[list[list[str]], NDArray[np.int64], tuple[str, ...]]:
    """Return the rows of the first sheet that has any, as text, their numbers, and notes.

    A sheet that is hidden is read only where no other has a row, or it is asked for.

    sheet: the name of the sheet to read in its place.

    Raises
    ------
    InputError
        If it is no workbook, or cannot be read without the extra `excel`.
    """
    _check_archive(path, data)
    if find_spec("openpyxl") is None:
        message = (
            "a workbook needs openpyxl; save it as .csv, or install with: "
            "pip install 'offender-pathsim[excel]'"
        )
        raise InputError(Problem(message, file=path))
    rows, lines, notes = _first_sheet(path, data, sheet)
    if not rows:
        raise InputError(Problem("the table is empty", file=path))
    width = max(map(len, rows))
    even = [row + [""] * (width - len(row)) for row in rows]
    while not any(row[-1] for row in even):  # every row holds something
        even = [row[:-1] for row in even]
    return even, np.array(lines, np.int64), notes


def _check_archive(path: Path, data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise InputError(Problem("is a damaged workbook or archive", file=path)) from error
    if not any(part.filename.startswith("xl/") for part in parts):
        message = "is an archive, not a workbook (.xlsx); unpack it, or save it as .csv"
        raise InputError(Problem(message, file=path))
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED_MB << 20:
        allowed = f"up to {LARGEST_UNPACKED_MB:,} MB unpacked"
        raise InputError(Problem("is too large", file=path, allowed=allowed))


def _first_sheet(
    path: Path, data: bytes, wanted: str
) -> tuple[list[list[str]], list[int], tuple[str, ...]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and forms, which are not read
            book = import_module("openpyxl").load_workbook(
                io.BytesIO(data), read_only=True, data_only=True
            )
        titles = [sheet.title for sheet in book.worksheets]
        if wanted and wanted not in titles:
            raise InputError(no_such_sheet(path, wanted, titles))
        for sheet in sorted(book.worksheets, key=_is_hidden):
            if wanted not in ("", sheet.title):
                continue
            rows, lines = _filled(path, sheet)
            if rows:
                others = [_shown(each.title) for each in book.worksheets if each is not sheet]
                hidden = rows_hidden(data, str(getattr(sheet, "_worksheet_path", "")))
                return rows, lines, (*_said(sheet, others), *note_of(hidden, lines))
    except InputError:
        raise
    except Exception as error:
        # What openpyxl raises on a damaged part is of no one kind.
        raise InputError(Problem("is a damaged workbook; save it anew", file=path)) from error
    return [], [], ()


def _is_hidden(sheet: Any) -> bool:
    return str(sheet.sheet_state) != "visible"


def _said(sheet: Any, others: list[str]) -> tuple[str, ...]:
    """Return notes of a sheet that was read."""
    name = _shown(sheet.title)
    listed = ", ".join(others[:MOST_SHEETS])
    read = (f"the sheet {name} was read; the others were not: {listed}",) if others else ()
    return (*read, f"the sheet {name} is hidden") if _is_hidden(sheet) else read


def no_such_sheet(path: Path, wanted: str, titles: list[str]) -> Problem:
    """Return the problem with the name of a sheet."""
    hint = nearest(wanted, titles)
    words = "has no sheet of this name" + (f"; {hint}" if hint else "")
    allowed = ", ".join(map(_shown, titles[:MOST_SHEETS]))
    return Problem(words, key="sheet", found=wanted, allowed=allowed, file=path)


def _filled(path: Path, sheet: Any) -> tuple[list[list[str]], list[int]]:
    """Return the rows that hold anything."""
    rows, lines = [], []
    seen = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        seen += len(row)
        if len(row) > MOST_COLUMNS or seen > MOST_CELLS:
            allowed = f"up to {MOST_COLUMNS:,} columns and {MOST_CELLS:,} cells, empty ones too"
            message = f"the sheet {_shown(sheet.title)} is too large"
            raise InputError(Problem(message, line=number, file=path, allowed=allowed))
        if not any(cell is not None for cell in row):
            continue
        cells = [text_of(cell) for cell in row]
        if any(cells):
            rows.append(cells)
            lines.append(number)
    return rows, lines


def _shown(title: str) -> str:
    return shortened(repr(title), 60)


def text_of(cell: object) -> str:
    """Return a cell as a table of text would hold it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell).strip()
