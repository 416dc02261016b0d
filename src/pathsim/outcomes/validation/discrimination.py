"""How well predictions tell apart who reoffends: the area under the curve, with DeLong's interval.

DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated receiver
operating characteristic curves", Biometrics 44 (1988), 837-845; by ranks as Sun and Xu, "Fast
implementation of DeLong's algorithm", IEEE Signal Processing Letters 21 (2014), 1389-1393.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pathsim.elementary.ordered import total

from .places import middle_ranks
from .shares import UNDEFINED, Z95, Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pathsim.elementary.arrays import Floats


def area_under_curve(predicted: Floats, reoffended: NDArray[np.bool_]) -> Interval:
    """Return the chance that who reoffends had the higher prediction, ties counted half.

    The interval is DeLong's, cut at 0 and 1. Not defined unless two people or more reoffended and
    two or more did not; where the two are told apart perfectly the interval is not.

    Examples
    --------
    >>> import numpy as np
    >>> from pathsim.outcomes.validation.discrimination import area_under_curve
    >>> predicted = np.array([0.1, 0.4, 0.35, 0.8])
    >>> area_under_curve(predicted, np.array([False, False, True, True])).value
    0.75
    """
    yes, no = predicted[reoffended], predicted[~reoffended]
    n_yes, n_no = len(yes), len(no)
    if n_yes < 2 or n_no < 2:
        return UNDEFINED
    ranks = middle_ranks(predicted)
    above = (ranks[reoffended] - middle_ranks(yes)) / n_no
    below = 1.0 - (ranks[~reoffended] - middle_ranks(no)) / n_yes
    area = float(total(above)) / n_yes
    variance = _variance(above) / n_yes + _variance(below) / n_no
    if variance <= 0.0:
        return Interval(area, math.nan, math.nan)
    wide = Z95 * math.sqrt(variance)
    return Interval(area, max(0.0, area - wide), min(1.0, area + wide))


def _variance(values: Floats) -> float:
    apart = values - total(values) / len(values)
    return float(total(apart * apart)) / (len(values) - 1)
