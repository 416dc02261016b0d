"""Numbers within a band: drawn between the means of tens of people, never one person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pathsim.elementary.ordered import interpolated, total

from .counted import FEWEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pathsim.elementary.arrays import Floats


def means_of_tens(values: Floats) -> Floats:
    """Return the means of neighbours in order of size, ten or more at a time; rising.

    Examples
    --------
    >>> import numpy as np
    >>> from pathsim.people.synthetic.numbers import means_of_tens
    >>> means_of_tens(np.arange(25.0)).tolist()
    [5.5, 18.0]
    """
    parts = np.array_split(np.sort(values), max(len(values) // FEWEST, 1))
    return np.array([float(total(part)) / len(part) for part in parts])


def between(values: Floats, u: Floats) -> Floats:
    """Return a number for each uniform one, by the values' distribution without its ends.

    A straight line goes through the means of tens; none is beyond the lowest or the highest. All
    are their mean where there are fewer than two tens.
    """
    means = means_of_tens(values)
    if len(means) == 1:
        return np.full(len(u), means[0])
    middles = (np.arange(len(means)) + 0.5) / len(means)
    return interpolated(np.clip(u, middles[0], middles[-1]), middles, means)


def by_level(
    values: Floats,
    held: NDArray[np.integer[Any]],
    wanted: NDArray[np.integer[Any]],
    u: Floats,
) -> Floats:
    """Return a number for each uniform one, by the values of the people at the wanted level.

    held: the level of each value. wanted: the level that each number is to be of; where fewer than
    ten people are there, the number is by everybody's values.
    """
    found = np.full(len(u), np.nan)
    for level in np.unique(wanted).tolist():
        own = values[held == level]
        there = wanted == level
        found[there] = between(own if len(own) >= FEWEST else values, u[there])
    return found
