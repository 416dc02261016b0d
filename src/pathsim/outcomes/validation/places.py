"""Where each prediction stands among all: equal ones share a place, so no order of rows matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathsim.elementary.arrays import Floats


def middle_ranks(values: Floats) -> Floats:
    """Return the rank of each value from 1; equal values have the middle of their ranks.

    Examples
    --------
    >>> import numpy as np
    >>> from pathsim.outcomes.validation.places import middle_ranks
    >>> middle_ranks(np.array([0.2, 0.7, 0.2, 0.9])).tolist()
    [1.5, 3.0, 1.5, 4.0]
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.add.accumulate(counts)
    middle = last - (counts - 1) / 2.0
    return np.asarray(middle[place], np.float64)
