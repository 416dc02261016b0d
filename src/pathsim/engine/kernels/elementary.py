"""The natural logarithm and the exponential in plain arithmetic: the same bits on every machine.

A machine's own mathematics library rounds them as it likes, from one version to the next.
These are made of +, -, *, whole bits and tables, each rounded once and none fused, and do
without branches, so that LLVM takes them into loops over several numbers at a time. Nor do
they divide: who waits for a draw waits half as long.

After P. T. P. Tang, "Table-driven implementation of the exponential function in IEEE
floating-point arithmetic", ACM Transactions on Mathematical Software 15 (1989), 144-157, and
"... of the logarithm function ...", the same 16 (1990), 378-400. The tables are computed on import,
in decimal arithmetic, which has the same digits everywhere.
"""

from __future__ import annotations

import struct
from decimal import Context, Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .bits import float_of, word_of
from .jit import inlined

_STEP_BITS: Final = 7
_STEPS: Final = 1 << _STEP_BITS
_DIGITS: Final = Context(prec=40)

_FRACTION = np.uint64(52)
"""Bits of a number's fraction."""
_FRACTION_MASK = np.uint64((1 << 52) - 1)
_WHOLE = np.uint64(0x4330000000000000)
"""The word of 2^52: an integer in its fraction is added to it."""
_BIAS = 1023.0
_BIAS_BITS = np.uint64(1023)
_ONE = np.uint64(0x3FF0000000000000)
_FIRST = np.uint64(0x3FE6000000000000)
"""The words of 1 and of 11/16: a logarithm's argument is 2^k z, z from 11/16 to 11/8."""
_STEP_SHIFT = np.uint64(52 - _STEP_BITS)
_STEP_MASK = np.uint64(_STEPS - 1)
_ROUNDER = 1.5 * 2.0**52
"""Added to a number, it leaves the nearest integer in the fraction."""
_LOWEST = -746.0
_HIGHEST = 710.0
"""Beyond these the exponential is 0 and infinite."""


def _in_two(number: Decimal, places: int) -> tuple[float, float]:
    """Return a number as one of so many binary places and the small rest."""
    scale = 2**places
    high = int((number * scale).to_integral_value()) / scale
    return high, float(_DIGITS.subtract(number, Decimal(high)))


def _centre(step: int) -> float:
    """Return the middle of a step of z; 1 on both sides of 1, where logarithms are small."""
    low, high = (
        struct.unpack("d", struct.pack("Q", int(_FIRST) + (k << int(_STEP_SHIFT))))[0]
        for k in (step, step + 1)
    )
    return 1.0 if 1.0 in (low, high) else (low + high) / 2


def _logarithm_tables() -> tuple[NDArray[np.float64], ...]:
    centres = [_centre(step) for step in range(_STEPS)]
    inverses = [float(_DIGITS.divide(Decimal(1), Decimal(c))) for c in centres]
    high, low = zip(*(_in_two(_DIGITS.ln(Decimal(c)), 42) for c in centres), strict=True)
    return np.array(centres), np.array(inverses), np.array(high), np.array(low)


def _power_tables() -> tuple[NDArray[np.float64], ...]:
    """Return 2^(k / 128) as numbers and what they lack, by their own size."""
    exact = [_DIGITS.power(Decimal(2), Decimal(k) / _STEPS) for k in range(_STEPS)]
    near = [float(power) for power in exact]
    lack = [
        float(_DIGITS.divide(_DIGITS.subtract(power, Decimal(each)), power))
        for power, each in zip(exact, near, strict=True)
    ]
    return np.array(near), np.array(lack)


# High parts have so few places that what is added to or multiplied with them is exact.
_LN2_HIGH, _LN2_LOW = _in_two(_DIGITS.ln(Decimal(2)), 32)
_STEP_HIGH, _STEP_LOW = _LN2_HIGH / _STEPS, _LN2_LOW / _STEPS
_STEPS_A_UNIT = float(_DIGITS.divide(Decimal(_STEPS), _DIGITS.ln(Decimal(2))))
_CENTRE, _INVERSE, _LN_HIGH, _LN_LOW = _logarithm_tables()
_POWER, _LACK = _power_tables()


@inlined
def ln(x: float) -> float:
    """Return the natural logarithm of `x`, finite and at least 2^-1022; error below 1 ulp."""
    word = word_of(x) + (_ONE - _FIRST)
    k = float_of((word >> _FRACTION) | _WHOLE) - (2.0**52 + _BIAS)
    z = float_of((word & _FRACTION_MASK) + _FIRST)
    step = (word >> _STEP_SHIFT) & _STEP_MASK
    r = (z - _CENTRE[step]) * _INVERSE[step]
    square = r * r
    # ln(1 + r) - r, divided by r^2: the series, as |r| is at most 1/128.
    low = (-1.0 / 2.0 + r * (1.0 / 3.0)) + square * (-1.0 / 4.0 + r * (1.0 / 5.0))
    high = (-1.0 / 6.0 + r * (1.0 / 7.0)) + square * (-1.0 / 8.0)
    series = low + (square * square) * high
    whole = k * _LN2_HIGH + _LN_HIGH[step]
    near = whole + r
    rest = ((whole - near) + r) + (k * _LN2_LOW + _LN_LOW[step])
    return near + (rest + square * series)


@inlined
def exp(x: float) -> float:
    """Return e to the power of `x`, any number; error below 1 ulp where that is not subnormal."""
    x = _LOWEST if x < _LOWEST else x
    x = _HIGHEST if x > _HIGHEST else x
    # x = (k + step / 128) ln 2 + r
    shifted = x * _STEPS_A_UNIT + _ROUNDER
    steps = shifted - _ROUNDER
    r = (x - steps * _STEP_HIGH) - steps * _STEP_LOW
    square = r * r
    low = r + square * (1.0 / 2.0 + r * (1.0 / 6.0))
    series = low + (square * square) * (1.0 / 24.0 + r * (1.0 / 120.0))
    word = word_of(shifted) - word_of(_ROUNDER)
    step = word & _STEP_MASK
    power = _POWER[step]
    y = power + power * (_LACK[step] + series)
    # 2^k in two factors, as k alone may be beyond the largest exponent.
    k = np.uint64(np.int64(word) >> _STEP_BITS)
    half = np.uint64(np.int64(k) >> 1)
    return y * _two_to(half) * _two_to(k - half)


@inlined
def _two_to(k: np.uint64) -> float:
    """Return 2 to the power of a signed integer from -1022 to 1023."""
    return float_of((k + _BIAS_BITS) << _FRACTION)
