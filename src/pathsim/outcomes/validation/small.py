"""Small numbers: what is told of people must be told of ten or more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .survival import Survival

FEWEST: Final = 10
"""A count of people that is told is of so many or more, or of nobody."""


def hidden(yes: Sequence[int], no: Sequence[int], *, fewest: int = FEWEST) -> tuple[bool, ...]:
    """Return which levels of an attribute are not told, so that no small number can be worked out.

    Hidden is a level with fewer than `fewest` who reoffended, or who did not. What is hidden could
    be worked out as the rest of all people: so the next smallest are hidden too, until those who
    are hidden together have as many. Levels with nobody hide nothing and are not hidden.

    Examples
    --------
    >>> from pathsim.outcomes.validation.small import hidden
    >>> hidden([40, 3, 12, 30], [60, 20, 15, 40])
    (False, True, True, False)
    """
    sizes = [min(pair) for pair in zip(yes, no, strict=True)]
    there = [place for place, pair in enumerate(zip(yes, no, strict=True)) if sum(pair)]
    rising = sorted(there, key=lambda place: (sizes[place], place))
    out: list[int] = []
    for place in rising:
        small = sizes[place] < fewest
        sums = [sum(counts[each] for each in out) for counts in (yes, no)]
        if small or (out and min(sums) < fewest):
            out.append(place)
    return tuple(place in out for place in range(len(sizes)))


def told_count(people: int, *, fewest: int = FEWEST) -> str:
    """Return a number of people in words, without telling which small number it is.

    Examples
    --------
    >>> from pathsim.outcomes.validation.small import told_count
    >>> told_count(0), told_count(3), told_count(1200)
    ('0', 'fewer than 10', '1,200')
    """
    return f"fewer than {fewest}" if 0 < people < fewest else f"{people:,}"


def points_told(curve: Survival, *, people: int, fewest: int = FEWEST) -> NDArray[np.int64]:
    """Return the places of a curve that are told: enough reoffend between any two of them.

    Between points, before the first and after the last, `fewest` or more reoffend, or nobody, and
    as many are at risk: a fall of the curve is never that of a few. The last place is told where it
    can be.
    """
    kept, counts = [], [(0, people)]
    every = list(zip(curve.reoffended.tolist(), curve.at_risk.tolist(), strict=True))
    for place, (yes, left) in enumerate(every):
        before, risk = counts[-1]
        if yes - before >= fewest and min(left, risk - left) >= fewest:
            kept.append(place)
            counts.append((yes, left))
    yes, left = every[-1]
    if kept and 0 < yes - counts[-1][0] < fewest:
        kept.pop()
        if left >= fewest:
            kept.append(len(every) - 1)
    return np.array(kept, np.int64)
