"""How wide columns and how high rows are: text is wrapped, figures have room.

Heights are written because LibreOffice does not find them for a file that it converts.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .cells import Cell
    from .sheet import Sheet

_FIGURE, _NARROWEST, _WIDEST = 15.0, 11.0, 40.0
_LOOKED_AT: Final = 400
"""Rows, at most, by which a width is judged."""
_A_LINE: Final = 15.75
"""Points."""
_CHARACTER: Final = 1.08
"""Width of a character of 12 points, in the characters that widths are given in."""


def aligned(column: int, *, number: bool) -> dict[str, Any]:
    """Return how the cells of a column are aligned; text has room to figures before it."""
    if number:
        return {"align": "right", "valign": "top"}
    return {"align": "left", "valign": "top", "indent": int(column > 0)}


def widths(sheet: Sheet) -> list[float]:
    """Return the width of each column, in characters."""
    numbers = sheet.number_columns
    columns = zip(*sheet.rows[:_LOOKED_AT], strict=True)
    return [_width(cells, number in numbers) for number, cells in enumerate(columns)]


def lay_out(
    worksheet: Any, table: Sequence[Sequence[Cell]], wide: Sequence[float], top: int
) -> None:
    """Set the widths of columns and the heights of rows of a table, its head the first of them.

    top: the row of its head, counted from 0.
    """
    for column, width in enumerate(wide):
        worksheet.set_column(column, column, width)
    for number, row in enumerate(table):
        lines = max(
            _lines(cell, width, bold=not number) for cell, width in zip(row, wide, strict=True)
        )
        if lines > 1:
            worksheet.set_row(top + number, lines * _A_LINE)


def heights(worksheet: Any, texts: Iterable[str], width: float) -> None:
    """Set the heights of rows of text in one column, from the first row."""
    for number, said in enumerate(texts):
        lines = _lines(said, width)
        if lines > 1:
            worksheet.set_row(number, lines * _A_LINE)


def _lines(cell: object, width: float, *, bold: bool = False) -> int:
    if not isinstance(cell, str):
        return 1
    wide = width / _CHARACTER * (0.85 if bold else 1.0)
    return sum(max(1, ceil(len(line) / wide)) for line in cell.split("\n"))


def _width(cells: Sequence[Cell], is_number: bool) -> float:
    if is_number:
        return _FIGURE
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(longest * _CHARACTER + 3, _NARROWEST), _WIDEST)
