"""The natural logarithm and the exponential in plain arithmetic: the same bits on every machine.

A machine's own mathematics library rounds them as it likes, from one version to the next.
These are made of +, -, *, / and whole bits alone, each rounded once and none fused, and do
without branches, so that LLVM takes them into loops over several numbers at a time.

The formulas and their constants are those of e_log.c and e_exp.c in fdlibm 5.3. Copyright (C)
1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
business. Permission to use, copy, modify, and distribute this software is freely granted,
provided that this notice is preserved.
"""

from __future__ import annotations

import numpy as np

from .bits import float_of, word_of
from .jit import inlined

# ln 2 in two parts: up to a thousand times the first is exact.
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_INVERSE_LN2 = 1.44269504088896338700e00
_L1 = 6.666666666666735130e-01
_L2 = 3.999999999940941908e-01
_L3 = 2.857142874366239149e-01
_L4 = 2.222219843214978396e-01
_L5 = 1.818357216161805012e-01
_L6 = 1.531383769920937332e-01
_L7 = 1.479819860511658591e-01
_P1 = 1.66666666666666019037e-01
_P2 = -2.77777777770155933842e-03
_P3 = 6.61375632143793436117e-05
_P4 = -1.65339022054652515390e-06
_P5 = 4.13813679705723846039e-08

_FRACTION = np.uint64(52)
"""Bits of a number's fraction."""
_ONE = np.uint64(0x3FF0000000000000)
_ROOT_HALF = np.uint64(0x3FE6A09E667F3BCD)
"""The words of 1 and of the root of 1/2."""
_WHOLE = np.uint64(0x4330000000000000)
"""The word of 2^52: an integer in its fraction is added to it."""
_BIAS = 1023.0
_ROUNDER = 1.5 * 2.0**52
"""Added to a number, it leaves the nearest integer in the fraction."""
_BIAS_BITS = np.uint64(1023)
_LOWEST = -746.0
_HIGHEST = 710.0
"""Beyond these the exponential is 0 and infinite."""


@inlined
def ln(x: float) -> float:
    """Return the natural logarithm of `x`, finite and at least 2^-1022; error below 1 ulp."""
    # x = 2^k (1 + f), and 1 + f from the root of 1/2 to the root of 2.
    word = word_of(x) + (_ONE - _ROOT_HALF)
    k = float_of((word >> _FRACTION) | _WHOLE) - (2.0**52 + _BIAS)
    f = float_of((word & ((np.uint64(1) << _FRACTION) - np.uint64(1))) + _ROOT_HALF) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = z * (_L1 + w * (_L3 + w * (_L5 + w * _L7)))
    even = w * (_L2 + w * (_L4 + w * _L6))
    half_square = 0.5 * f * f
    rest = s * (half_square + (even + odd)) + k * _LN2_LOW
    return k * _LN2_HIGH - ((half_square - rest) - f)


@inlined
def exp(x: float) -> float:
    """Return e to the power of `x`, any number; error below 1 ulp where that is not subnormal."""
    x = _LOWEST if x < _LOWEST else x
    x = _HIGHEST if x > _HIGHEST else x
    # x = k ln 2 + (high - low), the rest within half of ln 2.
    shifted = x * _INVERSE_LN2 + _ROUNDER
    k = shifted - _ROUNDER
    high = x - k * _LN2_HIGH
    low = k * _LN2_LOW
    r = high - low
    t = r * r
    c = r - t * (_P1 + t * (_P2 + t * (_P3 + t * (_P4 + t * _P5))))
    y = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    # 2^k in two factors, as k alone may be beyond the largest exponent.
    power = word_of(shifted) - word_of(_ROUNDER)
    half = np.uint64(np.int64(power) >> 1)
    return y * _two_to(half) * _two_to(power - half)


@inlined
def _two_to(k: np.uint64) -> float:
    """Return 2 to the power of a signed integer from -1022 to 1023."""
    return float_of((k + _BIAS_BITS) << _FRACTION)
