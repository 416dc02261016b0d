"""Quantiles of the distributions: a draw is a monotone function of one uniform number."""

from __future__ import annotations

from typing import Any

import numpy as np

from .elementary import exp, ln
from .jit import apart, inlined

_A = (
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
    3.3430575583588128105e4, 2.5090809287301226727e3,
)  # fmt: skip
_B = (
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
    5.2264952788528545610e3,
)  # fmt: skip
_C = (
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
    3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4,
)  # fmt: skip
_D = (
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
)  # fmt: skip
_E = (
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7,
)  # fmt: skip
_F = (
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
)  # fmt: skip


@inlined
def _polynomial(c: tuple[float, ...], x: float) -> float:
    """Return c[0] + c[1] x + ... + c[7] x^7; in pairs, as one step in eight waits for another."""
    square = x * x
    low = (c[0] + c[1] * x) + (c[2] + c[3] * x) * square
    high = (c[4] + c[5] * x) + (c[6] + c[7] * x) * square
    return low + high * (square * square)


@inlined
def _ratio(top: tuple[float, ...], bottom: tuple[float, ...], x: float) -> float:
    return _polynomial(top, x) / _polynomial(bottom, x)


@inlined
def is_central(u: float) -> bool:
    """Return whether `central_quantile` holds at `u`, and not `tail_quantile`."""
    return abs(u - 0.5) <= 0.425


@inlined
def central_quantile(u: float) -> float:
    """Return the standard normal quantile at a `u` that is central."""
    q = u - 0.5
    return q * _ratio(_A, _B, 0.180625 - q * q)


@inlined
def tail_quantile(u: float) -> float:
    """Return the standard normal quantile at a `u` that is not central."""
    low = u < 0.5
    r = np.sqrt(-ln(u if low else 1.0 - u))
    z = _ratio(_C, _D, r - 1.6) if r <= 5.0 else _ratio(_E, _F, r - 5.0)
    return -z if low else z


@inlined
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile at `u` in (0, 1).

    Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), 477-484: PPND16,
    relative error about 1e-16.
    """
    return central_quantile(u) if is_central(u) else tail_quantile(u)


@inlined
def exponential(u: float) -> float:
    """Return the Exp(1) quantile at `1 - u`: -ln u."""
    return -ln(u)


@inlined
def lognormal(sigma: float, u: float) -> float:
    """Return the quantile at `u` of a lognormal distribution of median 1."""
    return exp(sigma * normal_quantile(u))


@inlined
def _triangular(low: float, mode: float, high: float, u: float) -> float:
    # Without a branch: which way it goes cannot be foretold.
    rises = u < (mode - low) / (high - low)
    share = u if rises else 1.0 - u
    side = mode - low if rises else high - mode
    away = np.sqrt(share * (high - low) * side)
    return low + away if rises else high - away


@inlined
def _empirical(knots: Any, first: int, count: int, u: float) -> float:
    i = first
    last = first + count - 2
    while i < last and knots[i + 1].p <= u:
        i += 1
    low, high = knots[i], knots[i + 1]
    return low.q + (high.q - low.q) * (u - low.p) / (high.p - low.p)


@apart
def quantity(distributions: Any, knots: Any, which: int, u: float) -> float:
    """Return the value of distribution number `which` at the uniform number `u`.

    Kinds are those of `contract.Kind`; an exponential and a Weibull fall with `u`
    (-ln u), the others rise.
    """
    d = distributions[which]
    kind = d.kind
    if kind == 0:
        return d.a
    if kind == 2:
        return d.a * exponential(u)
    if kind == 5:
        return d.a * lognormal(d.b, u)
    if kind == 3:
        return d.a + (d.b - d.a) * u
    if kind == 4:
        return _triangular(d.a, d.b, d.c, u)
    if kind == 6:
        # A power would be the machine's library's; this differs by about 1e-14 at most.
        return d.a * exp(ln(exponential(u)) / d.b)
    if kind == 7:
        return _empirical(knots, int(d.a), int(d.b), u)
    return np.inf
