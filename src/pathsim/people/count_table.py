"""Tables of counts that a scenario brings: how many of what kind, read and checked."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pathsim.bounded import SCENARIO_BYTES, read_text
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


COUNT: Final = "count"
_A_TABLE: Final = "a table of counts as CSV, with a header"
_A_COUNT: Final = re.compile(r"\d{1,9}")


class Cell(NamedTuple):
    """A line of the table."""

    line: int
    levels: tuple[str, ...]
    people: int


class Counts(NamedTuple):
    """Counts over some attributes, in the order that was asked for."""

    file: Path
    attributes: tuple[str, ...]
    cells: tuple[Cell, ...]

    def spread(self, axes: Mapping[str, tuple[str, ...]]) -> Floats:
        """Return the counts over `axes`; an attribute that the table lacks has them at each level.

        So shares within a cell are those of the table's own cell around it.
        """
        counts = np.zeros([len(names) if a in self.attributes else 1 for a, names in axes.items()])
        for cell in self.cells:
            said = dict(zip(self.attributes, cell.levels, strict=True))
            place = [names.index(said[a]) if a in said else 0 for a, names in axes.items()]
            counts[tuple(place)] += cell.people
        return np.broadcast_to(counts, [len(names) for names in axes.values()]).copy()


def read_counts(
    file: str | Path,
    axes: Mapping[str, tuple[str, ...]],
    *,
    needed: str = "",
    any_level: str | None = None,
) -> Counts:
    """Return the counts in a CSV file: a column `count`, and one for each attribute.

    axes: the attributes that a table may have, with their levels.
    needed: one that it must. any_level: what stands for any level; None: nothing does.

    Raises
    ------
    InputError
        With everything that is wrong with the table.
    """
    path = Path(file)
    lines = read_text(path, most=SCENARIO_BYTES, allowed=_A_TABLE).splitlines()
    rows = [(n, _cells(line)) for n, line in enumerate(lines, 1) if _says_something(line)]
    if not rows:
        raise InputError(Problem("is empty", file=path, allowed=_A_TABLE))
    (top, header), *rows = rows
    problems = list(_of_header(header, axes, needed))
    if problems:
        raise InputError(*(Problem(*each, line=top, file=path) for each in problems))
    cells: list[Cell] = []
    first: dict[tuple[str, ...], int] = {}
    found: list[Problem] = []
    for line, row in rows:
        said = [
            Problem(*each, line=line, file=path) for each in _of_row(header, row, axes, any_level)
        ]
        found += said
        if said:
            continue
        named = dict(zip(header, row, strict=True))
        levels = tuple(named[a] for a in axes if a in named)
        if first.setdefault(levels, line) != line:
            message = f"these are counted already on line {first[levels]}"
            found.append(Problem(message, found=", ".join(levels), line=line, file=path))
        cells.append(Cell(line, levels, int(named[COUNT])))
    if not found and not any(cell.people for cell in cells):
        found.append(Problem("counts nobody", file=path))
    if found:
        raise InputError(*found)
    return Counts(path, tuple(a for a in axes if a in header), tuple(cells))


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line]))]


def _of_header(
    header: list[str], axes: Mapping[str, tuple[str, ...]], needed: str
) -> Iterator[tuple[str, str, object, str]]:
    """Yield what is wrong with the names of the columns, as a problem's parts."""
    known = (*axes, COUNT)
    for name in dict.fromkeys(header):
        if name not in known:
            hint = nearest(name, known)
            yield "unknown column" + (f"; {hint}" if hint else ""), name, None, ", ".join(known)
        elif header.count(name) > 1:
            yield "the column is there twice", name, None, ""
    for name in filter(None, (needed, COUNT)):
        if name not in header:
            yield "the column is missing", name, None, ""


def _of_row(
    header: list[str],
    row: list[str],
    axes: Mapping[str, tuple[str, ...]],
    any_level: str | None,
) -> Iterator[tuple[str, str, object, str]]:
    """Yield what is wrong with a line, as a problem's parts."""
    if len(row) != len(header):
        yield "has another number of cells than the header", "", len(row), str(len(header))
        return
    for name, cell in zip(header, row, strict=True):
        if name == COUNT:
            if not _A_COUNT.fullmatch(cell):
                yield "is not a count", name, cell, "a whole number, 0 or more"
        elif cell not in axes[name] and cell != any_level:
            hint = nearest(cell, axes[name])
            message = "unknown level" + (f"; {hint}" if hint else "")
            yield message, name, cell, ", ".join(axes[name])
