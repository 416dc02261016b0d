"""The natural logarithm and the exponential in plain arithmetic: the same bits on every machine.

A machine's own mathematics library rounds them as it likes, from one version to the next, and
NumPy's vectors by what the processor has. These are made of +, -, *, whole bits and tables, each
rounded once and none fused. `ln` and `exp` here are for arrays, of which what the engine reads is
made; the kernels have theirs, of the same parts, for single numbers
(`engine/kernels/elementary.py`).

After P. T. P. Tang, "Table-driven implementation of the exponential function in IEEE
floating-point arithmetic", ACM Transactions on Mathematical Software 15 (1989), 144-157, and
"... of the logarithm function ...", the same 16 (1990), 378-400. The tables are computed on import,
in decimal arithmetic, which has the same digits everywhere.
"""

from __future__ import annotations

import struct
from decimal import Context, Decimal
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arrays import Floats

_Number = Any
"""A number, as in kernels, or an array of them."""

STEP_BITS: Final = 7
_STEPS: Final = 1 << STEP_BITS
_DIGITS: Final = Context(prec=40)

FRACTION = np.uint64(52)
"""Bits of a number's fraction."""
FRACTION_MASK = np.uint64((1 << 52) - 1)
WHOLE = np.uint64(0x4330000000000000)
"""The word of 2^52: an integer in its fraction is added to it."""
BIAS = 1023.0
BIAS_BITS = np.uint64(1023)
ONE = np.uint64(0x3FF0000000000000)
FIRST = np.uint64(0x3FE6000000000000)
"""The words of 1 and of 11/16: a logarithm's argument is 2^k z, z from 11/16 to 11/8."""
STEP_SHIFT = np.uint64(52 - STEP_BITS)
STEP_MASK = np.uint64(_STEPS - 1)
ROUNDER = 1.5 * 2.0**52
"""Added to a number, it leaves the nearest integer in the fraction."""
LOWEST = -746.0
HIGHEST = 710.0
"""Beyond these the exponential is 0 and infinite."""


def _in_two(number: Decimal, places: int) -> tuple[float, float]:
    """Return a number as one of so many binary places and the small rest."""
    scale = 2**places
    high = int((number * scale).to_integral_value()) / scale
    return high, float(_DIGITS.subtract(number, Decimal(high)))


def _centre(step: int) -> float:
    """Return the middle of a step of z; 1 on both sides of 1, where logarithms are small."""
    low, high = (
        struct.unpack("d", struct.pack("Q", int(FIRST) + (k << int(STEP_SHIFT))))[0]
        for k in (step, step + 1)
    )
    return 1.0 if 1.0 in (low, high) else (low + high) / 2


def _logarithm_tables() -> tuple[Floats, ...]:
    centres = [_centre(step) for step in range(_STEPS)]
    inverses = [float(_DIGITS.divide(Decimal(1), Decimal(c))) for c in centres]
    high, low = zip(*(_in_two(_DIGITS.ln(Decimal(c)), 42) for c in centres), strict=True)
    return np.array(centres), np.array(inverses), np.array(high), np.array(low)


def _power_tables() -> tuple[Floats, ...]:
    """Return 2^(k / 128) as numbers and what they lack, by their own size."""
    exact = [_DIGITS.power(Decimal(2), Decimal(k) / _STEPS) for k in range(_STEPS)]
    near = [float(power) for power in exact]
    lack = [
        float(_DIGITS.divide(_DIGITS.subtract(power, Decimal(each)), power))
        for power, each in zip(exact, near, strict=True)
    ]
    return np.array(near), np.array(lack)


# High parts have so few places that what is added to or multiplied with them is exact.
LN2_HIGH, LN2_LOW = _in_two(_DIGITS.ln(Decimal(2)), 32)
STEP_HIGH, STEP_LOW = LN2_HIGH / _STEPS, LN2_LOW / _STEPS
STEPS_A_UNIT = float(_DIGITS.divide(Decimal(_STEPS), _DIGITS.ln(Decimal(2))))
CENTRE, INVERSE, LN_HIGH, LN_LOW = _logarithm_tables()
POWER, LACK = _power_tables()
_SMALLEST = 2.0**-1022


def ln_of_parts(r: _Number, k: _Number, high: _Number, low: _Number) -> _Number:
    """Return ln(2^k c (1 + r)), of which `high` + `low` is ln(c) and |r| at most 1/128."""
    square = r * r
    # ln(1 + r) - r, divided by r^2: the series.
    first = (-1.0 / 2.0 + r * (1.0 / 3.0)) + square * (-1.0 / 4.0 + r * (1.0 / 5.0))
    then = (-1.0 / 6.0 + r * (1.0 / 7.0)) + square * (-1.0 / 8.0)
    series = first + (square * square) * then
    whole = k * LN2_HIGH + high
    near = whole + r
    rest = ((whole - near) + r) + (k * LN2_LOW + low)
    return near + (rest + square * series)


def exp_of_parts(x: _Number, steps: _Number, power: _Number, lack: _Number) -> _Number:
    """Return e^x / 2^k for x = (k + j / 128) ln 2 + r: steps is 128 k + j.

    power: 2^(j / 128); lack: by what share of itself that is too small.
    """
    r = (x - steps * STEP_HIGH) - steps * STEP_LOW
    square = r * r
    low = r + square * (1.0 / 2.0 + r * (1.0 / 6.0))
    series = low + (square * square) * (1.0 / 24.0 + r * (1.0 / 120.0))
    return power + power * (lack + series)


def ln(x: ArrayLike) -> Floats:
    """Return the natural logarithms of numbers: -inf for 0, nan below.

    The bits are those of the kernels' `ln`; between 0 and 2^-1022, the logarithm of that.
    """
    numbers = np.asarray(x, np.float64)
    word = np.maximum(numbers, _SMALLEST).ravel().view(np.uint64) + (ONE - FIRST)
    k = ((word >> FRACTION) | WHOLE).view(np.float64) - (2.0**52 + BIAS)
    z = ((word & FRACTION_MASK) + FIRST).view(np.float64)
    step = (word >> STEP_SHIFT) & STEP_MASK
    r = (z - CENTRE[step]) * INVERSE[step]
    found = ln_of_parts(r, k, LN_HIGH[step], LN_LOW[step]).reshape(numbers.shape)
    at_the_ends = np.where(numbers == 0.0, -np.inf, np.where(numbers == np.inf, np.inf, np.nan))
    return np.where((numbers > 0.0) & (numbers < np.inf), found, at_the_ends)


def exp(x: ArrayLike) -> Floats:
    """Return e to the power of numbers, any; the bits are those of the kernels' `exp`."""
    numbers = np.asarray(x, np.float64)
    within = np.clip(numbers, LOWEST, HIGHEST).ravel()
    shifted = within * STEPS_A_UNIT + ROUNDER
    steps = shifted - ROUNDER
    word = shifted.view(np.int64) - np.float64(ROUNDER).view(np.int64)
    step = word & int(STEP_MASK)
    y = exp_of_parts(within, steps, POWER[step], LACK[step])
    k = word >> STEP_BITS
    half = k >> 1
    with np.errstate(over="ignore", under="ignore"):
        found = y * _two_to(half) * _two_to(k - half)
    return np.asarray(found.reshape(numbers.shape))


def _two_to(k: NDArray[np.int64]) -> Floats:
    return ((k + int(BIAS_BITS)) << int(FRACTION)).view(np.float64)


def logistic(x: ArrayLike) -> Floats:
    """Return 1 / (1 + e^-x)."""
    return np.asarray(1.0 / (1.0 + exp(-np.asarray(x, np.float64))))


def log_odds(p: ArrayLike) -> Floats:
    """Return ln(p / (1 - p)) of probabilities from 0 to 1, infinite at both ends."""
    shares = np.asarray(p, np.float64)
    return ln(shares) - ln(1.0 - shares)
