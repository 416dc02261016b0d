"""Reading a file of people: every cell as text, with the line that each row stands in.

A table of text may have commas, semicolons, tabs or bars between its cells and be in UTF-8,
UTF-16 or Windows-1252; a workbook is .xlsx. What a file is, its first bytes say, not its name.
"""

from __future__ import annotations

import csv
import io
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.errors import InputError, Problem

from .columns import COLUMNS
from .words import as_name
from .workbook import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_MB: Final = 1024
"""Largest file that is read; a million people with all columns are some 150 MB."""
SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_HEADER_WITHIN: Final = 20
"""Lines in which a header is looked for, to say where it is."""
_OTHER_FORMATS: Final = {
    b"\x1f\x8b": "is compressed; unpack it first",
    b"BZh": "is compressed; unpack it first",
    b"\xfd7zXZ": "is compressed; unpack it first",
    b"\x28\xb5\x2f\xfd": "is compressed; unpack it first",
    b"\xd0\xcf\x11\xe0": "is an old workbook (.xls); save it as .xlsx or .csv",
    b"PAR1": "is Parquet; read it with pandas and give the frame as cohort",
}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table as it stands in a file."""

    table: pd.DataFrame
    """Every cell as text, empty where there is nothing."""
    lines: NDArray[np.int64]
    """Line, or row of the sheet, of each row."""
    decimal_comma: bool = False
    """Whether a comma may be a decimal mark, because something else stands between cells."""
    notes: tuple[str, ...] = ()
    """What the reader should know of how the file was read."""


def read_table(path: Path) -> Sheet:
    """Return the table in a file.

    Raises
    ------
    InputError
        If there is no such file, or it is not a table.
    """
    data = _bytes(path)
    if data.startswith(b"PK\x03\x04"):
        rows, lines, notes = read_workbook(path, data)
        header, body = rows[0], rows[1:]
        _refuse_late_header(path, [[cell for cell in row if cell] for row in rows], lines)
        return _sheet(pd.DataFrame(body, columns=header, dtype="str"), lines[1:], notes=notes)
    for start, reason in _OTHER_FORMATS.items():
        if data.startswith(start):
            raise InputError(Problem(reason, file=path))
    text, notes = _decoded(path, data)
    separator = _separator(text)
    if separator != ",":
        notes = (*notes, f"{SEPARATORS[separator]} stand between the cells")
    head = _head(text, separator)
    _refuse_late_header(path, head, np.arange(1, len(head) + 1))
    table = _parsed(path, text, separator)
    lines = np.arange(2, len(table) + 2)
    return _sheet(table, lines, notes=notes, decimal_comma=separator != ",")


def _sheet(
    table: pd.DataFrame,
    lines: NDArray[np.int64],
    *,
    notes: tuple[str, ...],
    decimal_comma: bool = False,
) -> Sheet:
    """Return the rows of a table that hold anything, under plain names."""
    filled = np.zeros(len(table), np.bool_)
    for place in range(table.shape[1]):
        column = table.iloc[:, place]
        filled |= ~np.asarray(column.isna() | (column == ""), np.bool_)
    if not filled.all():
        table, lines = table[filled].reset_index(drop=True), lines[filled]
    return Sheet(table=table, lines=lines, notes=notes, decimal_comma=decimal_comma)


def _bytes(path: Path) -> bytes:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise InputError(Problem("cannot be read: it is not a regular file", file=path))
        if about.st_size > LARGEST_MB << 20:
            size = f"{about.st_size >> 20:,} MB"
            allowed = f"up to {LARGEST_MB:,} MB"
            raise InputError(Problem("is too large", file=path, found=size, allowed=allowed))
        return path.read_bytes()
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError)
        raise InputError(
            Problem("no such file" if missing else "cannot be read", file=path)
        ) from error


def _decoded(path: Path, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, and a note where it is not UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, notes = "utf-16", ["is in UTF-16"]
    elif b"\0" in data:
        raise InputError(Problem("is not a table of text", file=path))
    else:
        encoding, notes = "utf-8-sig", []
    try:
        return data.decode(encoding), tuple(notes)
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), ("is not in UTF-8; it was read as Windows-1252",)
    except UnicodeDecodeError as error:
        reason = "is not text in UTF-8 or Windows-1252"
        raise InputError(Problem(reason, file=path)) from error


def _head(text: str, separator: str) -> list[list[str]]:
    """Return the first lines as cells."""
    lines = text[: 1 << 16].splitlines()[:_HEADER_WITHIN]
    return [next(csv.reader([line], delimiter=separator), []) for line in lines]


def _separator(text: str) -> str:
    """Return what stands between the cells: it gives the first lines the most known columns."""

    def score(separator: str) -> tuple[int, int]:
        head = _head(text, separator)
        return max(map(_known, head), default=0), max(map(len, head), default=0)

    return max(SEPARATORS, key=score)


def _known(cells: list[str]) -> int:
    return len({as_name(cell) for cell in cells} & COLUMNS.keys())


def _refuse_late_header(path: Path, head: list[list[str]], lines: NDArray[np.int64]) -> None:
    """Refuse rows above the header, and say where it is."""
    known = [_known(cells) for cells in head[:_HEADER_WITHIN]]
    best = int(np.argmax(known)) if known else 0
    if best and known[best] >= 2 > known[0]:
        line = int(lines[best])
        message = f"the header seems to be in row {line}; remove the rows above it"
        raise InputError(Problem(message, file=path, line=line))


def _parsed(path: Path, text: str, separator: str) -> pd.DataFrame:
    try:
        table = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
        )
    except pd.errors.EmptyDataError as error:
        raise InputError(Problem("the table is empty", file=path)) from error
    except (pd.errors.ParserError, ValueError) as error:
        reason = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        raise InputError(Problem(f"is not a table: {reason}", file=path)) from error
    if not isinstance(table.index, pd.RangeIndex):
        raise InputError(Problem("is not a table: rows have more cells than the header", file=path))
    return table


def plain_names(table: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the table with known columns under their own names, and a note of each renamed."""
    names: list[Any] = []
    renamed = []
    for name in table.columns:
        plain = as_name(name) if isinstance(name, str) else name
        if isinstance(name, str) and plain in COLUMNS and plain != name:
            renamed.append(f"'{name}' as {plain}")
            names.append(plain)
        else:
            names.append(name)
    if not renamed:
        return table, ()
    return table.set_axis(names, axis=1), (f"columns read: {', '.join(renamed)}",)
