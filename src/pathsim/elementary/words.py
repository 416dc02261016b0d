"""Addressed random numbers: every draw is a function of where it belongs.

SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
generators", OOPSLA 2014) adds a constant to its state and mixes it, so its i-th
output can be had without the ones before. The i-th output of one stream is the
state of another. `nth` is for arrays here and, compiled, for single words in kernels
(`engine/kernels/random.py`).
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

import numpy as np

from .arrays import Floats, Places, Words
from .normal import normal_quantile
from .ordered import ranks

GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
MIX_2: Final = np.uint64(0x94D049BB133111EB)
ONE: Final = np.uint64(1)
SHIFT_1: Final = np.uint64(30)
SHIFT_2: Final = np.uint64(27)
SHIFT_3: Final = np.uint64(31)
SPARE_BITS: Final = np.uint64(12)
"""A uniform number is the middle of one of 2^52 cells: with 2^53 the last would round to 1."""
CELL: Final = 2.0**-52


def nth(state: Any, index: Any) -> Any:
    """Return output number `index` (from 0) of SplitMix64 started at `state`."""
    z = state + (index + ONE) * GOLDEN
    z = (z ^ (z >> SHIFT_1)) * MIX_1
    z = (z ^ (z >> SHIFT_2)) * MIX_2
    return z ^ (z >> SHIFT_3)


def purpose(name: str) -> int:
    """Return the 64-bit key of what a random number is for: a hash of its name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


class Draws:
    """The draws of things numbered from 0, such as people: by seed, purpose and number.

    No draw depends on what else is drawn, or on how many things there are.
    """

    def __init__(self, seed: int, about: str) -> None:
        """Make the draws under a seed; `about`: what tells them from other draws under it."""
        root = nth(_word(seed), _word(0))
        self._state = root + _word(purpose(about))

    def words(self, what: str, places: Places) -> Words:
        """Return a 64-bit word for each of the things at `places`."""
        found: Words = nth(nth(self._state, _word(purpose(what))), places.astype(np.uint64))
        return found

    def uniform(self, what: str, places: Places) -> Floats:
        """Return a uniform number in (0, 1) for each of the things at `places`."""
        return ((self.words(what, places) >> SPARE_BITS).astype(np.float64) + 0.5) * CELL

    def normal(self, what: str, places: Places) -> Floats:
        """Return a standard normal number for each of the things at `places`."""
        return normal_quantile(self.uniform(what, places))

    def order(self, what: str, places: Places) -> Places:
        """Return the place of each of the things in a random order of them all, from 0."""
        return ranks(self.words(f"{what}: order", places))

    def even(self, what: str, places: Places) -> Floats:
        """Return uniform numbers in random order, one in each of as many equal intervals."""
        return (self.order(what, places) + self.uniform(what, places)) / max(places.size, 1)


def _word(number: int) -> Words:
    # An array of one: NumPy warns when a lone word wraps round.
    return np.array([number % (1 << 64)], np.uint64)
