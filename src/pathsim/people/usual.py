"""Whether a column's numbers lie where they usually do, or are in another unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .columns import Column, Usual


_FEWEST: Final = 0.05
"""Of a column's numbers, fewer between 0 and 1 may be people of a very low risk."""
_APART: Final = 2.0
"""Times: between numbers of two kinds there is a gap, among those of one kind there is none."""

_UNKNOWN: Final = "is 0 written where nothing is known? leave those cells empty"
"""What many zeros probably are: no unit makes them right."""


def odd(column: Column, values: NDArray[np.float64]) -> str:
    """Return what is odd about a column's numbers (nan: empty) and the likely slip, or nothing."""
    given = np.sort(values[~np.isnan(values)])
    if len(given) == 0 or given[-1] == 0:
        return ""
    return next(_found(column, given), "") or _mixed(column, given)


def _found(column: Column, given: NDArray[np.float64]) -> Iterator[str]:
    for usual in column.usual:
        if len(given) < usual.rows:
            continue
        number = float(given[min(int(usual.quantile * len(given)), len(given) - 1)])
        if number < usual.low:
            yield _words(column, usual, number, usual.if_low if number else _UNKNOWN)
        elif number > usual.high:
            yield _words(column, usual, number, usual.if_high)


def _mixed(column: Column, given: NDArray[np.float64]) -> str:
    """Return what is odd where the numbers are of two kinds, one of them shares."""
    low, high = given[(given > 0) & (given < 1)], given[given >= 1]
    few = len(low) < max(2, _FEWEST * len(given))
    if not column.mixed or few or len(high) == 0 or high[0] < _APART * low[-1]:
        return ""
    parts = f"{len(low):,} lie from {low[0]:.4g} to {low[-1]:.4g}, the others from {high[0]:.4g} up"
    return f"{column.name}: {parts}; {column.mixed}"


def _words(column: Column, usual: Usual, number: float, slip: str) -> str:
    unit = f" {column.unit}" if column.unit else ""
    words = f"{column.name}: the {usual.name} is {number:.4g}{unit}, and is usually {usual.span}"
    return f"{words}; {slip}" if slip else words
