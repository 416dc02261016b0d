"""The interval of a share: Wilson's, which stays within 0 and 1.

Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
American Statistical Association 22 (1927), 209-212.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

Z95: Final = 1.959963984540054
"""Of the standard normal, within this on either side lie 95%."""


class Interval(NamedTuple):
    """A figure with its 95% interval; nan where it is not defined."""

    value: float
    low: float
    high: float


UNDEFINED: Final = Interval(math.nan, math.nan, math.nan)


def wilson(yes: int, people: int) -> Interval:
    """Return the share of `yes` among `people`, with Wilson's 95% interval.

    Examples
    --------
    >>> from pathsim.outcomes.validation.shares import wilson
    >>> found = wilson(15, 148)
    >>> f"{found.value:.4f} {found.low:.4f} {found.high:.4f}"
    '0.1014 0.0624 0.1605'
    """
    if people == 0:
        return UNDEFINED
    share, square = yes / people, Z95 * Z95
    shrunk = 1.0 + square / people
    middle = (share + square / (2.0 * people)) / shrunk
    wide = Z95 * math.sqrt(share * (1.0 - share) / people + square / (4.0 * people * people))
    low = 0.0 if yes == 0 else max(0.0, middle - wide / shrunk)
    high = 1.0 if yes == people else min(1.0, middle + wide / shrunk)
    return Interval(share, low, high)
