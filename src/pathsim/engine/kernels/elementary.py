"""Natural logarithm and exponential in kernels: `pathsim.elementary.functions` for one number.

They do without branches, so that LLVM takes them into loops over several numbers at a time. Nor do
they divide: who waits for a draw waits half as long.
"""

from __future__ import annotations

import numpy as np

from pathsim.elementary.functions import (
    BIAS,
    BIAS_BITS,
    CENTRE,
    FIRST,
    FRACTION,
    FRACTION_MASK,
    HIGHEST,
    INVERSE,
    LACK,
    LN_HIGH,
    LN_LOW,
    LOWEST,
    ONE,
    POWER,
    ROUNDER,
    STEP_BITS,
    STEP_MASK,
    STEP_SHIFT,
    STEPS_A_UNIT,
    WHOLE,
    exp_of_parts,
    ln_of_parts,
)

from .jit import inline_helper
from .words import float_of, word_of

_ln_of_parts = inline_helper(ln_of_parts)
_exp_of_parts = inline_helper(exp_of_parts)


@inline_helper
def ln(x: float) -> float:
    """Return the natural logarithm of `x`, finite and at least 2^-1022; error below 1 ulp."""
    word = word_of(x) + (ONE - FIRST)
    k = float_of((word >> FRACTION) | WHOLE) - (2.0**52 + BIAS)
    z = float_of((word & FRACTION_MASK) + FIRST)
    step = (word >> STEP_SHIFT) & STEP_MASK
    r = (z - CENTRE[step]) * INVERSE[step]
    return _ln_of_parts(r, k, LN_HIGH[step], LN_LOW[step])


@inline_helper
def exp(x: float) -> float:
    """Return e to the power of `x`, any number; error below 1 ulp where that is not subnormal."""
    x = LOWEST if x < LOWEST else x
    x = HIGHEST if x > HIGHEST else x
    # x = (k + step / 128) ln 2 + r
    shifted = x * STEPS_A_UNIT + ROUNDER
    steps = shifted - ROUNDER
    word = word_of(shifted) - word_of(ROUNDER)
    step = word & STEP_MASK
    y = _exp_of_parts(x, steps, POWER[step], LACK[step])
    # 2^k in two factors, as k alone may be beyond the largest exponent.
    k = np.uint64(np.int64(word) >> STEP_BITS)
    half = np.uint64(np.int64(k) >> 1)
    return y * _two_to(half) * _two_to(k - half)


@inline_helper
def _two_to(k: np.uint64) -> float:
    """Return 2 to the power of a signed integer from -1022 to 1023."""
    return float_of((k + BIAS_BITS) << FRACTION)
