"""64-bit words: sets of small numbers kept in one, a bit each, and the words of floats."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from .jit import inline_helper

_ONE = np.uint64(1)


@inline_helper
def bit(number: int) -> np.uint64:
    """Return the word in which only the number's bit is set."""
    return _ONE << np.uint64(number)


@intrinsic
def lowest(_context: Any, _word: Any) -> Any:
    """Return the smallest number in a word that is not 0: one machine instruction."""

    def count_trailing_zeros(_: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        never_zero = ir.Constant(ir.IntType(1), 1)
        return builder.cttz(arguments[0], never_zero)

    return types.int64(types.uint64), count_trailing_zeros


@intrinsic
def size(_context: Any, _word: Any) -> Any:
    """Return how many numbers a word holds."""

    def count_ones(_: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), count_ones


@inline_helper
def without_lowest(word: np.uint64) -> np.uint64:
    """Return the word without its smallest number."""
    return word & (word - _ONE)


@inline_helper
def word_of(number: float) -> np.uint64:
    """Return the word that holds a float64."""
    return np.float64(number).view(np.uint64)


@inline_helper
def float_of(word: np.uint64) -> float:
    """Return the float64 that a word holds."""
    return np.uint64(word).view(np.float64)
