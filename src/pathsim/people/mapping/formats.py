"""From a file to rows of text: CSV, workbook, ODS, Parquet, Stata, or columns of fixed width.

What a file is, its first bytes say, not its name. Nothing is evaluated: a formula is the value
that was saved with it.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.bounded import TABLE_BYTES, read_bytes
from pathsim.errors import InputError, Problem
from pathsim.people.hidden import note_of, ods_hidden
from pathsim.people.read import SEPARATORS, encoding_of, not_a_table
from pathsim.people.workbook import (
    LARGEST_UNPACKED_MB,
    MOST_CELLS,
    MOST_COLUMNS,
    no_such_sheet,
    read_workbook,
    text_of,
)
from pathsim.scenario.units import MOST_PEOPLE

from .spreadsheet_size import ods_cells

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .parts import FixedColumn, Reading

ALLOWED: Final = "a table: .csv, .xlsx, .ods, .parquet, .dta, or text of fixed width"
_ZIP: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"
_STATA: Final = (b"<stata_dta>", b"\x71\x01", b"\x71\x02", b"\x72\x01", b"\x72\x02", b"\x73\x01")
_NO_READER: Final = {
    b"$FL2": "is of SPSS (.sav); save it as .csv",
    b"\0" * 12 + b"\xc2\xea\x81\x60": "is of SAS (.sas7bdat); save it as .csv",
}
_HEAD_BYTES: Final = 1 << 16
_HEAD_LINES: Final = 40


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The filled rows of a file."""

    cells: pd.DataFrame
    """Every cell as text without blanks around it, columns numbered from 0."""
    lines: NDArray[np.int64]
    """Line, or row of the sheet, of each row."""
    notes: tuple[str, ...] = ()
    decimal_comma: bool = False
    named: bool = False
    """Whether the first row holds names that the format itself keeps."""
    width_of: Callable[[int], int] | None = None
    """Returns how many cells a line of a text has; None where all rows have as many."""


def read_grid(path: Path, reading: Reading) -> Grid:
    """Return the rows of a file.

    Raises
    ------
    InputError
        If there is no such file, or it is no table that can be read.
    """
    data = read_bytes(path, most=TABLE_BYTES, allowed=ALLOWED)
    for start, words in _NO_READER.items():
        if data.startswith(start):
            raise InputError(Problem(words, file=path, allowed=ALLOWED))
    if data.startswith(_ZIP):
        grid = _from_archive(path, data, reading.sheet)
    elif reading.sheet:
        raise InputError(Problem("has no sheets", key="sheet", file=path))
    elif data.startswith(_PARQUET):
        grid = _from_parquet(path, data)
    elif data.startswith(_STATA):
        grid = _from_stata(path, data)
    else:
        grid = _from_text(path, data, reading)
    _refuse_size(path, grid.cells.shape)
    return _filled(grid, decimal=reading.decimal)


def _refuse_size(path: Path, shape: tuple[int, int]) -> None:
    rows, columns = shape
    if columns > MOST_COLUMNS:
        allowed = f"up to {MOST_COLUMNS:,}"
        raise InputError(Problem("has too many columns", found=columns, allowed=allowed, file=path))
    if rows > MOST_PEOPLE:
        allowed = f"a row for each of up to {MOST_PEOPLE:,} people"
        raise InputError(Problem("has too many rows", found=rows, allowed=allowed, file=path))


def _filled(grid: Grid, *, decimal: str | None) -> Grid:
    """Return the rows that hold anything, without blanks around their cells."""
    cells = grid.cells.apply(lambda column: column.str.strip()) if len(grid.cells) else grid.cells
    filled = np.asarray((cells != "").any(axis=1), np.bool_)
    return Grid(
        cells=cells[filled].reset_index(drop=True),
        lines=grid.lines[filled],
        notes=grid.notes,
        decimal_comma=grid.decimal_comma if decimal is None else decimal == ",",
        named=grid.named,
        width_of=grid.width_of,
    )


# ------------------------------------------------------------------------------------------ text


def _from_text(path: Path, data: bytes, reading: Reading) -> Grid:
    count = max(data.count(b"\n"), data.count(b"\r"))
    if count > MOST_PEOPLE:
        allowed = f"a row for each of up to {MOST_PEOPLE:,} people"
        raise InputError(Problem("has too many rows", found=count, allowed=allowed, file=path))
    encoding, notes = encoding_of(path, data)
    if reading.fixed:
        return _of_fixed_width(data.decode(encoding), reading.fixed, notes)
    head = data[:_HEAD_BYTES].decode(encoding, errors="ignore")
    separator = reading.separator or separator_of(head)
    if separator != "," and reading.separator is None:
        notes = (*notes, f"{SEPARATORS[separator]} stand between the cells")
    cells = _parsed(path, data, encoding, separator, _width(head, separator))
    text = data.decode(encoding)
    return Grid(
        cells=cells,
        lines=_lines_of(text, cells, separator),
        width_of=lambda line: _width_of(text, line, separator),
        notes=notes,
        decimal_comma=separator != ",",
    )


def _of_fixed_width(text: str, fixed: tuple[FixedColumn, ...], notes: tuple[str, ...]) -> Grid:
    rows = text.splitlines()
    columns = [[row[each.first - 1 : each.last] for row in rows] for each in fixed]
    cells = pd.DataFrame(dict(enumerate(columns)), dtype="str")
    return Grid(cells=cells, lines=np.arange(1, len(rows) + 1), notes=notes)


def separator_of(head: str) -> str:
    """Return what stands between the cells: it splits most lines into as many parts, above one."""

    def score(separator: str) -> tuple[float, int]:
        widths = Counter(map(len, _rows(head, separator)))
        split = {width: lines for width, lines in widths.items() if width > 1}
        if not split:
            return 0.0, 0
        width = max(split, key=lambda each: (split[each], each))
        return split[width] / widths.total(), width

    return max(SEPARATORS, key=score)


def _rows(head: str, separator: str) -> list[list[str]]:
    lines = [line for line in head.splitlines()[:_HEAD_LINES] if line.strip()]
    return [next(csv.reader([line], delimiter=separator), []) for line in lines]


def _width(head: str, separator: str) -> int:
    return min(max(map(len, _rows(head, separator)), default=1), MOST_COLUMNS + 1)


def _parsed(path: Path, data: bytes, encoding: str, separator: str, width: int) -> pd.DataFrame:
    try:
        table = pd.read_csv(
            io.BytesIO(data),
            sep=separator,
            encoding=encoding,
            dtype="str",
            header=None,
            names=list(range(width)),
            index_col=False,
            keep_default_na=False,
            skip_blank_lines=False,
            on_bad_lines="error",
        )
    except pd.errors.EmptyDataError as error:
        raise InputError(Problem("the table is empty", file=path)) from error
    except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError) as error:
        raise InputError(not_a_table(error, path)) from error
    return table.fillna("")


def _width_of(text: str, line: int, separator: str) -> int:
    """Return how many cells the row has that begins in a line."""
    rest = islice(io.StringIO(text, newline=None), line - 1, None)
    return len(next(csv.reader(rest, delimiter=separator), []))


def _lines_of(text: str, cells: pd.DataFrame, separator: str) -> NDArray[np.int64]:
    """Return the line on which each row begins: a cell in quotation marks may have several."""
    if '"' not in text or text.count("\n") <= len(cells):
        return np.arange(1, len(cells) + 1)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    starts = [1]
    with suppress(csv.Error):  # such as a cell that is longer than it takes
        starts += [reader.line_num + 1 for _ in reader]
    if len(starts) <= len(cells):
        return np.arange(1, len(cells) + 1)
    return np.array(starts[: len(cells)], np.int64)


# ------------------------------------------------------------------------- workbooks and the rest


def _from_archive(path: Path, data: bytes, sheet: str) -> Grid:
    if _is_ods(data):
        return _from_ods(path, data, sheet)
    rows, lines, notes = read_workbook(path, data, sheet=sheet)
    return Grid(cells=pd.DataFrame(rows, dtype="str"), lines=lines, notes=notes)


def _is_ods(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            kind = parts.read("mimetype") if "mimetype" in parts.namelist() else b""
    except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError, OSError):
        return False  # the reader of workbooks says what is wrong with it
    return kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet")


def _need(path: Path, module: str, what: str) -> None:
    if find_spec(module) is None:
        message = (
            f"{what} needs {module}; save it as .csv, or install with: "
            "pip install 'offender-pathsim[files]'"
        )
        raise InputError(Problem(message, file=path))


def _from_ods(path: Path, data: bytes, wanted: str) -> Grid:
    _need(path, "odf", "an OpenDocument table")
    damaged = Problem("is a damaged OpenDocument table; save it anew", file=path)
    cells = ods_cells(data, most_bytes=LARGEST_UNPACKED_MB << 20)
    if cells is None:
        raise InputError(damaged)
    if cells > MOST_CELLS:
        raise InputError(Problem("is too large", file=path, allowed=f"up to {MOST_CELLS:,} cells"))
    try:
        sheets: dict[Any, pd.DataFrame] = pd.read_excel(
            io.BytesIO(data),
            engine="odf",
            sheet_name=None,
            header=None,
            dtype=object,
            keep_default_na=False,
            na_filter=False,
        )
        unseen, rows = ods_hidden(data)
    except Exception as error:
        # What a damaged part raises is of no one kind.
        raise InputError(damaged) from error
    names = [str(name) for name in sheets]
    if wanted and wanted not in names:
        raise InputError(no_such_sheet(path, wanted, names))
    for name in sorted(names, key=lambda each: each in unseen):
        table = sheets[name]
        if name == wanted or (not wanted and table.size):
            others = ", ".join(repr(each) for each in names if each != name)
            said = f"the sheet {name!r} was read; the others were not: {others}"
            notes = [said] if others and not wanted else []
            notes += [f"the sheet {name!r} is hidden"] if name in unseen else []
            notes += note_of(rows.get(name, ()), range(1, len(table) + 1))
            return _of_table(table, notes=tuple(notes))
    raise InputError(Problem("the table is empty", file=path))


def _from_parquet(path: Path, data: bytes) -> Grid:
    _need(path, "pyarrow", "Parquet")
    from pyarrow import parquet  # noqa: PLC0415 an extra, imported where it is used

    damaged = Problem("is a damaged Parquet file; write it anew", file=path)
    try:
        about = parquet.ParquetFile(io.BytesIO(data)).metadata
        sizes = [about.row_group(i).total_byte_size for i in range(about.num_row_groups)]
        shape = (about.num_rows, about.num_columns)
    except Exception as error:
        raise InputError(damaged) from error
    _refuse_size(path, shape)
    if sum(sizes) > LARGEST_UNPACKED_MB << 20:
        allowed = f"up to {LARGEST_UNPACKED_MB:,} MB unpacked"
        raise InputError(Problem("is too large", file=path, allowed=allowed))
    try:
        return _of_table(pd.read_parquet(io.BytesIO(data)).reset_index(drop=True), named=True)
    except Exception:  # noqa: BLE001 of no one kind, and it may tell a cell, also when it is read as text
        raise InputError(damaged) from None


def _from_stata(path: Path, data: bytes) -> Grid:
    try:
        try:
            table = pd.read_stata(io.BytesIO(data))
        except ValueError:  # labels that are not one a value
            table = pd.read_stata(io.BytesIO(data), convert_categoricals=False)
    except Exception as error:
        message = "is a damaged Stata file, or of a version that cannot be read; save it as .csv"
        raise InputError(Problem(message, file=path)) from error
    return _of_table(table, named=True)


def _of_table(table: pd.DataFrame, *, named: bool = False, notes: tuple[str, ...] = ()) -> Grid:
    """Return a table of cells of any kind as text, its names as the first row if it has any."""
    columns = [_texts(table.iloc[:, place]) for place in range(table.shape[1])]
    if named:
        heads = [str(name) for name in table.columns]
        columns = [[head, *column] for head, column in zip(heads, columns, strict=True)]
    cells = pd.DataFrame(dict(enumerate(columns)), dtype="str")
    return Grid(cells=cells, lines=np.arange(1, len(cells) + 1), notes=notes, named=named)


def _texts(column: pd.Series[Any]) -> list[str]:
    if isinstance(column.dtype, pd.CategoricalDtype) or not isinstance(column.dtype, np.dtype):
        column = column.astype(object)
    missing = column.isna().to_numpy()
    values = column.to_list()  # Python's own
    return ["" if gone else _text(value) for value, gone in zip(values, missing, strict=True)]


def _text(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        value = value.date() if value == value.normalize() else value.to_pydatetime()
    return text_of(value)
