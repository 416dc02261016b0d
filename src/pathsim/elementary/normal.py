"""The standard normal distribution and its quantile: the same bits on every machine.

Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), 477-484: PPND16, relative error about
1e-16. `normal_quantile` here is for arrays; the kernels have theirs, of the same parts, for single
numbers (`engine/kernels/sampling.py`).

`normal_below`: Hart and others, "Computer approximations" (1968), number 5666; absolute error
below 1e-15.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats
from .functions import exp, ln

_Number = Any
"""A number, as in kernels, or an array of them."""

CENTRAL_TOP = (
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
    3.3430575583588128105e4, 2.5090809287301226727e3,
)  # fmt: skip
CENTRAL_BOTTOM = (
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
    5.2264952788528545610e3,
)  # fmt: skip
TAIL_TOP = (
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
    3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4,
)  # fmt: skip
TAIL_BOTTOM = (
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
)  # fmt: skip
FAR_TOP = (
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7,
)  # fmt: skip
FAR_BOTTOM = (
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
)  # fmt: skip

_BELOW_TOP = (
    220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383, 6.37396220353165,
    0.700383064443688, 3.52624965998911e-2, 0.0,
)  # fmt: skip
_BELOW_BOTTOM = (
    440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674, 86.7807322029461,
    16.064177579207, 1.75566716318264, 8.83883476483184e-2,
)  # fmt: skip
_NOTHING_BEYOND: Final = 38.0
"""Of the normal distribution, in the numbers that there are."""

CENTRAL: Final = 0.425
"""Numbers so far from 1/2 are central; the rest are tails, of which the ends are far."""
CENTRAL_SHIFT: Final = 0.180625
TAIL_SHIFT: Final = 1.6
FAR: Final = 5.0


def polynomial(c: tuple[float, ...], x: _Number) -> _Number:
    """Return c[0] + c[1] x + ... + c[7] x^7; in pairs, as one step in eight waits for another."""
    square = x * x
    low = (c[0] + c[1] * x) + (c[2] + c[3] * x) * square
    high = (c[4] + c[5] * x) + (c[6] + c[7] * x) * square
    return low + high * (square * square)


def normal_quantile(u: ArrayLike) -> Floats:
    """Return the standard normal quantiles at numbers in (0, 1); the bits are the kernels'."""
    numbers = np.asarray(u, np.float64)
    q = numbers - 0.5
    central = q * _ratio(CENTRAL_TOP, CENTRAL_BOTTOM, CENTRAL_SHIFT - q * q)
    r = np.sqrt(-ln(np.where(q < 0.0, numbers, 1.0 - numbers)))
    tail = _ratio(TAIL_TOP, TAIL_BOTTOM, r - TAIL_SHIFT)
    far = _ratio(FAR_TOP, FAR_BOTTOM, r - FAR)
    size = np.where(r <= FAR, tail, far)
    return np.where(np.abs(q) <= CENTRAL, central, np.where(q < 0.0, -size, size))


def normal_below(x: ArrayLike) -> Floats:
    """Return the probabilities that a standard normal number is below numbers, any."""
    numbers = np.asarray(x, np.float64)
    size = np.minimum(np.abs(numbers), _NOTHING_BEYOND)
    beyond = exp(-0.5 * size * size) * _ratio(_BELOW_TOP, _BELOW_BOTTOM, size)
    return np.where(numbers > 0.0, 1.0 - beyond, beyond)


def _ratio(top: tuple[float, ...], bottom: tuple[float, ...], x: Floats) -> Floats:
    return np.asarray(polynomial(top, x) / polynomial(bottom, x))
