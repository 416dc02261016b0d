"""A cohort beside a scenario's own people, in the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from pathsim.people.beside import RISKS
from pathsim.people.columns import FLAGS
from pathsim.text import visible

from .titled import titled

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

_HEADS = ("group", "people", "share", "the scenario's", "difference")


def beside_table(rows: pd.DataFrame, *, scenario: str) -> Table:
    """Return the table of `people.beside.beside`; scenario: its title."""
    table = titled(f"These people beside those of '{scenario}'", _HEADS)
    for row in rows.to_dict(orient="records"):
        risk = row["of"] in RISKS
        scale, sign = (1.0, "%") if risk else (100.0, "%")
        name = f"{row['of']}: {row['level']}" if risk else f"{row['of']}={row['level']}"
        if row["assumed"]:
            what = "no assumed" if row["of"] in FLAGS else "assumed"
            name += f" ({what} for {row['assumed']:,})"
        cells = [f"{scale * row[key]:.1f}{sign}" for key in ("value", "scenario")]
        difference = scale * row["difference"]
        table.add_row(
            Text(visible(name)), f"{row['people']:,}", *cells, f"{difference:+.1f} points"
        )
    return table
