"""Data frames of a calibration: in the shell, and as rows for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pathsim.cli.printing import console, print_parts
from pathsim.text import visible

if TYPE_CHECKING:
    import pandas as pd

_SHOWN_DIGITS = 4
_PAGE = 120
"""Columns of a table where there is no terminal."""


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows for JSON, which has no nan."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows]


def print_frame(table: pd.DataFrame, *, title: str) -> None:
    """Print a table under its title."""
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=title, title_justify="left")
    for name in table.columns:
        shown.add_column(Text(visible(str(name).replace("_", " "))))
    for row in table.itertuples(index=False):
        shown.add_row(*(Text(visible(_cell(value))) for value in row))
    print_parts(console(width=_PAGE), [shown])


def _cell(value: Any) -> str:
    return f"{value:.{_SHOWN_DIGITS}g}" if isinstance(value, float) else str(value)
