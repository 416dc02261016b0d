"""64-bit words: sets of small numbers kept in one, a bit each, and the words of floats."""

from __future__ import annotations

import numpy as np

from .jit import inline_helper

_ONE = np.uint64(1)


@inline_helper
def bit(number: int) -> np.uint64:
    """Return the word in which only the number's bit is set."""
    return _ONE << np.uint64(number)


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
