"""Groups of the analyst's own in the engines, which know the groups of the vocabulary alone.

Nothing in the model depends on such a group, so nothing changes it as a person lives on. Both
engines therefore add each person to a combination of their level of one attribute that stays,
and of their own groups; what combinations come to is then added to each. The sums are exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from pathsim.engine.contract import Counts, Ints
from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

STAYS: Final = "ethnicity"
"""The attribute, which every person has and keeps."""
_MOST: Final = np.iinfo(np.int16).max
"""Groups have numbers of 16 bits."""


def combined(
    groups: NDArray[np.int16], *, column: int, own: Mapping[str, Ints], first: int
) -> tuple[NDArray[np.int16], Ints]:
    """Return the groups with combinations in the column, and the groups of each combination.

    groups: [people, .] as `contract.People.groups`. own: for each own attribute the number of each
    person's group. first: number of the first combination. The second: [X, 1 + own]. Raises
    InputError for too many.
    """
    parts, numbers = np.unique(
        np.column_stack([groups[:, column], *own.values()]).astype(np.int64),
        axis=0,
        return_inverse=True,
    )
    if first + len(parts) > _MOST:
        message, allowed = "are too many together", f"up to {_MOST - first:,} combinations"
        raise InputError(Problem(message, key="groups", found=len(parts), allowed=allowed))
    changed = groups.copy()
    changed[:, column] = first + numbers.reshape(-1)
    return changed, parts


def told(counts: Counts, parts: Ints) -> Counts:
    """Return counts by group alone: what combinations come to is added to each of their groups."""
    first = len(counts.person) - len(parts)
    person, load = counts.person[:first].copy(), counts.load[:first].copy()
    for column in parts.T:
        np.add.at(person, column, counts.person[first:])
        np.add.at(load, column, counts.load[first:])
    return counts._replace(person=person, load=load)
