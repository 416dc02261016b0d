"""Reading a file of people: every cell as text, with the line that each row stands in.

A table of text may have commas, semicolons, tabs or bars between its cells and be in UTF-8,
UTF-16 or Windows-1252; a workbook is .xlsx. What a file is, its first bytes say, not its name.
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.bounded import TABLE_BYTES, compression, read_bytes
from pathsim.errors import InputError, Problem
from pathsim.scenario.units import MOST_PEOPLE
from pathsim.text import shortened

from .columns import COLUMNS
from .words import as_name
from .workbook import MOST_COLUMNS, read_workbook

if TYPE_CHECKING:
    from pathlib import Path

SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_HEAD_BYTES: Final = 1 << 16
_HEADER_WITHIN: Final = 20
"""Lines in which a header is looked for, to say where it is."""
_OTHER_FORMATS: Final = {
    b"\xd0\xcf\x11\xe0": "is an old workbook (.xls); save it as .xlsx or .csv",
    b"PAR1": "is Parquet; read it with pandas and give the frame as cohort",
}
ALLOWED: Final = "a table of people, .csv or .xlsx"


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
    data = read_bytes(path, most=TABLE_BYTES, allowed=ALLOWED)
    if data.startswith(b"PK\x03\x04"):
        rows, lines, notes = read_workbook(path, data)
        head = [[cell for cell in row if cell] for row in rows[:_HEADER_WITHIN]]
        _check_head(path, head, lines)
        return _sheet(pd.DataFrame(rows[1:], columns=rows[0], dtype="str"), lines[1:], notes=notes)
    count = max(data.count(b"\n"), data.count(b"\r"))
    if count > MOST_PEOPLE:
        allowed = f"a row for each of up to {MOST_PEOPLE:,} people"
        raise InputError(Problem("has too many rows", found=count, allowed=allowed, file=path))
    encoding, notes = encoding_of(path, data)
    # The first lines tell what stands between cells; a character may be cut at their end.
    start = data[:_HEAD_BYTES].decode(encoding, errors="ignore")
    separator = _separator(start)
    if separator != ",":
        notes = (*notes, f"{SEPARATORS[separator]} stand between the cells")
    head = _head(start, separator)
    _check_head(path, head, np.arange(1, len(head) + 1))
    table = _parsed(path, data, encoding, separator)
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


def encoding_of(path: Path, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return in what encoding a file is, and a note where it is not UTF-8."""
    reason = next((why for start, why in _OTHER_FORMATS.items() if data.startswith(start)), "")
    packed = compression(data)
    if packed:
        reason = f"is compressed ({packed}); unpack it first"
    if reason:
        raise InputError(Problem(reason, file=path, allowed=ALLOWED))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        tried: dict[str, tuple[str, ...]] = {"utf-16": ("is in UTF-16",)}
    elif b"\0" in data:
        raise InputError(Problem("is not a table of text", file=path, allowed=ALLOWED))
    else:
        as_windows = "is not in UTF-8; it was read as Windows-1252"
        tried = {"utf-8-sig": (), "cp1252": (as_windows,)}
    for encoding, notes in tried.items():
        with suppress(UnicodeDecodeError):
            data.decode(encoding)
            return encoding, notes
    reason = "is not text in UTF-8 or Windows-1252"
    raise InputError(Problem(reason, file=path, allowed=ALLOWED))


def _head(text: str, separator: str) -> list[list[str]]:
    """Return the first lines as cells."""
    lines = text.splitlines()[:_HEADER_WITHIN]
    return [next(csv.reader([line], delimiter=separator), []) for line in lines]


def _separator(text: str) -> str:
    """Return what stands between the cells: it gives the first lines the most known columns."""

    def score(separator: str) -> tuple[int, int]:
        head = _head(text, separator)
        return max(map(_known, head), default=0), max(map(len, head), default=0)

    return max(SEPARATORS, key=score)


def _known(cells: list[str]) -> int:
    return len({as_name(cell) for cell in cells} & COLUMNS.keys())


def _check_head(path: Path, head: list[list[str]], lines: NDArray[np.int64]) -> None:
    """Refuse very many columns, and rows above the header, with where it is."""
    columns = max(map(len, head), default=0)
    if columns > MOST_COLUMNS:
        problem = Problem("has too many columns", found=columns, allowed=f"up to {MOST_COLUMNS:,}")
        raise InputError(replace(problem, file=path))
    known = [_known(cells) for cells in head]
    best = int(np.argmax(known)) if known else 0
    if best and known[best] >= 2 > known[0]:
        line = int(lines[best])
        message = f"the header seems to be in row {line}; remove the rows above it"
        raise InputError(Problem(message, file=path, line=line))


def _parsed(path: Path, data: bytes, encoding: str, separator: str) -> pd.DataFrame:
    try:
        table = pd.read_csv(
            io.BytesIO(data),
            sep=separator,
            encoding=encoding,
            dtype=str,
            header=None,  # else pandas gives a second column of one name another name
            keep_default_na=False,
            skip_blank_lines=False,
        )
    except pd.errors.EmptyDataError as error:
        raise InputError(Problem("the table is empty", file=path)) from error
    except (pd.errors.ParserError, ValueError) as error:
        raise InputError(not_a_table(error, path)) from error
    return below_head(table)


def below_head(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table below its first row, under the names in that row as they stand there."""
    names = table.iloc[0].fillna("").tolist()
    return table.iloc[1:].reset_index(drop=True).set_axis(names, axis=1)


def not_a_table(error: Exception, path: Path) -> Problem:
    """Return what pandas found wrong with a table that has no header for it, with the line."""
    reason = str(error).strip().removeprefix("Error tokenizing data. C error: ")
    if cells := re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", reason):
        words = f"has {cells[3]} cells, more than the {cells[1]} of the header"
        return Problem(words, file=path, line=int(cells[2]))
    if quote := re.search(r"EOF inside string starting at row (\d+)", reason):
        words = "is not a table: a quotation mark is opened and not closed"
        return Problem(words, file=path, line=int(quote[1]) + 1)
    return Problem(f"is not a table: {reason}", file=path)


def plain_names(table: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the table with known columns under their own names, and a note of each renamed."""
    names: list[Any] = []
    renamed = []
    for name in table.columns:
        plain = as_name(name) if isinstance(name, str) else name
        if isinstance(name, str) and plain in COLUMNS and plain != name:
            renamed.append(f"{shortened(repr(name), 60)} as {plain}")
            names.append(plain)
        else:
            names.append(name)
    if not renamed:
        return table, ()
    return table.set_axis(names, axis=1), (f"columns read: {', '.join(renamed)}",)
