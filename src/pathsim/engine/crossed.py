"""Crossed groups, such as men of an ethnicity: who has a level of each of several attributes.

They are counted as groups of the analyst's own are (`own_groups.py`). Nothing changes such a group
as a person lives on, so its attributes must stay; with clocks of index events, some do not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from .lowering import AT_AN_INDEX_EVENT, Lowered, levels_of, lower
from .own_groups import STAYS, combined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.people.cohort import Cohort
    from pathsim.scenario.model import Scenario

    Cell = tuple[str, ...]

CROSSED: Final = "crossed"
"""The attribute of all crossed groups."""


def by_attribute(cell: Cell) -> dict[str, list[str]]:
    """Return the levels of a crossed group, `attribute=level`, by attribute."""
    found: dict[str, list[str]] = {}
    for place in cell:
        attribute, _, level = place.partition("=")
        found.setdefault(attribute, []).append(level)
    return found


def changing(cell: Cell, scenario: Scenario) -> list[str]:
    """Return the attributes of a cell that change as a person lives on, where clocks see it."""
    if not scenario.follow_up.counts_index_events:
        return []
    return [name for name in by_attribute(cell) if name in AT_AN_INDEX_EVENT]


def staying(scenario: Scenario) -> list[str]:
    """Return the attributes that a person keeps, and that may be crossed."""
    levels = levels_of(scenario)
    return [name for name, names in levels.items() if names and not changing((name,), scenario)]


def inside(cohort: Cohort, cell: Cell) -> NDArray[np.bool_]:
    """Return who has one of a cell's levels of each of its attributes, [people]."""
    table = cohort.groups()
    chosen = np.ones(len(table), np.bool_)
    for attribute, levels in by_attribute(cell).items():
        chosen &= np.asarray(table[attribute].isin(levels))
    return chosen


def group_of(cell: Cell) -> tuple[str, str]:
    """Return the name of a crossed group among those of `Lowered`."""
    return CROSSED, ";".join(cell)


def lower_crossed(scenario: Scenario, cohort: Cohort, cells: Sequence[Cell]) -> Lowered:
    """Return the arrays that the engines work on, with crossed groups that are counted as well.

    cells: each its levels, `attribute=level`. Raises InputError.
    """
    lowered = lower(scenario, cohort)
    cells = tuple(dict.fromkeys(cells))
    if not cells:
        return lowered
    cohort = cohort.living_in(scenario.areas)
    outside = len(lowered.groups)
    of_cells = {
        ";".join(cell): np.where(inside(cohort, cell), outside + 1 + number, outside)
        for number, cell in enumerate(cells)
    }
    named = [name for name, levels in levels_of(scenario).items() if levels]
    column = 1 + named.index(STAYS)
    groups, own = lowered.people.groups.copy(), {}
    if lowered.combinations is not None:
        mine = lowered.combinations[groups[:, column] - outside]
        groups[:, column] = mine[:, 0]
        own = {str(number): each for number, each in enumerate(mine[:, 1:].T)}
    names = (*lowered.groups, (CROSSED, ""), *map(group_of, cells))
    changed, parts = combined(groups, column=column, own=own | of_cells, first=len(names))
    people = lowered.people._replace(groups=changed)
    return replace(lowered, people=people, groups=names, combinations=parts)
