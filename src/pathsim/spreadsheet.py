"""Tables that are written for spreadsheets: their text stays text."""

from __future__ import annotations

import pandas as pd

from pathsim.text import as_cell


def for_spreadsheets(table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` with an apostrophe before each text that would be taken for a formula.

    Numbers stay as they are, also negative ones.
    """
    safe = {
        name: column if pd.api.types.is_numeric_dtype(column) else column.map(_cell)
        for name, column in table.items()
    }
    named = pd.DataFrame(safe, index=table.index)
    return named.rename(columns=_cell)


def _cell(value: object) -> object:
    return as_cell(value) if isinstance(value, str) else value
