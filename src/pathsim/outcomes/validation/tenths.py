"""Observed against predicted, from the tenth with the lowest predictions to the highest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pathsim.elementary.ordered import total

from .places import middle_ranks
from .shares import Interval, wilson
from .small import FEWEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pathsim.elementary.arrays import Floats

TENTHS: Final = 10


class Part(NamedTuple):
    """One tenth, or neighbours taken together."""

    first: int
    last: int
    """Tenths, from 1."""
    people: int
    predicted: float
    """Mean prediction."""
    reoffended: int
    observed: Interval
    """Share who reoffended, with Wilson's interval."""


def by_tenth(
    predicted: Floats, reoffended: NDArray[np.bool_], *, fewest: int = FEWEST
) -> tuple[Part, ...]:
    """Return observed against predicted by tenth of the predictions.

    People with equal predictions are in the same tenth. Neighbours are taken together until
    `fewest` or more in each reoffended, and as many did not; nothing is returned where even all
    together have fewer.

    Examples
    --------
    >>> import numpy as np
    >>> from pathsim.outcomes.validation.tenths import by_tenth
    >>> predicted = (np.arange(200) + 0.5) / 200
    >>> parts = by_tenth(predicted, np.arange(200) % 2 == 0)
    >>> len(parts), parts[0].people, round(parts[0].predicted, 3), parts[0].reoffended
    (10, 20, 0.05, 10)
    """
    if not len(predicted):
        return ()
    share = (middle_ranks(predicted) - 0.5) / len(predicted)
    tenth = np.minimum((share * TENTHS).astype(np.int64), TENTHS - 1)
    yes = np.bincount(tenth[reoffended], minlength=TENTHS)
    no = np.bincount(tenth[~reoffended], minlength=TENTHS)
    return tuple(
        _part(first, last, tenth, predicted, reoffended)
        for first, last in _together(yes.tolist(), no.tolist(), fewest)
    )


def _together(yes: list[int], no: list[int], fewest: int) -> list[tuple[int, int]]:
    """Return the first and last tenth of each part; what is left at the end joins the last one."""
    parts: list[tuple[int, int]] = []
    first, had = 0, [0, 0]
    for tenth in range(TENTHS):
        had = [had[0] + yes[tenth], had[1] + no[tenth]]
        if min(had) >= fewest:
            parts.append((first, tenth))
            first, had = tenth + 1, [0, 0]
    if parts and first < TENTHS:
        parts[-1] = (parts[-1][0], TENTHS - 1)
    return parts


def _part(
    first: int,
    last: int,
    tenth: NDArray[np.int64],
    predicted: Floats,
    reoffended: NDArray[np.bool_],
) -> Part:
    there = (tenth >= first) & (tenth <= last)
    people = int(np.count_nonzero(there))
    yes = int(np.count_nonzero(there & reoffended))
    # Added from the lowest up, so that the order of the rows changes no bit.
    mean = float(total(np.sort(predicted[there]))) / people
    return Part(first + 1, last + 1, people, mean, yes, wilson(yes, people))
