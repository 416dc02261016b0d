"""Quantiles of the distributions: a draw is a monotone function of one uniform number."""

from __future__ import annotations

from typing import Any

import numpy as np

from pathsim.elementary.normal import (
    CENTRAL,
    CENTRAL_BOTTOM,
    CENTRAL_SHIFT,
    CENTRAL_TOP,
    FAR,
    FAR_BOTTOM,
    FAR_TOP,
    TAIL_BOTTOM,
    TAIL_SHIFT,
    TAIL_TOP,
    polynomial,
)

from .elementary import exp, ln
from .jit import helper, inline_helper

_polynomial = inline_helper(polynomial)


@inline_helper
def _ratio(top: tuple[float, ...], bottom: tuple[float, ...], x: float) -> float:
    return _polynomial(top, x) / _polynomial(bottom, x)


@inline_helper
def is_central(u: float) -> bool:
    """Return whether `central_quantile` holds at `u`, and not `tail_quantile`."""
    return abs(u - 0.5) <= CENTRAL


@inline_helper
def central_quantile(u: float) -> float:
    """Return the standard normal quantile at a `u` that is central."""
    q = u - 0.5
    return q * _ratio(CENTRAL_TOP, CENTRAL_BOTTOM, CENTRAL_SHIFT - q * q)


@inline_helper
def tail_quantile(u: float) -> float:
    """Return the standard normal quantile at a `u` that is not central."""
    low = u < 0.5
    r = np.sqrt(-ln(u if low else 1.0 - u))
    z = (
        _ratio(TAIL_TOP, TAIL_BOTTOM, r - TAIL_SHIFT)
        if r <= FAR
        else _ratio(FAR_TOP, FAR_BOTTOM, r - FAR)
    )
    return -z if low else z


@inline_helper
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile at `u` in (0, 1)."""
    return central_quantile(u) if is_central(u) else tail_quantile(u)


@inline_helper
def exponential(u: float) -> float:
    """Return the Exp(1) quantile at `1 - u`: -ln u."""
    return -ln(u)


@inline_helper
def lognormal(sigma: float, u: float) -> float:
    """Return the quantile at `u` of a lognormal distribution of median 1."""
    return exp(sigma * normal_quantile(u))


@inline_helper
def _triangular(low: float, mode: float, high: float, u: float) -> float:
    # Without a branch: which way it goes cannot be foretold.
    rises = u < (mode - low) / (high - low)
    share = u if rises else 1.0 - u
    side = mode - low if rises else high - mode
    away = np.sqrt(share * (high - low) * side)
    return low + away if rises else high - away


@inline_helper
def _empirical(knots: Any, first: int, count: int, u: float) -> float:
    i = first
    last = first + count - 2
    while i < last and knots[i + 1].p <= u:
        i += 1
    low, high = knots[i], knots[i + 1]
    return low.q + (high.q - low.q) * (u - low.p) / (high.p - low.p)


@helper
def quantity(distributions: Any, knots: Any, which: int, u: float) -> float:
    """Return the value of distribution number `which` at the uniform number `u`.

    Kinds are those of `contract.DistributionKind`; an exponential and a Weibull fall with `u`
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
