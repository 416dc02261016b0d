"""Whether predictions are right on the whole, and neither too bold nor too timid.

A logistic regression of who reoffends on the log odds of the prediction. Its slope is 1 and its
intercept 0 where predictions are right; a slope below 1 says that they lie too far apart. Held at a
slope of 1, the intercept says whether they are right on the whole. Cox, "Two further applications
of a model for binary regression", Biometrika 45 (1958), 562-565.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pathsim.elementary import ln, log_odds, logistic
from pathsim.elementary.ordered import total

from .shares import UNDEFINED, Z95, Interval, wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pathsim.elementary.arrays import Floats

_MOST_STEPS: Final = 50
_CLOSE: Final = 1e-10
_FARTHEST: Final = 30.0
"""A coefficient so far from 0 is on its way to infinity: nobody's outcome is in doubt."""
_ROUNDING: Final = 1e-9
"""Of a likelihood: so much less is none less."""
_NEVER_0: Final = 1e-300
_LEAST: Final = 1e-6
"""Predictions nearer to 0 or 1 count as this far from it: their log odds have no end."""


class Calibration(NamedTuple):
    """How predictions lie against what happened, each with its 95% interval."""

    ratio: Interval
    """Share who reoffended, over the mean prediction; the interval is that of the share."""
    in_the_large: Interval
    """Intercept at a slope of 1: by how much the log odds are higher than was predicted."""
    intercept: Interval
    """Intercept with the slope."""
    slope: Interval


def calibration(predicted: Floats, reoffended: NDArray[np.bool_]) -> Calibration:
    """Return how predictions lie against what happened.

    Not defined, where everybody or nobody reoffended, or predictions tell them apart perfectly.

    Examples
    --------
    >>> import numpy as np
    >>> from pathsim.outcomes.validation.calibration import calibration
    >>> predicted = np.repeat([0.2, 0.6], 50)
    >>> reoffended = np.r_[np.arange(50) < 10, np.arange(50) < 30]
    >>> found = calibration(predicted, reoffended)
    >>> round(found.slope.value, 6), round(found.ratio.value, 6)
    (1.0, 1.0)
    """
    y = reoffended.astype(np.float64)
    x = log_odds(np.clip(predicted, _LEAST, 1.0 - _LEAST))
    intercept, slope = _line(x, y)
    share = wilson(int(np.count_nonzero(reoffended)), len(reoffended))
    mean = float(total(predicted)) / len(predicted) if len(predicted) else math.nan
    ratio = Interval(*(end / mean for end in share)) if mean > 0.0 else UNDEFINED
    return Calibration(ratio, _level(x, y), intercept, slope)


def _level(x: Floats, y: Floats) -> Interval:
    """Return the intercept at a slope of 1, by Newton's steps."""
    level = 0.0
    for _ in range(_MOST_STEPS):
        p = logistic(level + x)
        information = float(total(p * (1.0 - p)))
        if information <= 0.0 or abs(level) > _FARTHEST:
            return UNDEFINED
        step = float(total(y - p)) / information
        level += max(-2.0, min(2.0, step))
        if abs(step) < _CLOSE:
            return _with_interval(level, 1.0 / information)
    return UNDEFINED


def _line(x: Floats, y: Floats) -> tuple[Interval, Interval]:
    """Return intercept and slope, by Newton's steps, halved while they lead away."""
    at = np.array([0.0, 1.0])
    for _ in range(_MOST_STEPS):
        p = logistic(at[0] + at[1] * x)
        w, rest = p * (1.0 - p), y - p
        a, b, c = (float(total(w * each)) for each in (np.ones_like(x), x, x * x))
        determinant = a * c - b * b
        if determinant <= _CLOSE * a * c or np.abs(at).max() > _FARTHEST:
            break
        g, h = float(total(rest)), float(total(rest * x))
        step = np.array([c * g - b * h, a * h - b * g]) / determinant
        if np.abs(step).max() < _CLOSE:
            return _with_interval(at[0], c / determinant), _with_interval(at[1], a / determinant)
        least = _likelihood(at, x, y) - _ROUNDING
        while _likelihood(at + step, x, y) < least:
            step = step / 2.0
        at = at + step
    return UNDEFINED, UNDEFINED


def _likelihood(at: Floats, x: Floats, y: Floats) -> float:
    """Return the logarithm of the likelihood."""
    z = at[0] + at[1] * x
    p, q = (np.clip(logistic(side), _NEVER_0, 1.0) for side in (z, -z))
    return float(total(y * ln(p) + (1.0 - y) * ln(q)))


def _with_interval(number: float, variance: float) -> Interval:
    value = float(number)
    wide = Z95 * math.sqrt(variance)
    return Interval(value, value - wide, value + wide)
