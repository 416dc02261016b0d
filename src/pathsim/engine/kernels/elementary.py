"""The natural logarithm and the exponential of `pathsim.elementary` for one number, in kernels.

They do without branches, so that LLVM takes them into loops over several numbers at a time. Nor do
they divide: who waits for a draw waits half as long.
"""

from __future__ import annotations

import numpy as np

from pathsim.elementary import (
    BIAS,
    BIAS_BITS,
    CENTRE,
    FIRST,
    FRACTION,
    FRACTION_MASK,
    HIGHEST,
    INVERSE,
    LACK,
    LN2_HIGH,
    LN2_LOW,
    LN_HIGH,
    LN_LOW,
    LOWEST,
    ONE,
    POWER,
    ROUNDER,
    STEP_BITS,
    STEP_HIGH,
    STEP_LOW,
    STEP_MASK,
    STEP_SHIFT,
    STEPS_A_UNIT,
    WHOLE,
)

from .bits import float_of, word_of
from .jit import inlined


@inlined
def ln(x: float) -> float:
    """Return the natural logarithm of `x`, finite and at least 2^-1022; error below 1 ulp."""
    word = word_of(x) + (ONE - FIRST)
    k = float_of((word >> FRACTION) | WHOLE) - (2.0**52 + BIAS)
    z = float_of((word & FRACTION_MASK) + FIRST)
    step = (word >> STEP_SHIFT) & STEP_MASK
    r = (z - CENTRE[step]) * INVERSE[step]
    square = r * r
    # ln(1 + r) - r, divided by r^2: the series, as |r| is at most 1/128.
    low = (-1.0 / 2.0 + r * (1.0 / 3.0)) + square * (-1.0 / 4.0 + r * (1.0 / 5.0))
    high = (-1.0 / 6.0 + r * (1.0 / 7.0)) + square * (-1.0 / 8.0)
    series = low + (square * square) * high
    whole = k * LN2_HIGH + LN_HIGH[step]
    near = whole + r
    rest = ((whole - near) + r) + (k * LN2_LOW + LN_LOW[step])
    return near + (rest + square * series)


@inlined
def exp(x: float) -> float:
    """Return e to the power of `x`, any number; error below 1 ulp where that is not subnormal."""
    x = LOWEST if x < LOWEST else x
    x = HIGHEST if x > HIGHEST else x
    # x = (k + step / 128) ln 2 + r
    shifted = x * STEPS_A_UNIT + ROUNDER
    steps = shifted - ROUNDER
    r = (x - steps * STEP_HIGH) - steps * STEP_LOW
    square = r * r
    low = r + square * (1.0 / 2.0 + r * (1.0 / 6.0))
    series = low + (square * square) * (1.0 / 24.0 + r * (1.0 / 120.0))
    word = word_of(shifted) - word_of(ROUNDER)
    step = word & STEP_MASK
    power = POWER[step]
    y = power + power * (LACK[step] + series)
    # 2^k in two factors, as k alone may be beyond the largest exponent.
    k = np.uint64(np.int64(word) >> STEP_BITS)
    half = np.uint64(np.int64(k) >> 1)
    return y * _two_to(half) * _two_to(k - half)


@inlined
def _two_to(k: np.uint64) -> float:
    """Return 2 to the power of a signed integer from -1022 to 1023."""
    return float_of((k + BIAS_BITS) << FRACTION)
