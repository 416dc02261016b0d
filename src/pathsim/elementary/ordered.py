"""Sums, ranks and interpolation in a fixed order: the same bits on every machine.

NumPy adds up in an order that depends on its version and on the layout of the array, Python's
`sum` of floats has been another since 3.12, and NumPy's sorts leave equal values in an order that
depends on the processor unless a stable sort is asked for. (`math.fsum` is rounded once, and so
may add up single numbers.)
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .arrays import Floats, Places

_WIDE: Final = 256
"""So many sums are added up faster a step at a time for all than one after another."""


def total(values: Floats) -> Floats:
    """Return the sums over the last axis, added from first to last."""
    if values.shape[-1] == 0:
        return np.zeros(values.shape[:-1])
    if values.ndim == 2 and values.shape[0] >= _WIDE and values.strides[0] < values.strides[1]:
        sums = values[:, 0] + 0.0
        for step in values.T[1:]:
            np.add(sums, step, out=sums)
        return sums + 0.0
    # NumPy's running sums are added in order; its sums are not. + 0.0: no negative zero.
    found: Floats = np.add.accumulate(values, axis=-1)[..., -1] + 0.0
    return found


def running(values: Floats) -> Floats:
    """Return the running sums over the last axis, added from first to last."""
    if values.ndim == 1:
        return np.array(list(accumulate(values.tolist())), np.float64)
    return np.stack(list(accumulate(np.moveaxis(values, -1, 0))), axis=-1)


def powers(ratio: float, count: int) -> Floats:
    """Return 1, ratio, ratio^2, ..., each the one before times the ratio."""
    return np.array(list(accumulate([1.0] + [ratio] * (count - 1), lambda x, y: x * y))[:count])


def ranks(values: NDArray[Any]) -> Places:
    """Return the rank of each value, from 0; equal values in the order in which they stand."""
    found = np.empty(values.size, np.intp)
    found[np.argsort(values, kind="stable")] = np.arange(values.size)
    return found


def interpolated(x: Floats, xs: Floats, ys: Floats) -> Floats:
    """Return the piecewise linear function through points, at numbers between its ends.

    xs: rising, two or more. NumPy's own may be compiled to round once where this rounds twice.
    """
    first = np.clip(np.searchsorted(xs, x, side="right") - 1, 0, len(xs) - 2)
    low, high = ys[first], ys[first + 1]
    return low + (high - low) * (x - xs[first]) / (xs[first + 1] - xs[first])
