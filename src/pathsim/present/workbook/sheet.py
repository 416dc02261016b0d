"""One sheet: a title, how to read it, and one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from .cells import Cell

NONE: Final[Mapping[str, str]] = MappingProxyType({})
POUNDS: Final = "#,##0"
SHARE: Final = "0.00%"
NUMBER: Final = "#,##0.0##"
COUNT: Final = "#,##0"
RATIO: Final = "0.00"
FORMATS: Final = MappingProxyType({"share": SHARE, "gbp": POUNDS, "days": NUMBER, "number": NUMBER})
"""How a figure is shown, by the unit of its outcome; the cell holds it to 15 digits."""
UNITS: Final = MappingProxyType(
    {
        "share": "per cent",
        "gbp": "pounds",
        "days": "days",
        "number": "number",
    }
)


class Sheet(NamedTuple):
    """What one sheet holds. Each row has a cell for each head."""

    label: str
    """On its tab, at most 31 characters."""
    title: str
    """In cell A1."""
    heads: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    says: str = ""
    """How to read it, in a sentence or two."""
    formats: Mapping[str, str] = NONE
    """How numbers of a column are shown, by its head."""
    row_formats: Sequence[str] = ()
    """How numbers of a row are shown, where its unit is its own; a column's own format wins."""
    notes: Mapping[str, str] = NONE
    """Which note a column has, by its head."""
    long: bool = False
    """Whether it has more rows than gptables writes in a moment."""

    @property
    def columns(self) -> list[tuple[Cell, ...]]:
        """Return the cells column by column; none where there are no rows."""
        return list(zip(*self.rows, strict=True))

    @property
    def number_columns(self) -> set[int]:
        """Return the columns that hold numbers, and perhaps shorthand in place of some."""
        return {
            number
            for number, cells in enumerate(self.columns)
            if self.heads[number] in self.formats
            or any(not isinstance(cell, str) for cell in cells)
        }

    @property
    def table_name(self) -> str:
        """Return what the table is called in the file."""
        return self.label.lower().replace(" ", "_")
