"""Offences and money by year since the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from .figures import difference
from .tables import Table
from .wording import window

if TYPE_CHECKING:
    from .told import Option, Told

_YEARS: Final = {
    "year_1": "First year",
    "year_2": "Second year",
    "year_3": "Third year",
    "year_later": "Later",
}
_KINDS: Final = {
    "reoffences": "Proven reoffences",
    "cost_public": "Public purse",
    "cost_society": "Victims and society",
}


def context(told: Told) -> dict[str, Any]:
    """Return for each option what it changes in each year."""
    return {
        "options": [
            {
                "title": option.title,
                "anchor": option.anchor,
                "table": years_table(option, f"years-{option.anchor}-table"),
            }
            for option in told.options
        ],
        "window": window(told),
    }


def years_table(option: Option, name: str, caption: str = "") -> Table:
    """Return the differences of an option by year since the sentence, where there are any."""
    rows: list[list[str | Markup]] = []
    for year, words in _YEARS.items():
        found = [option.row(f"{kind}_{year}") for kind in _KINDS]
        if any(row is not None and row["difference"] for row in found):
            rows.append([words, *map(difference, found)])
    heads = ("Year since the sentence", *_KINDS.values())
    caption = caption or f"'{option.title}' by year, not discounted"
    return Table(name, caption, heads, rows)
