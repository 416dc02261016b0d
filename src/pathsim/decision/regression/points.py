"""Inputs as points: without units, constants and repetition."""

from __future__ import annotations

import numpy as np

from pathsim.elementary.arrays import Floats

_SAME = 1e-8
"""Of a standardised input, the part that the others do not give, below which it is none."""


def points_of(inputs: Floats) -> Floats:
    """Return inputs, [D, P], as points [D, q]: each of mean 0 and spread 1.

    Left out are constants, and inputs that are sums of multiples of those before: they say nothing
    that is not said, and would change what a penalty costs.
    """
    kept: list[Floats] = []
    directions: list[Floats] = []
    for column in inputs.T:
        off = column - column.mean()
        spread = np.sqrt(np.mean(off * off))
        if spread <= _SAME * np.abs(column).max(initial=0.0):
            continue
        scaled = off / spread
        left = _beside(scaled, directions)
        size = np.sqrt(np.mean(left * left))
        if size > _SAME:
            kept.append(scaled)
            directions.append(left / size)
    return np.column_stack(kept) if kept else np.empty((len(inputs), 0))


def _beside(column: Floats, directions: list[Floats]) -> Floats:
    """Return what is left of a column beside orthonormal directions; twice, for the rounding."""
    for each in 2 * directions:
        column = column - np.mean(column * each) * each
    return column
