"""Rows of outcomes: the figures that every table of differences shows alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pathsim.outcomes.names import meaning
from pathsim.outcomes.values import EVERYBODY

from .cells import NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED, Cell, figure
from .sheet import FORMATS, SHARE, UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIGURE_HEADS: Final = (
    "Unit",
    "Baseline",
    "Option's value",
    "Difference",
    "Difference, low (95%)",
    "Difference, high (95%)",
    "Chance that it is better (%)",
    "Single years that are better (%)",
)
FIGURE_FORMATS: Final = {FIGURE_HEADS[-2]: SHARE, FIGURE_HEADS[-1]: SHARE}
FIGURE_NOTES: Final = {
    "Unit": "percent",
    "Difference": "difference",
    "Difference, low (95%)": "interval",
    "Chance that it is better (%)": "better",
    "Single years that are better (%)": "years",
}


def of_everybody(option: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return an option's outcomes of everybody, by their names."""
    return {row["outcome"]: row for row in option["outcomes"] if row["group"] == EVERYBODY}


def figures(row: Mapping[str, Any], *, hidden: bool = False) -> tuple[Cell, ...]:
    """Return the cells under FIGURE_HEADS of one outcome of one group.

    hidden: whether the group has too few people to be told of.
    """
    what = meaning(row["outcome"])
    if hidden:
        return (UNITS[what.unit], *[SUPPRESSED] * (len(FIGURE_HEADS) - 1))
    same = NOT_AVAILABLE if row["same_in"] is None else NOT_APPLICABLE
    undirected = NOT_AVAILABLE if what.better else NOT_APPLICABLE
    return (
        UNITS[what.unit],
        *(figure(row[name]) for name in ("baseline", "option", "difference")),
        *(figure(row[name], otherwise=same) for name in ("low", "high")),
        *(
            figure(row[name], otherwise=undirected)
            for name in ("probability_better", "share_of_years_better")
        ),
    )


def shown(row: Mapping[str, Any]) -> str:
    """Return how the numbers of an outcome are shown."""
    return FORMATS[meaning(row["outcome"]).unit]


def options_of(told: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Give the options, numbered from 1."""
    return enumerate(told["options"], start=1)
