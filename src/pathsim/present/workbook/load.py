"""The sheet of services: who starts, who waits, and how full they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pathsim.outcomes.names import place_of

from .cells import Cell, text
from .records import (
    FIGURE_FORMATS,
    FIGURE_HEADS,
    FIGURE_NOTES,
    figures,
    of_everybody,
    options_of,
    shown,
)
from .sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF: Final = "What it is of"


def load(told: Mapping[str, Any]) -> Sheet:
    """Return the load on every service, or on the places that several share."""
    rows: list[tuple[Cell, ...]] = []
    formats = []
    for _, option in options_of(told):
        for name, row in of_everybody(option).items():
            if place_of(name) and (row["baseline"] or row["option"]):
                about = told["run"]["outcomes"][name]
                service, _, measure = about["title"].rpartition(": ")
                begins = (text(option["title"]), text(service), text(measure), text(about["of"]))
                rows.append((*begins, *figures(row)))
                formats.append(shown(row))
    return Sheet(
        "Load and waits",
        "Load on services and waits for them",
        ("Option", "Service", "Measure", _OF, *FIGURE_HEADS),
        rows,
        "One row an option, service and measure. What is 0 on both sides is left out.",
        FIGURE_FORMATS,
        formats,
        FIGURE_NOTES | {"Measure": "load"},
        long=True,
    )
