"""Generations: the people of the cohort again, whole intake windows earlier or later.

Nothing is kept for each of them: member `number` is described by row `number % people`. The
counted, generation 0, come first in number, then those before, then those after. Then comes
the stock in custody: those of yet earlier windows who received custody, and may still be inside.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pathsim.elementary.words import purpose

COUNTED: Final = 0
"""The generation that outcomes are of."""
_WARM_UP: Final = 0x5741524D5550
"""Of the generation just before the counted."""

GENERATION: Final = np.dtype([("word", np.uint64), ("windows", np.float64)])
"""What turns the key of a counted person into that of a member, by exclusive or; the intake
windows from their start to the member's."""


def generations(before: int, after: int) -> list[int]:
    """Return all generations in order of their members' numbers."""
    return [COUNTED, *range(-1, -before - 1, -1), *range(1, after + 1)]


def table_of(before: int, after: int) -> NDArray[np.void]:
    """Return a `GENERATION` each, in order of their members' numbers."""
    return _table(generations(before, after))


def _table(chosen: list[int]) -> NDArray[np.void]:
    return np.array([(word_of(each), float(each)) for each in chosen], GENERATION)


def stock(before: int, windows: int) -> list[int]:
    """Return the generations of the stock in custody, the latest first."""
    return list(range(-before - 1, -before - windows - 1, -1))


def table_of_stock(before: int, windows: int) -> NDArray[np.void]:
    """Return a `GENERATION` each of the stock, in order of their members' numbers."""
    return _table(stock(before, windows))


def word_of(generation: int) -> int:
    """Return what turns a key into that of a generation, by exclusive or."""
    if generation == COUNTED:
        return 0
    return _WARM_UP if generation == -1 else purpose(f"generation {generation}")


def name_of(generation: int) -> str:
    """Return what stands before the id of a member in the log."""
    if generation == COUNTED:
        return ""
    return "warm-up:" if generation == -1 else f"generation {generation:+d}:"
