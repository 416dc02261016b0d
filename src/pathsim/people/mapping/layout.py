"""Where a table begins and ends in its file: titles above it, totals and notes below it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.errors import InputError, Problem
from pathsim.text import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from .formats import Grid
    from .parts import Reading

_WITHIN: Final = 20
"""Rows in which a header is looked for."""
_MOST_LAST: Final = 20
"""Rows at the end that may be totals and notes."""
_MOST: Final = 0.6
"""Share of the usual number of filled cells that a header has at least."""
_FEW: Final = 0.25
"""Share of numbers and dates in a row from which it is no header."""
_SHOWN: Final = 60
"""Marks of the name of a sheet."""
_FEWEST_KNOWN: Final = 2
"""Names of the mapping that a header has at least."""
_NO_NAME: Final = re.compile(r"[-+£$€]?[\d.,/:\s%-]*\d[\d.,/:\s%TZ-]*")
_LAST_WORD: Final = re.compile(
    r"(grand |sub)?totals?\b|all (people|persons|offenders)\b|sum\b|notes?\b|source\b|sources\b|"
    r"figures\b|footnotes?\b|end of\b|©|\(?[a-z1-9]\)|\[note|\*",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A table under its own names."""

    table: pd.DataFrame
    """Every cell as text."""
    lines: NDArray[np.int64]
    header_row: int
    """Line of the header; 0 where columns have a fixed width."""
    last_rows_left_out: int
    notes: tuple[str, ...]
    decimal_comma: bool
    wider_rows: int = 0
    """Rows of a spreadsheet that hold something to the right of its header."""
    doubtful: bool = False
    """Whether it may be a person's row: it holds numbers, or few of the names of the mapping. Then
    no message shows it."""


def laid_out(
    path: Path,
    grid: Grid,
    reading: Reading,
    *,
    stated: Collection[str] = (),
    drafting: bool = False,
) -> Laid:
    """Return the people's rows under the names of the header.

    stated: columns that a mapping names. A row that holds less than two of them may be no header.
    drafting: rows of a spreadsheet that are wider than the header are counted, not refused.

    Raises
    ------
    InputError
        If no row, or not the one that the mapping names, looks like a header.
    """
    if grid.cells.empty:
        raise InputError(Problem("the table is empty", file=path))
    notes = list(grid.notes)
    if reading.fixed:
        names, below, line = [each.name for each in reading.fixed], 0, 0
    else:
        place = _header_place(path, grid, reading.header_row)
        names, below, line = _names(grid, place, notes), place + 1, int(grid.lines[place])
        if place and reading.header_row is None:
            above = counted(line - 1, "row")
            notes.append(f"the header was found in row {line}; {above} above it left out")
    doubtful = any(_NO_NAME.fullmatch(name) for name in names)
    if not reading.fixed and not grid.named:
        said = {name.strip() for name in stated}
        doubtful = doubtful or len(said & {*names}) < min(_FEWEST_KNOWN, len(said))
    _refuse_names(path, names, line, doubtful=doubtful)
    cells, lines = grid.cells.iloc[below:], grid.lines[below:]
    last = _last_rows(cells, reading.last_rows_left_out)
    if last and reading.last_rows_left_out is None:
        rows = ", ".join(str(each) for each in lines[len(lines) - last :])
        notes.append(f"no people but totals or notes, left out: {counted(last, 'row')} ({rows})")
    kept = len(cells) - last
    if grid.width_of is not None:
        _refuse_more(path, cells.iloc[:kept], lines, most=grid.width_of(line))
    wide = [] if reading.fixed or grid.named else _beyond(cells.iloc[:kept], names, lines)
    if wide and reading.beyond_header == "refuse" and not drafting:
        raise InputError(_wider(path, wide, names, reading.sheet))
    table = cells.iloc[:kept].reset_index(drop=True).set_axis(names, axis=1)
    notes += _unnamed(table, names)
    table = table.loc[:, [bool(name) for name in names]]
    return Laid(
        table=table,
        lines=lines[:kept],
        header_row=line,
        last_rows_left_out=last,
        notes=tuple(notes),
        decimal_comma=grid.decimal_comma,
        wider_rows=len(wide),
        doubtful=doubtful,
    )


def _header_place(path: Path, grid: Grid, asked: int | None) -> int:
    if asked is not None:
        places = np.flatnonzero(grid.lines == asked)
        if len(places) == 0:
            allowed = f"a filled row, {grid.lines[0]} to {grid.lines[-1]}"
            problem = Problem("has no such row", key="header_row", found=asked, allowed=allowed)
            raise InputError(Problem(**{**vars(problem), "file": path}))
        place = int(places[0])
        if not grid.named and not _like_names(grid.cells.iloc[place].tolist()):
            message = "does not look like a header: it holds numbers, dates or but one cell"
            raise InputError(Problem(message, key="header_row", found=asked, file=path))
        return place
    if grid.named:
        return 0
    filled = np.count_nonzero(grid.cells != "", axis=1)
    usual = _usual(filled[: 10 * _WITHIN])
    for place in range(min(_WITHIN, len(grid.cells))):
        row = grid.cells.iloc[place].tolist()
        # A person's row below a title may hold few numbers; a header there holds none.
        numbers = place > 0 and any(_NO_NAME.fullmatch(cell) for cell in row if cell)
        if filled[place] >= _MOST * usual and _like_names(row) and not numbers:
            return place
    message = (
        "no row looks like a header: say which it is, with --header-row N or `header_row` under "
        "[read]; if there is none, write one above the people"
    )
    raise InputError(Problem(message, file=path))


def _usual(filled: NDArray[np.int64]) -> int:
    """Return how many cells are filled in the middle one of the rows."""
    return int(np.sort(filled)[len(filled) // 2]) if len(filled) else 0


def _like_names(row: list[str]) -> bool:
    filled = [cell for cell in row if cell]
    numbers = sum(bool(_NO_NAME.fullmatch(cell)) for cell in filled)
    return len(filled) >= 2 and numbers <= _FEW * len(filled)


def _names(grid: Grid, place: int, notes: list[str]) -> list[str]:
    """Return the names in a header, with those of a merged one above it where they are needed."""
    names: list[str] = grid.cells.iloc[place].tolist()
    row = grid.cells.iloc[place - 1].tolist() if place else []
    if sum(map(bool, row)) < 2:
        return names
    above = pd.Series(row).replace("", None).ffill().fillna("").tolist()
    twice = {name for name in names if name and names.count(name) > 1}
    joined = [
        (up if own else "") if not name else f"{up}: {name}" if name in twice and up else name
        for name, up, own in zip(names, above, row, strict=True)
    ]
    if joined != names:
        line = int(grid.lines[place])
        notes.append(f"the header has two rows, {line - 1} and {line}, which were joined")
    return joined


def _refuse_names(path: Path, names: list[str], line: int, *, doubtful: bool) -> None:
    twice = list(dict.fromkeys(name for name in names if name and names.count(name) > 1))
    if twice:
        words = "stands in the header twice"
        shown = ["a name"] if doubtful else twice
        raise InputError(
            *(Problem(words, key=name, line=line or None, file=path) for name in shown)
        )


def _refuse_more(path: Path, cells: pd.DataFrame, lines: NDArray[np.int64], *, most: int) -> None:
    """Refuse rows that hold something beyond the cells of the header."""
    more = np.flatnonzero((cells.iloc[:, most:] != "").any(axis=1))
    if len(more):
        words = f"has more cells than the {most} of the header"
        if len(more) > 1:
            words += f"; so have {counted(len(more) - 1, 'more row')}"
        raise InputError(Problem(words, line=int(lines[more[0]]), file=path))


def _beyond(cells: pd.DataFrame, names: list[str], lines: NDArray[np.int64]) -> list[int]:
    """Return the rows that hold something to the right of the last name of the header."""
    last = max((place for place, name in enumerate(names, 1) if name), default=0)
    more = np.flatnonzero((cells.iloc[:, last:] != "").any(axis=1))
    return [int(lines[place]) for place in more]


def _wider(path: Path, wide: list[int], names: list[str], sheet: str) -> Problem:
    last = max(place for place, name in enumerate(names, 1) if name)
    words = f"has cells to the right of the {last} of the header"
    if len(wide) > 1:
        words += f"; so have {counted(len(wide) - 1, 'more row')}"
    key = f"sheet {shortened(repr(sheet), _SHOWN)}" if sheet else ""
    allowed = 'a name above each, or beyond_header = "ignore" under [read] of a mapping'
    return Problem(words, key=key, line=wide[0], file=path, allowed=allowed)


def _unnamed(table: pd.DataFrame, names: list[str]) -> list[str]:
    """Return a note of the columns that hold something and have no name."""
    places = [place for place, name in enumerate(names) if not name]
    held = [str(place + 1) for place in places if (table.iloc[:, place] != "").any()]
    said = "columns that have no name in the header are not read"
    return [f"{said}: {', '.join(held)}"] if held else []


def _last_rows(cells: pd.DataFrame, asked: int | None) -> int:
    """Return how many rows at the end are totals or notes."""
    if asked is not None:
        return min(asked, len(cells))
    if cells.shape[1] < 3:
        return 0
    filled = np.count_nonzero(cells != "", axis=1)
    usual = _usual(filled)
    last = 0
    while last < min(_MOST_LAST, len(cells) - 1) and _ends(
        cells.iloc[-1 - last], int(filled[-1 - last]), usual
    ):
        last += 1
    return last


def _ends(row: pd.Series[Any], filled: int, usual: int) -> bool:
    """Return whether a row is a total or a note."""
    first = next((cell for cell in row if cell), "")
    few = filled <= max(1, usual / 2)
    return bool(few and (filled == 1 or _LAST_WORD.match(first))) or bool(
        re.match(r"(grand )?totals?$|all (people|persons)$", first, re.IGNORECASE)
    )
