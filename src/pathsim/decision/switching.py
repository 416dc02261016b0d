"""Switching values: how far something may move before the verdict turns."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.optimize import brentq

from pathsim.arguments import plain_number
from pathsim.errors import InputError, Problem

_PARTS: Final = 64
"""Of the range, each of which is looked through for one crossing."""
_CLOSE: Final = 4.0 * float(np.finfo(np.float64).eps)
"""Relative, of the value found: as close as the root finder allows."""
_NOTHING: Final = 1e-9
"""What a net benefit of 0 may be, of that at the ends of the part. More is a jump."""


def switching_value(
    function: Callable[[float], float], low: float, high: float, *, near: float | None = None
) -> float:
    """Return the value of a parameter at which the net benefit is 0; nan if there is none.

    Put in, it gives 0. Of several the one nearest to `near` is returned: the first that is met on
    the way from where the parameter is thought to be. Two crossings within a 64th of the range are
    not seen. Nor is a jump over 0 a switching value, as nothing put in gives 0.
    Source: HM Treasury, The Green Book, on sensitivity analysis.

    function: net benefit in pounds by the value of the parameter. low, high: where to look, both
    included. near: from `low` to `high`; none: the lowest value is returned. Raises InputError.
    """
    low, high = _number(low, "low"), _number(high, "high")
    if not low < high:
        raise InputError(Problem("must be above low", key="high", found=high, allowed=f"> {low:g}"))
    centre = low if near is None else _number(near, "near")
    points = [float(each) for each in np.linspace(low, high, _PARTS + 1)]
    values = [float(function(point)) for point in points]
    found = [point for point, value in zip(points, values, strict=True) if value == 0.0]
    parts = zip(pairwise(points), pairwise(values), strict=True)
    found += [
        root
        for (start, end), (left, right) in parts
        if min(left, right) < 0.0 < max(left, right)
        and not math.isnan(root := _crossing(function, start, end, max(abs(left), abs(right))))
    ]
    return min(found, key=lambda each: abs(each - centre), default=math.nan)


def _crossing(function: Callable[[float], float], start: float, end: float, size: float) -> float:
    """Return the root between two values of unlike sign; nan if the function jumps over 0."""
    tolerance = max(_CLOSE * max(abs(start), abs(end)), float(np.finfo(np.float64).tiny))
    root = float(brentq(lambda each: float(function(each)), start, end, xtol=tolerance))
    return root if abs(function(root)) <= _NOTHING * size else math.nan


def _number(value: object, key: str) -> float:
    number = plain_number(value)
    if number is None or not math.isfinite(number):
        raise InputError(Problem("must be a finite number", key=key, found=value))
    return number
