"""Sheets of costs: by payer, and by the year in which they are paid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pathsim.outcomes.names import COSTS_SHOWN

from .cells import Cell, text
from .records import FIGURE_FORMATS, FIGURE_HEADS, FIGURE_NOTES, figures, of_everybody, options_of
from .sheet import POUNDS, Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADS: Final = tuple(
    head if head == "Unit" or "(%)" in head else f"{head} (£)" for head in FIGURE_HEADS
)[1:]
_FORMATS: Final = {
    **{head: POUNDS for head in _HEADS if "(£)" in head},
    **FIGURE_FORMATS,
}
_NOTES: Final = {
    head if "(%)" in head else f"{head} (£)": note
    for head, note in FIGURE_NOTES.items()
    if head != "Unit"
}
_YEAR: Final = re.compile(r"cost_(public|society)_year_(\d+|later)")
_WHO: Final = {"public": "the public purse", "society": "society, not cash"}


def by_payer(told: Mapping[str, Any]) -> Sheet:
    """Return what each payer pays, present value at the start."""
    rows: list[tuple[Cell, ...]] = []
    for _, option in options_of(told):
        known = of_everybody(option)
        for name in COSTS_SHOWN:
            if name in known and (known[name]["baseline"] or known[name]["option"]):
                payer = text(told["run"]["outcomes"][name]["title"])
                rows.append((text(option["title"]), payer, *figures(known[name])[1:]))
    return Sheet(
        "Costs by payer",
        "What each payer pays for the counted people",
        ("Option", "Payer", *_HEADS),
        rows,
        "Present value at the start, in pounds. A difference above 0 is a cost.",
        _FORMATS,
        notes=_NOTES | {"Payer": "payer"},
    )


def by_year(told: Mapping[str, Any]) -> Sheet:
    """Return what is paid in which year, as it falls."""
    rows: list[tuple[Cell, ...]] = []
    for _, option in options_of(told):
        for name, row in of_everybody(option).items():
            found = _YEAR.fullmatch(name)
            if found:
                who, year = found.groups()
                when = "later" if year == "later" else f"year {year}"
                rows.append((text(option["title"]), _WHO[who], when, *figures(row)[1:]))
    return Sheet(
        "Costs by year",
        "What is paid in each year from a person's entry",
        ("Option", "Who pays", "Year", *_HEADS),
        rows,
        "Real pounds as they fall, not discounted. A difference above 0 is a cost.",
        _FORMATS,
        notes=_NOTES,
    )
