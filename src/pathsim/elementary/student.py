"""The quantile of Student's t distribution: the same bits on every machine.

Abramowitz and Stegun, "Handbook of mathematical functions" (1964): the distribution at a whole
number of degrees of freedom is a finite sum (26.7.3 and 26.7.4), and its quantile is near a series
about the normal one where they are many (26.7.5).
"""

from __future__ import annotations

from functools import cache
from math import nan, pi, sqrt
from typing import Final

import numpy as np

from .arrays import Floats
from .normal import normal_quantile

MANY: Final = 1000
"""From so many degrees of freedom on the series is exact to the last places."""
_TERMS: Final = 20
"""Of the arc tangent's series, at numbers below 0.1."""


def student_quantile(degrees: Floats, p: float) -> Floats:
    """Return the quantiles at `p`, above 1/2, by degrees of freedom: whole; nan below 1."""
    return np.array([_quantile(int(each), p) if each >= 1 else nan for each in degrees.tolist()])


@cache
def _quantile(degrees: int, p: float) -> float:
    z = float(normal_quantile(p))
    if degrees >= MANY:
        return _near_normal(degrees, z)
    # The probability within -t and t rises ever less: Newton's steps from the normal quantile,
    # which lies below, rise to the root and stop there by rounding.
    t, then = 0.0, z
    while then > t:
        t = then
        within, density = _within(degrees, t)
        then = t + ((2.0 * p - 1.0) - within) / density
    return t


def _within(degrees: int, t: float) -> tuple[float, float]:
    """Return the probability between -t and t, and how fast it rises with t."""
    square = degrees / (degrees + t * t)
    cosine, sine = sqrt(square), t / sqrt(degrees + t * t)
    odd = degrees % 2
    term = cosine if odd else 1.0
    series = 0.0
    for k in range(2 + odd, degrees + 1, 2):
        series += term
        term *= square * (k - 1) / k
    within, density = sine * series, sqrt(degrees) * term * cosine
    if odd:
        angle = _arctan(t / sqrt(degrees))
        within, density = 2.0 / pi * (angle + within), 2.0 / pi * density
    return within, density


def _arctan(x: float) -> float:
    for _ in range(4):  # half the angle
        x = x / (1.0 + sqrt(1.0 + x * x))
    series = 0.0
    for k in range(2 * _TERMS + 1, 0, -2):
        series = 1.0 / k - x * x * series
    return 16.0 * x * series


def _near_normal(degrees: int, z: float) -> float:
    s = z * z
    terms = (
        (s + 1.0) / 4.0,
        ((5.0 * s + 16.0) * s + 3.0) / 96.0,
        (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0,
        ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92160.0,
    )
    found = 0.0
    for term in reversed(terms):
        found = (found + term) / degrees
    return z + z * found
