"""Values of information in closed form, against which the estimators are checked.

They hold for two options whose difference in net benefit is normal, or linear in a share that has a
beta distribution; the other option is 0.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.integrate import quad
from scipy.special import betainc, betaln, gammaln, ndtr

_REACH = 40.0
"""Standard deviations beyond which nothing is left."""


def normal_gain(mean: float, sd: float) -> float:
    """Return E[max(X, 0)] - max(E[X], 0) for a normal X: the value of knowing it.

    That is sd times the unit normal loss at |mean| / sd (Raiffa and Schlaifer, 1961, 5.4).
    """
    if sd == 0.0:
        return 0.0
    z = abs(mean) / sd
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return sd * (density - z * float(ndtr(-z)))


def normal_study(mean: float, sd: float, *, size: float, prior_size: float) -> float:
    """Return the value of `size` observations of a normal X.

    prior_size: how many observations what is known already is worth: the variance of one over sd^2.
    """
    return normal_gain(mean, sd * math.sqrt(size / (size + prior_size)))


def best_of(options: int) -> float:
    """Return the mean of the largest of so many independent standard normal numbers.

    It is the EVPI of as many options with nothing between them, and what noise with a standard
    error of 1 in each of them would pass off as EVPI.
    """

    def above(x: float) -> float:
        return float(1.0 - ndtr(x) ** options - ndtr(-x) ** options)

    # E[max] = integral over x > 0 of P(max > x) - P(max < -x).
    return float(quad(above, 0.0, _REACH, epsabs=1e-12, limit=200)[0])


def beta_gain(a: float, b: float, *, slope: float, height: float) -> float:
    """Return the value of knowing p ~ Beta(a, b) where the difference is slope p + height."""
    mean = slope * a / (a + b) + height
    turn = -height / slope
    if not 0.0 < turn < 1.0:
        return 0.0
    below = float(betainc(a, b, turn)), float(betainc(a + 1.0, b, turn))
    share, part = (1.0 - below[0], 1.0 - below[1]) if slope > 0.0 else below
    return slope * a / (a + b) * part + height * share - max(mean, 0.0)


def beta_study(a: float, b: float, *, slope: float, height: float, size: int) -> float:
    """Return the value of seeing how many of `size` people have what p ~ Beta(a, b) have.

    How many do is beta-binomial; the mean is then slope (a + count) / (a + b + size) + height.
    """
    count = np.arange(size + 1.0)
    ways = gammaln(size + 1.0) - gammaln(count + 1.0) - gammaln(size - count + 1.0)
    chance = np.exp(ways + betaln(a + count, b + size - count) - betaln(a, b))
    then = slope * (a + count) / (a + b + size) + height
    return float(chance @ np.maximum(then, 0.0)) - max(slope * a / (a + b) + height, 0.0)
