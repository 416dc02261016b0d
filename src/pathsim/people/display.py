"""How a notebook shows a cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pathsim.text import in_html

if TYPE_CHECKING:
    import pandas as pd

_SHOWN: Final = {
    "age_group": "Age group",
    "disposal": "Disposal",
    "previous_offences": "Previous convictions or cautions",
    "risk_band": "OGRS3 band",
}


def as_html(groups: pd.DataFrame) -> str:
    """Return small tables of who the people are; groups: the level of each in each attribute."""
    parts = [_shares(title, groups[name]) for name, title in _SHOWN.items()]
    return f"<p><b>Cohort of {len(groups):,} people</b></p>{''.join(parts)}"


def _shares(title: str, column: pd.Series[Any]) -> str:
    """Return a small table of the shares of a column's levels."""
    counts = column.value_counts(sort=False)
    head = "".join(f"<th>{in_html(str(level))}</th>" for level in counts.index)
    cells = "".join(f"<td>{count / len(column):.1%}</td>" for count in counts)
    return f"<table><caption>{in_html(title)}</caption><tr>{head}</tr><tr>{cells}</tr></table>"
